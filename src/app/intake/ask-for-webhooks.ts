/** Has forges send again what they sent and the bot did not take, where they keep a log of it. Lost webhooks that are in no log are found by sweeps. */
import type { UntakenWebhook } from '../../ports/forge.js';
import type { App } from '../app.js';

/** GitHub keeps its log for three days. */
const LOG_REACHES_BACK = 3 * 24 * 60 * 60 * 1000;
/** What is answered just now may still be in the log as it was. */
const SETTLING = 60_000;
/** In one go: the next one asks for the rest. */
const MOST_AT_ONCE = 100;
/** What was refused so often will be refused again. */
const MOST_ATTEMPTS = 5;

/**
 * Safe to repeat: what the inbox holds is not asked for, and a webhook that comes twice is a duplicate there. Returns how many were asked for.
 */
export async function askForWebhooks(app: App): Promise<number> {
  let asked = 0;
  for (const { kind, sentWebhooks } of Object.values(app.forges)) {
    if (sentWebhooks === undefined) continue;
    const now = app.clock.now();
    const untaken = await sentWebhooks.untaken(now - LOG_REACHES_BACK);
    for (const webhook of untaken.filter((each) => each.at <= now - SETTLING)) {
      if (asked === MOST_AT_ONCE) return asked;
      if (webhook.attempts >= MOST_ATTEMPTS || (await app.inbox.find(kind, webhook.delivery)) !== null) continue;
      await sentWebhooks.sendAgain(webhook);
      note(app, webhook);
      asked += 1;
    }
  }
  return asked;
}

function note(app: App, { delivery, event, attempts }: UntakenWebhook): void {
  app.log.info({ delivery, event, attempts }, 'Asked the forge to send a webhook again that had not been taken');
}
