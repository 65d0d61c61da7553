/** What GitHub says to "update branch" when it does not do it: https://docs.github.com/en/rest/pulls/pulls#update-a-pull-request-branch */
import type { UpdateOutcome } from '../../ports/pull-requests.js';
import { isGithubFailure, wordsOf } from './errors.js';

/** Null: it is no refusal of this pull request but a failure. */
export function updateRefusal(error: unknown): UpdateOutcome | null {
  if (!isGithubFailure(error) || error.status !== 422) return null;
  const words = wordsOf(error);
  if (/expected.head.sha/i.test(words)) return { kind: 'head-moved' };
  if (/merge conflict/i.test(words)) return { kind: 'conflict' };
  // It is up to date by now.
  if (/no new commits/i.test(words)) return { kind: 'asked' };
  return { kind: 'not-allowed', reason: `GitHub does not update it: ${words}` };
}
