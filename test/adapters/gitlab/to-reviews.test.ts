import { describe, expect, it } from 'vitest';
import { toReviews, type ReviewFacts } from '../../../src/adapters/gitlab/to-reviews.js';

const at = (minute: number) => new Date(Date.UTC(2026, 3, 17, 12, minute)).toISOString();
const FIRST = '1'.repeat(40);
const SECOND = '2'.repeat(40);

const facts: ReviewFacts = {
  approvals: [],
  reviewers: [],
  systemNotes: [],
  versions: [
    { head_commit_sha: SECOND, created_at: at(10) },
    { head_commit_sha: FIRST, created_at: at(0) },
  ],
  bots: new Set<string>(),
  page: 'https://gitlab.example.com/acme/config/-/merge_requests/7',
};
const alice = { username: 'alice' };
const bob = { username: 'bob' };
const note = (id: number, author: { username: string }, body: string, minute: number) => {
  return { id, author, body, created_at: at(minute) };
};

describe('approvals', () => {
  it.each([
    [0, FIRST],
    [9, FIRST],
    // A push in the same moment: not seen.
    [10, FIRST],
    [11, SECOND],
    [59, SECOND],
  ])('given at minute %i count for the version in force then', (minute, commit) => {
    const reviews = toReviews({ ...facts, approvals: [{ user: alice, approved_at: at(minute) }] }, 'lockkeeper');
    expect(reviews).toMatchObject([{ state: 'approved', commit, at: Date.parse(at(minute)) }]);
  });

  it('without a time of their own take that of the last note about it', () => {
    const systemNotes = [
      note(1, alice, 'approved this merge request', 2),
      note(2, alice, 'unapproved this merge request', 3),
      note(3, alice, 'approved this merge request', 11),
      note(4, bob, 'approved this merge request', 1),
    ];
    const reviews = toReviews({ ...facts, systemNotes, approvals: [{ user: alice }] }, 'lockkeeper');
    expect(reviews).toEqual([
      {
        person: { login: 'alice', kind: 'human' },
        state: 'approved',
        commit: SECOND,
        at: Date.parse(at(11)),
        url: `${facts.page}#note_3`,
      },
    ]);
  });

  it('whose time nobody knows are for no commit', () => {
    expect(toReviews({ ...facts, approvals: [{ user: alice }] }, 'lockkeeper')).toMatchObject([{ commit: null }]);
  });

  it('older than every version are for no commit', () => {
    const versions = [{ head_commit_sha: FIRST, created_at: at(5) }];
    const approvals = [{ user: alice, approved_at: at(4) }];
    expect(toReviews({ ...facts, versions, approvals }, 'lockkeeper')).toMatchObject([{ commit: null }]);
  });

  it('come in the order of time, whatever the order of the answer', () => {
    const approvals = [
      { user: alice, approved_at: at(20) },
      { user: bob, approved_at: at(1) },
    ];
    const logins = toReviews({ ...facts, approvals }, 'lockkeeper').map((review) => review.person.login);
    expect(logins).toEqual(['bob', 'alice']);
  });
});

describe('requested changes', () => {
  const reviewers = [{ user: alice, state: 'requested_changes', created_at: at(0) }];

  it('are for the version in force when they were requested', () => {
    const systemNotes = [note(1, alice, 'requested changes', 3)];
    expect(toReviews({ ...facts, reviewers, systemNotes }, 'lockkeeper')).toMatchObject([
      { state: 'changes-requested', commit: FIRST },
    ]);
  });
  it('stand for the newest version when nothing says when they were requested', () => {
    expect(toReviews({ ...facts, reviewers }, 'lockkeeper')).toMatchObject([{ commit: SECOND }]);
  });
  it('other states of reviewers are no review', () => {
    const states = ['unreviewed', 'reviewed', 'approved', 'review_started', 'unapproved'];
    const others = states.map((state) => ({ user: alice, state, created_at: at(0) }));
    expect(toReviews({ ...facts, reviewers: others }, 'lockkeeper')).toEqual([]);
  });
});
