/** Has the queue looked at whenever one leaves it: the others have other places then, and its batch may be for nobody. */
import type { RepositoryId } from '../../core/ids.js';
import type { StickyState } from '../../core/standing/sticky-state.js';
import { enqueue, type App } from '../app.js';

/** In ms. A round may ask for the very attempt that failed: what fails for a while must not be tried without a pause. */
const IN_CASE = 60_000;

interface TicketChange {
  readonly repository: RepositoryId;
  /** What stands in the comment; null where there is none. */
  readonly before: Pick<StickyState, 'ticket'> | null;
  readonly after: Pick<StickyState, 'ticket'>;
}

/** `write`: writes the comment. Who dies right after it would leave nobody who knows of it, so a round is asked for before, too. */
export async function tellWhoWaitsBehind<T>(
  app: Pick<App, 'queue' | 'clock'>,
  change: TicketChange,
  write: () => Promise<T>,
): Promise<T> {
  const { repository, before, after } = change;
  const wasQueued = before !== null && before.ticket !== null;
  if (!wasQueued || after.ticket !== null) return write();
  await enqueue(app, { kind: 'merge-queue', repository }, app.clock.now() + IN_CASE);
  const written = await write();
  await enqueue(app, { kind: 'merge-queue', repository });
  return written;
}
