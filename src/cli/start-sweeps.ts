/** Sweeps at start and periodically, and remembers for `/readyz` whether the forges could be reached. */
import { askForWebhooks } from '../app/intake/ask-for-webhooks.js';
import { sweepAll } from '../app/intake/take-up-delivery.js';
import type { App } from '../app/app.js';
import type { Turns } from '../ports/store.js';
import type { ReadinessPart } from '../server/server-options.js';
import type { BotSettings } from './settings.js';

export interface Sweeps {
  readiness(): Promise<readonly ReadinessPart[]>;
  stop(): void;
}

/** After a start one looks, unless another process has just done so: webhooks may have been lost while none was there. */
const FIRST_INTERVAL = 30_000;
/** Between two looks into the forge's own log of webhooks, after that of the start. */
const ASK_INTERVAL = 60 * 60 * 1000;

/** Of several processes one sweeps, at every interval. A sweep that fails is tried again sooner. */
export function startSweeps(
  app: App,
  turns: Turns,
  { sweepInterval: interval, keepDeliveries }: Pick<BotSettings, 'sweepInterval' | 'keepDeliveries'>,
): Sweeps {
  let last: ReadinessPart = { name: 'forge', state: 'failing', detail: 'It has not been reached yet.' };
  let timer: NodeJS.Timeout | null = null;
  let state: 'running' | 'stopped' = 'running';
  let within = Math.min(FIRST_INTERVAL, interval / 2);
  let askWithin = FIRST_INTERVAL;
  const run = async (): Promise<void> => {
    last = await sweepInTurn(app, { turns, within, askWithin, keepDeliveries });
    if (last.state === 'ready') askWithin = ASK_INTERVAL;
    // A tenth less than the interval: a turn must not be missed for timers that are not exact.
    within = last.state === 'ready' ? interval * 0.9 : 0;
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

async function sweepInTurn(
  app: App,
  options: {
    readonly turns: Turns;
    readonly within: number;
    readonly askWithin: number;
    readonly keepDeliveries: number;
  },
): Promise<ReadinessPart> {
  try {
    if ((await options.turns.take('sweep', options.within)) === 'done-lately')
      return { name: 'forge', state: 'ready', detail: 'Another process has swept lately.' };
    await sweepAll(app);
    await app.inbox.forget(app.clock.now() - options.keepDeliveries);
    await askInTurn(app, options.turns, options.askWithin);
    return { name: 'forge', state: 'ready', detail: 'Every forge answered the last sweep.' };
  } catch (cause) {
    app.log.warn({ err: cause }, 'A sweep failed; it is tried again soon');
    return { name: 'forge', state: 'failing', detail: 'The last sweep could not reach a forge; the log says why.' };
  }
}

/** What fails here is no reason to sweep again sooner. */
async function askInTurn(app: App, turns: Turns, within: number): Promise<void> {
  try {
    if ((await turns.take('ask-for-webhooks', within)) === 'taken') await askForWebhooks(app);
  } catch (cause) {
    app.log.warn(
      { err: cause },
      'The forge could not be asked for webhooks that were not taken; sweeps find what they told',
    );
  }
}
