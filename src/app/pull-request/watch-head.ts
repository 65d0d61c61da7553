/** Tells when a plan in the making is no longer wanted, because its pull request's head moved or it was closed. */
import type { PullRequest } from '../../core/forge-objects.js';
import { forgeOf, type App } from '../app.js';

interface HeadWatch {
  /** Given once the plan is no longer wanted. */
  readonly signal: AbortSignal;
  /** Resolves when nothing is asked of the forge any more. */
  stop(): Promise<void>;
}

/** Between two looks at the forge, in ms: other work of this process may come often. */
const SPACING = 1_000;
/** News that reached another process is seen by looking this often, in ms. */
const INTERVAL = 10_000;

/** Looks whenever there is news of anything, a little apart, and every few seconds. */
export function watchHead(app: App, pullRequest: PullRequest): HeadWatch {
  const ended = new AbortController();
  let looking: Promise<void> | null = null;
  let again: NodeJS.Timeout | null = null;
  let state: 'free' | 'resting' | 'stopped' = 'free';
  const look = async (): Promise<void> => {
    if (!(await isWanted(app, pullRequest))) ended.abort();
  };
  const onNews = (): void => {
    if (state !== 'free' || ended.signal.aborted) return;
    state = 'resting';
    looking = look();
    again = setTimeout(() => {
      if (state === 'resting') state = 'free';
    }, SPACING);
  };
  const unsubscribe = app.queue.onWork(onNews);
  const interval = setInterval(onNews, INTERVAL);
  return {
    signal: ended.signal,
    async stop() {
      state = 'stopped';
      unsubscribe();
      clearInterval(interval);
      if (again !== null) clearTimeout(again);
      await looking;
    },
  };
}

async function isWanted(app: App, { repository, number, head }: PullRequest): Promise<boolean> {
  try {
    const now = await forgeOf(app, repository).pullRequests.read(repository, number);
    return now !== null && now.state === 'open' && now.head.sha === head.sha;
  } catch (cause) {
    // Not known: the plan is made to its end, and is not shown if it is of another head.
    app.log.info({ err: cause }, 'Could not see whether a plan is still wanted');
    return true;
  }
}
