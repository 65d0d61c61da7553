/** Makes a delivery and its work durable before anybody is told that it was accepted. */
import type { Delivery } from '../ports/store.js';
import type { ServerOptions } from './server-options.js';

type Acceptance =
  | { readonly kind: 'recorded' | 'duplicate' }
  /** The sender must send it again. */
  | { readonly kind: 'unavailable'; readonly error: unknown };

export async function acceptDelivery(options: Pick<ServerOptions, 'takeIn'>, delivery: Delivery): Promise<Acceptance> {
  try {
    return { kind: await options.takeIn(delivery) };
  } catch (error) {
    return { kind: 'unavailable', error };
  }
}
