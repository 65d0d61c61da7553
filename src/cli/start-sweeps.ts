/** Sweeps at start and periodically, and remembers for `/readyz` whether the forges could be reached. */
import { sweepAll } from '../app/take-up-delivery.js';
import type { App } from '../app/app.js';
import type { ReadinessPart } from '../server/server-options.js';

export interface Sweeps {
  readiness(): Promise<readonly ReadinessPart[]>;
  stop(): void;
}

/** Settled deliveries are kept this long, in ms: forges redeliver within days. */
const KEEP_DELIVERIES = 30 * 24 * 60 * 60 * 1000;

/** `interval`: in ms. A sweep that fails is tried again sooner. */
export function startSweeps(app: App, interval: number): Sweeps {
  let last: ReadinessPart = { name: 'forge', state: 'failing', detail: 'It has not been reached yet.' };
  let timer: NodeJS.Timeout | null = null;
  let state: 'running' | 'stopped' = 'running';
  const run = async (): Promise<void> => {
    last = await sweepOnce(app);
    if (state === 'stopped') return;
    timer = setTimeout(() => void run(), last.state === 'ready' ? interval : Math.min(interval, RETRY));
  };
  void run();
  return {
    readiness: () => Promise.resolve([last]),
    stop: () => {
      state = 'stopped';
      if (timer !== null) clearTimeout(timer);
    },
  };
}

const RETRY = 5000;

async function sweepOnce(app: App): Promise<ReadinessPart> {
  try {
    await sweepAll(app);
    await app.inbox.forget(app.clock.now() - KEEP_DELIVERIES);
    return { name: 'forge', state: 'ready', detail: 'Every forge answered the last sweep.' };
  } catch (cause) {
    app.log.warn({ err: cause }, 'A sweep failed; it is tried again soon');
    return { name: 'forge', state: 'failing', detail: 'The last sweep could not reach a forge; the log says why.' };
  }
}
