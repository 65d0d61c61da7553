import { describe, expect, it, test } from 'vitest';
import type { LeaveReason } from '../core/queue/leave-reason.js';
import { leaveText } from './leave-text.js';
import { blockers } from './testing/blockers.js';

test.each<[LeaveReason, string]>([
  [{ kind: 'merged-or-closed' }, 'it was merged or closed'],
  [{ kind: 'head-moved' }, 'a new commit was pushed'],
  [{ kind: 'taken-out', by: 'alice' }, '`alice` took it out'],
  [{ kind: 'conflict' }, 'it conflicts with the target branch (rebase it or merge the target branch into it)'],
  [
    { kind: 'not-allowed', reason: 'Review required\nby @acme/sre.' },
    'the forge does not allow the merge: Review required by @\u200bacme/sre',
  ],
  [
    { kind: 'behind', reason: 'GitHub does not update it: a <b>rule</b>' },
    'it is behind the target branch, and GitHub does not update it: a &lt;b\\>rule&lt;/b\\>',
  ],
  [
    { kind: 'only-rebase' },
    'it is behind the target branch, and the project merges only what is up to date: rebase it (comment `/rebase`), then put it into the queue again; with `queue: { rebase: if-needed }` in `.lockkeeper.yaml` this is done for you',
  ],
  [
    { kind: 'culprit', number: 5, commit: 'abcdef0123', failed: [], suspects: [4, 5] },
    'required checks fail once it is merged into the target branch as it is now, and without it #4 passes (see the checks of abcdef0)',
  ],
  [
    { kind: 'culprit', number: 5, commit: 'abcdef0123', failed: ['ci/a', 'ci/b'], suspects: [5] },
    'required checks fail once it is merged into the target branch as it is now (`ci/a` and `ci/b` of abcdef0 failed)',
  ],
  [
    { kind: 'culprit', number: 5, commit: null, failed: [], suspects: [5] },
    'required checks fail once it is merged into the target branch as it is now',
  ],
])('%o', (why, words) => {
  expect(leaveText('github', why)).toBe(words);
});

test('what was in the way may have ended since, and what still runs was not it', () => {
  expect(leaveText('github', { kind: 'blocked', blockers: blockers.slice(9, 12) })).toBe(
    '`alice` held it: load \\*test\\*, `alice` held it and prod was frozen by `bob` until 1970-01-02 00:00 UTC: end of year',
  );
  expect(leaveText('github', { kind: 'blocked', blockers: blockers.slice(6, 8) })).toBe(
    'it conflicts with the target branch (rebase it or merge the target branch into it)',
  );
});

describe('leaveText', () => {
  it('names pull requests as the forge does', () => {
    const why = { kind: 'culprit', number: 5, commit: null, failed: [], suspects: [3, 4, 5] } as const;
    expect(leaveText('gitlab', why)).toContain('without it !3 and !4 pass');
  });

  it('stays short, whatever is in the way', () => {
    expect(leaveText('github', { kind: 'blocked', blockers: [...blockers, ...blockers] }).length).toBeLessThan(500);
    expect(leaveText('github', { kind: 'not-allowed', reason: 'x'.repeat(5000) }).length).toBeLessThan(500);
  });
});
