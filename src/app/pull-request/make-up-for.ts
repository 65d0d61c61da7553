/** What was put off is not lost: its pull request is attended to again once the forge takes more. */
import type { CommentPlace, Written } from '../../ports/pull-requests.js';
import { enqueue, type App } from '../app.js';

/** By then something else may be to be said: that is said instead. */
export async function makeUpFor(
  app: Pick<App, 'queue'>,
  { repository, number }: CommentPlace,
  written: Written,
): Promise<void> {
  if (written.kind === 'put-off') await enqueue(app, { kind: 'attend', repository, number }, written.until);
}
