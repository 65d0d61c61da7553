import { expect, it } from 'vitest';
import { decideMergeOutcome, type MergeAnswer } from '../../../src/adapters/github/merge-outcome.js';
import type { PullRequest } from '../../../src/core/forge-objects.js';
import type { MergeRequest } from '../../../src/ports/pull-requests.js';

const [head, other, commit] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const repository = { forge: 'github', path: 'acme/config' } as const;
const request: MergeRequest = { repository, number: 7, expectedHead: head, method: 'squash', title: 't', message: 'm' };
const open: PullRequest = {
  repository,
  number: 7,
  url: '',
  title: '',
  body: '',
  state: 'open',
  readiness: 'ready',
  author: { login: 'alice', kind: 'human' },
  base: 'main',
  head: { branch: 'work', sha: head, origin: 'same-repository' },
  mergeCommit: null,
  mergeability: 'mergeable',
  labels: [],
  createdAt: 0,
  updatedAt: 0,
};
const merged = { ...open, state: 'merged', mergeCommit: commit } as const;
const answer = (status: number, words: string): MergeAnswer => ({ status, words });

it.each<[string, PullRequest, MergeAnswer | null, object | null]>([
  ['a 200 that merged', merged, answer(200, 'Pull Request successfully merged'), { kind: 'merged', commit }],
  ['a 200 that has not merged', open, answer(200, 'Pull Request successfully merged'), { kind: 'not-yet' }],
  [
    'a 405 after somebody else merged the same head',
    merged,
    answer(405, 'Pull Request is not mergeable'),
    { kind: 'merged' },
  ],
  ['no answer, and it is merged', merged, null, { kind: 'merged', commit }],
  ['no answer, and it is open', open, null, null],
  [
    'merged, but another head',
    { ...merged, head: { ...open.head, sha: other } },
    null,
    { kind: 'head-moved', head: other },
  ],
  ['merged, without a commit yet', { ...merged, mergeCommit: null }, null, { kind: 'not-yet' }],
  ['closed', { ...open, state: 'closed' }, answer(405, 'Pull Request is not mergeable'), { kind: 'not-allowed' }],
  [
    'a 409 with another head',
    { ...open, head: { ...open.head, sha: other } },
    answer(409, 'x'),
    { kind: 'head-moved', head: other },
  ],
  [
    'a 409 with our head',
    open,
    answer(409, 'Head branch was modified. Review and try the merge again.'),
    { kind: 'not-yet' },
  ],
  [
    'a 405: the base moved',
    open,
    answer(405, 'Base branch was modified. Review and try the merge again.'),
    { kind: 'not-yet' },
  ],
  [
    'a 405: a conflict',
    { ...open, mergeability: 'conflict' },
    answer(405, 'Pull Request is not mergeable'),
    { kind: 'conflict' },
  ],
  ['a 405: a conflict by its words', open, answer(405, 'Merge conflict'), { kind: 'conflict' }],
  [
    'a 405: still computing',
    { ...open, mergeability: 'unknown' },
    answer(405, 'Pull Request is not mergeable'),
    { kind: 'not-yet' },
  ],
  [
    'a 405: a draft',
    { ...open, readiness: 'draft' },
    answer(405, 'Pull Request is still a draft'),
    { kind: 'not-allowed' },
  ],
  [
    'a 405: protection',
    { ...open, mergeability: 'blocked' },
    answer(405, 'Pull Request is not mergeable'),
    { kind: 'not-allowed' },
  ],
  [
    'a 405: a required check, while mergeability is unknown',
    { ...open, mergeability: 'unknown' },
    answer(405, 'Required status check "ci/build" is expected.'),
    { kind: 'not-allowed', reason: 'Required status check "ci/build" is expected.' },
  ],
  [
    'a 405: the method',
    open,
    answer(405, 'Squash merges are not allowed on this repository.'),
    { kind: 'not-allowed' },
  ],
  [
    'a 405: the head is behind',
    { ...open, mergeability: 'blocked' },
    answer(405, 'The head branch is not up to date with the base branch.'),
    { kind: 'behind' },
  ],
  ['a 409: a ruleset', open, answer(409, 'Repository rule violations found'), { kind: 'not-allowed' }],
])('%s', (_name, after, given, expected) => {
  const outcome = decideMergeOutcome(request, after, given);
  if (expected === null) expect(outcome).toBeNull();
  else expect(outcome).toMatchObject(expected);
});
