/** Turns recorded deliveries into jobs. */
import { nudges, type Event } from '../../core/event.js';
import type { ForgeKind } from '../../core/ids.js';
import type { Delivery } from '../../ports/store.js';
import { enqueue, type App } from '../app.js';

/**
 * Enqueues what a recorded delivery asks to be looked at. It stays `waiting` in the inbox until every job is enqueued, so that a crash in
 * between is made good at the next start; a bump stays so until it was carried out.
 */
export async function takeUpDelivery(app: Pick<App, 'queue' | 'inbox'>, delivery: Delivery): Promise<void> {
  const subjects = nudges(delivery.event);
  for (const subject of subjects) await enqueue(app, subject);
  if (delivery.event.kind !== 'bump')
    await app.inbox.settle(
      delivery.source,
      delivery.id,
      `nudged ${subjects.map((each) => each.kind).join(', ') || 'nothing'}`,
    );
}

/** At start: whatever an earlier process recorded and did not finish. Forges that are no longer configured are left waiting. */
export async function recoverDeliveries(app: App): Promise<void> {
  const waiting = (await app.inbox.waiting()).filter((delivery) =>
    forgesOf(delivery.event).every((kind) => app.forges[kind] !== undefined),
  );
  for (const delivery of waiting) await takeUpDelivery(app, delivery);
  if (waiting.length > 0)
    app.log.info({ deliveries: waiting.length }, 'Took up deliveries that an earlier run had not finished');
}

function forgesOf(event: Event): readonly ForgeKind[] {
  return event.kind === 'repositories' ? event.repositories.map((each) => each.forge) : [event.repository.forge];
}

/** Looks at every repository of every forge: at start and periodically, so that lost webhooks are made good. */
export async function sweepAll(app: App): Promise<void> {
  for (const forge of Object.values(app.forges)) {
    for (const repository of await forge.repositories.list()) {
      await enqueue(app, { kind: 'look', repository });
    }
  }
}
