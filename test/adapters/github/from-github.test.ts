import { describe, expect, it } from 'vitest';
import {
  checkFromRun,
  checkFromStatus,
  checkRunState,
  commentFrom,
  mergeabilityFrom,
  mergeByName,
  newestRuns,
  permissionFrom,
  personFrom,
  pullRequestFrom,
  reviewsFrom,
  type GithubCheckRun,
  type GithubPullRequest,
} from '../../../src/adapters/github/from-github.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];

const open: GithubPullRequest = {
  number: 7,
  html_url: 'https://github.com/acme/config/pull/7',
  title: 'Promote api',
  body: null,
  state: 'open',
  draft: false,
  user: { login: 'alice', type: 'User' },
  base: { ref: 'main', repo: { id: 1 } },
  head: { ref: 'work', sha: a, repo: { id: 1 } },
  merged_at: null,
  merge_commit_sha: b,
  mergeable: true,
  mergeable_state: 'clean',
  labels: [{ name: 'promotion' }],
  created_at: '2026-01-05T10:00:00Z',
  updated_at: '2026-01-05T10:00:05Z',
};

describe('a pull request', () => {
  it('does not name the test merge of an open one', () => {
    expect(pullRequestFrom(repository, open)).toEqual({
      repository,
      number: 7,
      url: 'https://github.com/acme/config/pull/7',
      title: 'Promote api',
      body: '',
      state: 'open',
      readiness: 'ready',
      author: { login: 'alice', kind: 'human' },
      base: 'main',
      head: { branch: 'work', sha: a, origin: 'same-repository' },
      mergeCommit: null,
      mergeability: 'mergeable',
      labels: ['promotion'],
      createdAt: Date.UTC(2026, 0, 5, 10),
      updatedAt: Date.UTC(2026, 0, 5, 10, 0, 5),
    });
  });

  it('is merged when it has a time of merging, whatever a listing leaves out', () => {
    const { mergeable: _mergeable, mergeable_state: _state, ...listed } = open;
    const merged = { ...listed, state: 'closed', merged_at: '2026-01-05T10:00:05Z' };
    expect(pullRequestFrom(repository, merged)).toMatchObject({
      state: 'merged',
      mergeCommit: b,
      mergeability: 'unknown',
    });
    expect(pullRequestFrom(repository, { ...listed, state: 'closed' })).toMatchObject({
      state: 'closed',
      mergeCommit: null,
    });
  });

  it.each([
    ['another repository', { id: 2 }],
    ['a deleted repository', null],
  ])('from %s is from a fork', (_name, repo) => {
    expect(pullRequestFrom(repository, { ...open, head: { ...open.head, repo } }).head.origin).toBe('fork');
  });

  it('shows a deleted author as GitHub does', () => {
    expect(pullRequestFrom(repository, { ...open, user: null }).author).toEqual({ login: 'ghost', kind: 'human' });
  });
});

describe('mergeability', () => {
  it.each([
    [null, 'unknown', 'unknown'],
    [undefined, undefined, 'unknown'],
    [true, undefined, 'unknown'],
    [true, 'unknown', 'unknown'],
    [false, 'dirty', 'conflict'],
    [null, 'dirty', 'conflict'],
    [true, 'blocked', 'blocked'],
    [true, 'behind', 'blocked'],
    [true, 'draft', 'blocked'],
    [true, 'unstable', 'mergeable'],
    [true, 'has_hooks', 'mergeable'],
    [true, 'clean', 'mergeable'],
  ] as const)('%s with %s is %s', (mergeable, state, expected) => {
    expect(mergeabilityFrom(mergeable, state)).toBe(expected);
  });
});

it('tells bots from people', () => {
  expect(personFrom({ login: 'lockkeeper[bot]', type: 'Bot' })).toEqual({ login: 'lockkeeper[bot]', kind: 'bot' });
  expect(personFrom({ login: 'alice', type: 'User' })).toEqual({ login: 'alice', kind: 'human' });
});

