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

/**
 * After a start one looks, for webhooks may have been lost while no process was there. Where that was done just before, in ms, by another
 * process or by this one before it was restarted, it is done this much later: what was lost since is found then.
 */
const FIRST_INTERVAL = 30_000;
/** Between two looks into the forge's own log of webhooks, after that of the start. */
const ASK_INTERVAL = 60 * 60 * 1000;

/** Of several processes one sweeps, at every interval. A sweep that fails is tried again sooner. */
export function startSweeps(
  app: App,
  turns: Turns,
  { sweepInterval: interval, keepDeliveries }: Pick<BotSettings, 'sweepInterval' | 'keepDeliveries'>,
): Sweeps {
  let last = forge('failing', 'It has not been reached yet.');
  let timer: NodeJS.Timeout | null = null;
  let state: 'running' | 'stopped' = 'running';
  const first = Math.min(FIRST_INTERVAL, interval / 2);
  let within = first;
  let looks: 'at-start' | 'after-start' | 'regularly' = 'at-start';
  let askWithin = FIRST_INTERVAL;
  const run = async (): Promise<void> => {
    const { kind, part } = await sweepInTurn(app, { turns, within, askWithin, keepDeliveries });
    last = part;
    if (kind !== 'failed') askWithin = ASK_INTERVAL;
    looks = kind === 'done-lately' && looks === 'at-start' ? 'after-start' : 'regularly';
    // A tenth less than the interval: a turn must not be missed for timers that are not exact.
    const pause = looks === 'after-start' ? first : interval;
    within = kind === 'failed' ? 0 : pause * 0.9;
    if (state === 'stopped') return;
    timer = setTimeout(() => void run(), kind === 'failed' ? Math.min(pause, RETRY) : pause);
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

interface Swept {
  readonly kind: 'swept' | 'done-lately' | 'failed';
  readonly part: ReadinessPart;
}

const forge = (state: ReadinessPart['state'], detail: string): ReadinessPart => ({ name: 'forge', state, detail });

async function sweepInTurn(
  app: App,
  options: {
    readonly turns: Turns;
    readonly within: number;
    readonly askWithin: number;
    readonly keepDeliveries: number;
  },
): Promise<Swept> {
  try {
    if ((await options.turns.take('sweep', options.within)) === 'done-lately')
      return { kind: 'done-lately', part: forge('ready', 'A sweep was made lately.') };
    await sweepAll(app);
    await app.inbox.forget(app.clock.now() - options.keepDeliveries);
    await askInTurn(app, options.turns, options.askWithin);
    return { kind: 'swept', part: forge('ready', 'Every forge answered the last sweep.') };
  } catch (cause) {
    app.log.warn({ err: cause }, 'A sweep failed; it is tried again soon');
    return {
      kind: 'failed',
      part: forge('failing', 'The last sweep could not reach a forge; the log says why.'),
    };
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
