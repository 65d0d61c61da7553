import { describe, expect, it } from 'vitest';
import { methodObstacle } from '../../../src/adapters/gitlab/merge-method.js';
import { mergeOutcome, type MergeAnswer } from '../../../src/adapters/gitlab/merge-outcome.js';
import { toMergeability, toPullRequest, type MergeRequestFacts } from '../../../src/adapters/gitlab/to-pull-request.js';

const HEAD = '1'.repeat(40);
const OTHER = '2'.repeat(40);
const MERGED = '3'.repeat(40);
const SQUASHED = '4'.repeat(40);

const open: MergeRequestFacts = {
  iid: 7,
  web_url: 'https://gitlab.example.com/acme/config/-/merge_requests/7',
  title: 'Promote api to test',
  description: null,
  state: 'opened',
  draft: false,
  author: { username: 'alice' },
  target_branch: 'main',
  source_branch: 'promote',
  source_project_id: 1,
  target_project_id: 1,
  sha: HEAD,
  merge_commit_sha: null,
  squash_commit_sha: null,
  detailed_merge_status: 'mergeable',
  labels: ['promotion'],
  created_at: '2026-04-17T12:00:00.000Z',
  updated_at: '2026-04-17T14:00:00.000+02:00',
};
const accepted: MergeAnswer = { kind: 'accepted' };
const lost: MergeAnswer = { kind: 'lost' };
const refused = (status: number): MergeAnswer => ({ kind: 'refused', status, words: 'Branch cannot be merged' });

describe('after asking for a merge', () => {
  it.each([accepted, lost, refused(405), refused(409)])('merged is merged, whatever the answer was: %j', (answer) => {
    const merged = { ...open, state: 'merged', merge_commit_sha: MERGED, squash_commit_sha: SQUASHED };
    expect(mergeOutcome(merged, HEAD, answer)).toEqual({ kind: 'merged', commit: MERGED });
  });
  it('a fast-forward puts the squashed commit, or the head itself, on the branch', () => {
    const squashed = { ...open, state: 'merged', squash_commit_sha: SQUASHED };
    expect(mergeOutcome(squashed, HEAD, accepted)).toEqual({ kind: 'merged', commit: SQUASHED });
    expect(mergeOutcome({ ...open, state: 'merged' }, HEAD, accepted)).toEqual({ kind: 'merged', commit: HEAD });
  });
  it('another head has moved, merged or not', () => {
    expect(mergeOutcome({ ...open, sha: OTHER }, HEAD, refused(409))).toEqual({ kind: 'head-moved', head: OTHER });
    const merged = { ...open, sha: OTHER, state: 'merged', merge_commit_sha: MERGED };
    expect(mergeOutcome(merged, HEAD, refused(405))).toEqual({ kind: 'head-moved', head: OTHER });
  });
  it('a 200 that merged nothing is not yet', () => {
    expect(mergeOutcome(open, HEAD, accepted)).toMatchObject({ kind: 'not-yet' });
    expect(mergeOutcome({ ...open, state: 'locked' }, HEAD, lost)).toMatchObject({ kind: 'not-yet' });
  });
  it('a lost answer about a merge request that stands as before tells nothing', () => {
    expect(mergeOutcome(open, HEAD, lost)).toBeNull();
  });
  it('closed is not allowed', () => {
    expect(mergeOutcome({ ...open, state: 'closed' }, HEAD, refused(405))).toMatchObject({ kind: 'not-allowed' });
  });
  it.each([401, 403])('%i is about the bot, whatever else stands in the way', (status) => {
    expect(mergeOutcome(open, HEAD, refused(status))).toEqual({
      kind: 'not-allowed',
      reason: 'GitLab does not let the bot merge into main.',
    });
  });
  it.each([
    ['conflict', 'conflict'],
    ['need_rebase', 'behind'],
    ['checking', 'not-yet'],
    ['unchecked', 'not-yet'],
    ['ci_still_running', 'not-yet'],
    ['mergeable', 'not-yet'],
    ['ci_must_pass', 'not-allowed'],
    ['not_approved', 'not-allowed'],
    ['draft_status', 'not-allowed'],
    ['a status of next year', 'not-allowed'],
  ])('a 405, 406 or 422 with %s is %s', (detailed, kind) => {
    for (const status of [405, 406, 422]) {
      const mr = { ...open, detailed_merge_status: detailed };
      expect(mergeOutcome(mr, HEAD, refused(status))).toMatchObject({ kind });
    }
  });
});