it('puts reviews in time order and leaves out those not submitted', () => {
  const review = (state: string, submitted_at?: string) => ({
    user: { login: 'bob', type: 'User' },
    state,
    commit_id: a,
    submitted_at,
    html_url: `https://github.com/acme/config/pull/7#${state}`,
  });
  const listed = [
    review('DISMISSED', '2026-01-05T10:00:03Z'),
    review('APPROVED', '2026-01-05T10:00:01Z'),
    review('PENDING'),
    review('CHANGES_REQUESTED', '2026-01-05T10:00:02Z'),
    review('COMMENTED', '2026-01-05T10:00:04Z'),
  ];
  const states = reviewsFrom(listed).map((one) => one.state);
  expect(states).toEqual(['approved', 'changes-requested', 'dismissed', 'commented']);
});

it('tells an edited comment by its times', () => {
  const comment = {
    id: 12,
    user: { login: 'bob', type: 'User' },
    body: '/plan',
    created_at: '2026-01-05T10:00:01Z',
    updated_at: '2026-01-05T10:00:01Z',
    html_url: 'https://github.com/acme/config/pull/7#issuecomment-12',
  };
  expect(commentFrom(comment)).toMatchObject({ id: '12', body: '/plan', revision: 'original' });
  expect(commentFrom({ ...comment, updated_at: '2026-01-05T10:00:02Z' }).revision).toBe('edited');
});

const run = (change: Partial<GithubCheckRun>): GithubCheckRun => ({
  id: 1,
  name: 'ci/build',
  status: 'completed',
  conclusion: 'success',
  external_id: null,
  app: { id: 1 },
  output: { title: null, summary: null },
  details_url: null,
  html_url: 'https://github.com/acme/config/runs/1',
  ...change,
});

describe('checks', () => {
  it.each([
    ['queued', null, 'pending'],
    ['in_progress', null, 'pending'],
    ['waiting', null, 'pending'],
    ['completed', null, 'pending'],
    ['completed', 'success', 'success'],
    ['completed', 'neutral', 'neutral'],
    ['completed', 'skipped', 'neutral'],
    ['completed', 'failure', 'failure'],
    ['completed', 'cancelled', 'failure'],
    ['completed', 'timed_out', 'failure'],
    ['completed', 'action_required', 'failure'],
    ['completed', 'stale', 'failure'],
    ['completed', 'startup_failure', 'failure'],
    ['completed', 'of a later year', 'failure'],
  ])('%s and %s is %s', (status, conclusion, expected) => {
    expect(checkRunState({ status, conclusion })).toBe(expected);
  });

  it('takes the newest run of each App and name', () => {
    const runs = [
      run({ id: 3, conclusion: 'success' }),
      run({ id: 2, conclusion: 'failure' }),
      run({ id: 1, conclusion: 'failure', app: { id: 2 } }),
    ];
    expect(newestRuns(runs).map((one) => one.id)).toEqual([3, 1]);
  });

  it('lets no source hide what another says under the same name', () => {
    const merged = mergeByName([
      checkFromRun(run({ conclusion: 'success' })),
      checkFromStatus({ context: 'ci/build', state: 'error', description: null, target_url: null }),
      checkFromRun(run({ name: 'a', status: 'queued', conclusion: null })),
      checkFromStatus({ context: 'a', state: 'success', description: 'Good', target_url: null }),
    ]);
    expect(merged.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'pending'],
      ['ci/build', 'failure'],
    ]);
  });
});

it.each([
  [{ permission: 'write', role_name: 'maintain' }, 'maintain'],
  [{ permission: 'read', role_name: 'triage' }, 'triage'],
  [{ permission: 'admin', role_name: 'admin' }, 'admin'],
  [{ permission: 'write', role_name: 'release-crew' }, 'write'],
  [{ permission: 'read' }, 'read'],
  [{ permission: 'none', role_name: '' }, 'none'],
  [{ permission: 'of a later year' }, 'none'],
])('%o is %s', (answer, expected) => {
  expect(permissionFrom(answer)).toBe(expected);
});
