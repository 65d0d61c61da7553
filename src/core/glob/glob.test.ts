import fc from 'fast-check';
import { minimatch } from 'minimatch';
import { describe, expect, it } from 'vitest';
import { compileGlob, compileGlobs } from './glob.js';

describe('a glob', () => {
  it.each([
    ['README.md', ['README.md'], ['docs/README.md', 'README.md2']],
    ['apps/**', ['apps/a', 'apps/a/b/.c'], ['apps', 'app/a']],
    ['**/*.yaml', ['a.yaml', 'x/y/.a.yaml'], ['a.yml', 'a.yaml/b']],
    ['apps/*/envs/prod/**', ['apps/a/envs/prod/x/y'], ['apps/a/b/envs/prod/x', 'apps/envs/prod/x']],
    ['**/prod/*', ['prod/a', 'x/prod/a'], ['prod/a/b', 'xprod/a']],
    ['{a,b/c}/x{1,2}', ['a/x1', 'b/c/x2'], ['b/x1', 'a/x3']],
    ['v[0-9].?', ['v1.x'], ['vx.1', 'v1./']],
    ['release-*', ['release-1.2'], ['release-1/x']],
  ])('%s', (glob, matching, other) => {
    expect(matching.filter((name) => !compileGlob(glob)(name))).toEqual([]);
    expect(other.filter((name) => compileGlob(glob)(name))).toEqual([]);
  });

  it('matches as minimatch does', () => {
    const part = fc.constantFrom('a', 'ab', '*', '**', 'a*', '*b', '?', 'a?b', '{a,ab}', '[a-b]', '.a');
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const name = fc.constantFrom('a', 'ab', 'b', 'axb', '.a');
    const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'));
    fc.assert(
      fc.property(glob, path, (pattern, text) => {
        expect([pattern, text, compileGlob(pattern)(text)]).toEqual([
          pattern,
          text,
          minimatch(text, pattern, { dot: true }),
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no time to speak of on what was made to take long', () => {
    const evil = compileGlob('**/a*a*a*a*a*a*b');
    expect(evil(`${'a'.repeat(2000)}/${'a'.repeat(2000)}`)).toBe(false);
  });

  it('is one of several', () => {
    expect(['a', 'b', 'c'].map(compileGlobs(['a', 'c']))).toEqual([true, false, true]);
  });
});
