/** Turns deliveries into jobs. */
import { nudges, type Event } from '../../core/event.js';
import type { ForgeKind } from '../../core/ids.js';
import { laneAndKey } from '../../core/job.js';
import type { Delivery, DeliveryWork } from '../../ports/store.js';
import { enqueue, type App } from '../app.js';

/**
 * Records a delivery and enqueues what it asks to be looked at, in one step: when this resolves both are durable, and the sender may be told
 * so. A bump waits in the inbox until it was carried out.
 *
 * A duplicate that still waits is taken up once more, as it was recorded: its jobs may be gone, and enqueuing twice is enqueuing once.
 */
export async function takeInDelivery(
  app: Pick<App, 'queue' | 'inbox'>,
  delivery: Delivery,
): Promise<'recorded' | 'duplicate'> {
  const kind = await app.inbox.record(delivery, workOf(delivery.event));
  if (kind === 'recorded') return kind;
  const entry = await app.inbox.find(delivery.source, delivery.id);
  if (entry?.state === 'waiting') await takeUpDelivery(app, entry);
  return kind;
}

/** Of a delivery that is recorded already. It waits until every job is enqueued, so that a crash in between is made good at the next start. */
export async function takeUpDelivery(
  app: Pick<App, 'queue' | 'inbox'>,
  { source, id, event }: Pick<Delivery, 'source' | 'id' | 'event'>,
): Promise<void> {
  for (const subject of nudges(event)) await enqueue(app, subject);
  const { outcome } = workOf(event);
  if (outcome !== null) await app.inbox.settle(source, id, outcome);
}

function workOf(event: Event): DeliveryWork {
  const subjects = nudges(event);
  const nudged = subjects.map((each) => each.kind).join(', ') || 'nothing';
  return {
    jobs: subjects.map((subject) => ({ ...laneAndKey(subject), subject })),
    outcome: event.kind === 'bump' ? null : `nudged ${nudged}`,
  };
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