describe('the method is a setting of the project', () => {
  it.each([
    ['merge', 'merge', 'default_off', 'possible'],
    ['merge', 'rebase_merge', 'default_on', 'possible'],
    ['merge', 'ff', 'default_off', 'obstacle'],
    ['merge', 'merge', 'always', 'obstacle'],
    ['squash', 'merge', 'default_off', 'possible'],
    ['squash', 'ff', 'always', 'possible'],
    ['squash', 'merge', 'never', 'obstacle'],
    ['rebase', 'ff', 'default_off', 'possible'],
    ['rebase', 'merge', 'default_off', 'obstacle'],
    ['rebase', 'ff', 'always', 'obstacle'],
  ] as const)('%s on %s with squashing %s: %s', (method, mergeMethod, squashOption, expected) => {
    const obstacle = methodObstacle(method, { merge_method: mergeMethod, squash_option: squashOption });
    expect(obstacle === null ? 'possible' : 'obstacle').toBe(expected);
  });
});

describe('a merge request as a pull request', () => {
  const repository = { forge: 'gitlab', path: 'acme/config' } as const;

  it('in our words', () => {
    expect(toPullRequest(open, repository, 'lockkeeper')).toEqual({
      repository,
      number: 7,
      url: open.web_url,
      title: 'Promote api to test',
      body: '',
      state: 'open',
      readiness: 'ready',
      author: { login: 'alice', kind: 'human' },
      base: 'main',
      head: { branch: 'promote', sha: HEAD, origin: 'same-repository' },
      mergeCommit: null,
      mergeability: 'mergeable',
      labels: ['promotion'],
      createdAt: Date.UTC(2026, 3, 17, 12),
      updatedAt: Date.UTC(2026, 3, 17, 12),
    });
  });
  it.each([2, null])('from project %j into project 1 is from a fork', (source) => {
    const pullRequest = toPullRequest({ ...open, source_project_id: source }, repository, 'lockkeeper');
    expect(pullRequest.head.origin).toBe('fork');
  });
  it('locked is still open, a draft is a draft', () => {
    const pullRequest = toPullRequest({ ...open, state: 'locked', draft: true }, repository, 'lockkeeper');
    expect(pullRequest).toMatchObject({ state: 'open', readiness: 'draft' });
  });
  it('gives back what the bot wrote, and what people wrote as it is', () => {
    const body = (username: string) =>
      toPullRequest({ ...open, author: { username }, description: '\\/merge' }, repository, 'lockkeeper').body;
    expect(body('lockkeeper')).toBe('/merge');
    expect(body('alice')).toBe('\\/merge');
  });
  it.each([
    ['lockkeeper', 'bot'],
    ['project_12_bot_0a1b2c', 'bot'],
    ['project_12_bot', 'bot'],
    ['group_3_bot_ffee', 'bot'],
    ['service_account_group_3_abc', 'bot'],
    ['project_12_bottle', 'human'],
    ['robot', 'human'],
  ])('%s is a %s', (username, kind) => {
    expect(toPullRequest({ ...open, author: { username } }, repository, 'lockkeeper').author.kind).toBe(kind);
  });
  it.each([
    ['preparing', 'unknown'],
    ['broken_status', 'conflict'],
    ['ci_must_pass', 'blocked'],
    ['a status of next year', 'blocked'],
  ])('%s is %s', (status, mergeability) => {
    expect(toMergeability(status)).toBe(mergeability);
  });
});
