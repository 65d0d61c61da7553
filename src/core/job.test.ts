import { expect, test } from 'vitest';
import { nudges, type Event } from './event.js';
import type { RepositoryId } from './ids.js';
import { laneAndKey } from './job.js';

const repository: RepositoryId = { forge: 'github', path: 'acme/config' };
const request = { image: 'a', tag: '1', digest: null, source: null };

test.each<[Event, string[]]>([
  [{ kind: 'pull-request', repository, number: 7 }, ['github:acme/config attend:7']],
  [{ kind: 'discussion', repository, number: 7 }, ['github:acme/config attend:7']],
  [{ kind: 'push', repository, branch: 'main', after: 'a' }, ['github:acme/config attend-branch:main']],
  [
    { kind: 'push', repository, branch: 'gh-readonly-queue/main/pr-7-abcdef1', after: 'a' },
    ['github:acme/config merge-group:gh-readonly-queue/main/pr-7-abcdef1'],
  ],
  [{ kind: 'checks', repository, sha: 'abc' }, ['github:acme/config attend-commit:abc']],
  [
    { kind: 'rerun', repository, sha: 'abc', numbers: [7, 8] },
    ['github:acme/config#7 plan', 'github:acme/config#8 plan', 'github:acme/config attend-commit:abc'],
  ],
  [{ kind: 'bump', repository, request }, ['github:acme/config bump']],
  [
    { kind: 'repositories', repositories: [repository, { ...repository, forge: 'gitlab' }] },
    ['github:acme/config sweep', 'gitlab:acme/config sweep'],
  ],
  [{ kind: 'repositories', repositories: [] }, []],
])('%j nudges %j', (event, expected) => {
  expect(
    nudges(event)
      .map(laneAndKey)
      .map(({ lane, key }) => `${lane} ${key}`),
  ).toEqual(expected);
});

test('only plans and comparisons of policies run beside the lane', () => {
  const lanes = (['merge-queue', 'promote', 'bump', 'sweep'] as const).map((kind) => laneAndKey({ kind, repository }));
  expect(lanes.map(({ lane }) => lane)).toEqual(Array(4).fill('github:acme/config'));
  expect(new Set(lanes.map(({ key }) => key)).size).toBe(4);
  expect(laneAndKey({ kind: 'plan', repository, number: 7 })).toEqual({ lane: 'github:acme/config#7', key: 'plan' });
  // One after the other in a repository, and never before a plan.
  expect([7, 8].map((number) => laneAndKey({ kind: 'compare-policy', repository, number }))).toEqual([
    { lane: 'github:acme/config#policy', key: 'compare-policy:7' },
    { lane: 'github:acme/config#policy', key: 'compare-policy:8' },
  ]);
  expect(laneAndKey({ kind: 'presume', repository, branch: 'main', entries: [] })).toEqual({
    lane: 'github:acme/config#presumed',
    key: 'presume:main',
  });
});
