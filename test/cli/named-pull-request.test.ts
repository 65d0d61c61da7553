/** How a pull request is named on a command line, and on which forge that is. */
import { describe, expect, it } from 'vitest';
import { findRepository } from '../../src/cli/policy/find-repository.js';
import { parsePullRequest } from '../../src/cli/policy/named-pull-request.js';

describe('a pull request is named', () => {
  it.each<[string, string | null, object]>([
    ['acme/config#12', null, { forge: 'github', path: 'acme/config', number: 12 }],
    ['group/sub/project!7', null, { forge: 'gitlab', path: 'group/sub/project', number: 7 }],
    ['12', 'acme/config', { forge: null, path: 'acme/config', number: 12 }],
    ['#12', 'acme/config', { forge: 'github', number: 12 }],
    ['!12', 'group/sub/project', { forge: 'gitlab', path: 'group/sub/project', number: 12 }],
    ['https://github.com/acme/config/pull/12/files', null, { forge: 'github', path: 'acme/config', number: 12 }],
    ['https://git.test/a/b/c/-/merge_requests/3#note_1', null, { forge: 'gitlab', path: 'a/b/c', number: 3 }],
  ])('%s (in %s)', (text, repository, named) => {
    expect(parsePullRequest(text, repository)).toMatchObject({ kind: 'pull-request', ...named });
  });

  it.each(['policy.yaml', './tests/12.yaml', 'acme/config', 'tests/#x/a.yaml'])('%s is a file', (text) => {
    expect(parsePullRequest(text, null)).toEqual({ kind: 'no-pull-request' });
  });

  it.each([
    ['12', null, 'Say which repository 12 is in, such as --repository acme/config.'],
    ['12', './somewhere', 'Say which repository 12 is in'],
    ['acme/config#', null, '“” is no number of a pull request. A pull request is written acme/config#12'],
    ['acme/config#x', null, '“x” is no number'],
    ['acme/config#0', null, '“0” is no number'],
    ['acme/config#99999999999999999999', null, 'is no number'],
    ['https://github.com/acme/config/issues/12', null, 'is no address of a pull request'],
    ['https://[', null, 'is no address of a pull request'],
  ])('%s (in %s) is said to be wrong', (text, repository, message) => {
    const named = parsePullRequest(text, repository);
    expect(named.kind === 'malformed' && named.message).toContain(message);
  });
});

describe('it is on', () => {
  const auth = { kind: 'token', token: 't' } as const;
  const github = { auth, webhookSecret: 's', apiUrl: null };
  const gitlab = { url: 'https://git.test/git', token: 't', webhookSecret: 's', signingToken: null };
  const find = (text: string, forges: Parameters<typeof findRepository>[1]) => {
    const named = parsePullRequest(text, 'acme/config');
    return named.kind === 'pull-request' ? findRepository(named, forges) : named.kind;
  };

  it.each([
    ['12', { github, gitlab: null }, { forge: 'github', path: 'acme/config' }],
    ['12', { github: null, gitlab }, { forge: 'gitlab', path: 'acme/config' }],
    ['!12', { github, gitlab }, { forge: 'gitlab', path: 'acme/config' }],
    ['https://github.com/a/b/pull/1', { github, gitlab }, { forge: 'github', path: 'a/b' }],
    // Below a path, which the address alone does not tell.
    ['https://git.test/git/a/b/c/-/merge_requests/1', { github, gitlab }, { forge: 'gitlab', path: 'a/b/c' }],
    [
      'https://ghe.test/a/b/pull/1',
      { github: { ...github, apiUrl: 'https://ghe.test/api/v3' }, gitlab: null },
      { forge: 'github', path: 'a/b' },
    ],
  ])('%s with %j', (text, forges, repository) => {
    expect(find(text, forges)).toEqual(repository);
  });

  it.each([
    ['12', { github, gitlab }, 'GitHub and GitLab are both set'],
    ['!12', { github, gitlab: null }, 'That names a pull request of GitLab, but only GitHub is set.'],
    ['a/b#1', { github: null, gitlab }, 'That names a pull request of GitHub, but only GitLab is set.'],
    ['https://ghe.test/a/b/pull/1', { github, gitlab: null }, 'is elsewhere than https://github.com'],
    ['https://git.test/a/-/merge_requests/1', { github: null, gitlab }, 'is elsewhere than https://git.test/git'],
  ])('no place: %s', (text, forges, message) => {
    expect(find(text, forges)).toContain(message);
  });
});
