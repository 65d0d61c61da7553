import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { bumpBranch, promotionBranch, pullRequestKind } from './branch-names.js';
import type { PullRequest } from './forge-objects.js';

const nasty = fc
  .array(
    fc.constantFrom(
      '.',
      '..',
      '/',
      '.lock',
      '@',
      '@{',
      '-',
      '~',
      '^',
      ':',
      '?',
      '*',
      '[',
      '\\',
      ' ',
      '\0',
      '\n',
      '\u007f',
      '%',
      '%2e',
      'a',
      'A',
      'é',
      '💥',
      '\ud800',
      'HEAD',
      '_',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const name = fc.oneof(nasty, fc.string());

test.each([
  [promotionBranch({ app: 'api', env: 'test' }), 'lockkeeper/promote/test/api'],
  [bumpBranch('dev'), 'lockkeeper/bump/dev'],
  [bumpBranch('a b/c'), 'lockkeeper/bump/a%20b%2fc'],
  [bumpBranch('.x..y.lock'), 'lockkeeper/bump/%2ex%2e%2ey%2e%6c%6f%63%6b'],
  [bumpBranch(''), 'lockkeeper/bump/%'],
])('%s', (branch, expected) => {
  expect(branch).toBe(expected);
});

/** Half a surrogate pair has no bytes of its own. */
const wellFormed = (text: string) => new TextDecoder().decode(new TextEncoder().encode(text));

describe('branches of any name', () => {
  it('are legal to git', () => {
    const branches = fc.sample(fc.tuple(name, name), 150).map(([app, env]) => promotionBranch({ app, env }));
    const refused = branches.filter(
      (branch) => spawnSync('git', ['check-ref-format', '--branch', branch]).status !== 0,
    );
    expect(refused).toEqual([]);
    expect(spawnSync('git', ['check-ref-format', '--branch', 'lockkeeper/bump/a..b']).status).not.toBe(0);
  });

  it('differ where names differ', () => {
    fc.assert(
      fc.property(name, name, name, name, (a, b, c, d) => {
        const same = wellFormed(a) === wellFormed(c) && wellFormed(b) === wellFormed(d);
        expect(promotionBranch({ app: a, env: b }) === promotionBranch({ app: c, env: d })).toBe(same);
        expect(bumpBranch(a) === bumpBranch(c)).toBe(wellFormed(a) === wellFormed(c));
      }),
      { numRuns: 1000 },
    );
  });
});

const self = { login: 'keeper[bot]', kind: 'bot' } as const;
test.each([
  ['lockkeeper/promote/test/api', 'keeper[bot]', 'same-repository', 'promotion'],
  ['lockkeeper/bump/dev', 'keeper[bot]', 'same-repository', 'bump'],
  ['lockkeeper/bump/dev', 'mallory', 'same-repository', 'other'],
  ['lockkeeper/bump/dev', 'keeper[bot]', 'fork', 'other'],
  ['lockkeeper/else', 'keeper[bot]', 'same-repository', 'other'],
  ['feature/lockkeeper/bump/dev', 'keeper[bot]', 'same-repository', 'other'],
] as const)('%s of %s from %s is %s', (branch, login, origin, kind) => {
  const pullRequest = { author: { login, kind: 'human' }, head: { branch, origin, sha: '' } } as unknown as PullRequest;
  expect(pullRequestKind(pullRequest, self)).toBe(kind);
});
