/** Makes a delivery durable and its work known, in this order, before anybody is told that it was accepted. */
import type { Delivery } from '../ports/store.js';
import type { ServerOptions } from './server-options.js';

export type Acceptance =
  | { readonly kind: 'recorded' }
  | { readonly kind: 'duplicate' }
  /** The sender must send it again. */
  | { readonly kind: 'unavailable'; readonly error: unknown };

/**
 * A duplicate that still waits is handed on once more: the first time its jobs may not have been enqueued, and enqueuing twice is enqueuing
 * once.
 */
export async function acceptDelivery(
  options: Pick<ServerOptions, 'inbox' | 'onDelivery'>,
  delivery: Delivery,
): Promise<Acceptance> {
  try {
    const kind = await options.inbox.record(delivery);
    if (kind === 'recorded') await options.onDelivery(delivery);
    else await handOnAgain(options, delivery);
    return { kind };
  } catch (error) {
    return { kind: 'unavailable', error };
  }
}

async function handOnAgain(options: Pick<ServerOptions, 'inbox' | 'onDelivery'>, delivery: Delivery): Promise<void> {
  const entry = await options.inbox.find(delivery.source, delivery.id);
  if (entry?.state !== 'waiting') return;
  const { state: _state, outcome: _outcome, ...known } = entry;
  await options.onDelivery(known);
}
