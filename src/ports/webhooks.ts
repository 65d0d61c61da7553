/** Turns one HTTP request of a forge into a delivery: the signature is checked, in constant time, before anything is parsed. */
import type { Delivery } from './store.js';

export type WebhookReading =
  /** No signature or token header at all: 401. */
  | { readonly kind: 'unsigned' }
  /** 401 */
  | { readonly kind: 'bad-signature' }
  /** Signed, but not JSON or not shaped as the forge documents: 400. `reason` is for the sender and holds nothing of the body. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** An event we do not act on: 202, recorded nowhere. */
  | { readonly kind: 'ignored'; readonly id: string; readonly name: string }
  | { readonly kind: 'delivery'; readonly delivery: Omit<Delivery, 'receivedAt'> };

export interface WebhookReader {
  readonly source: 'github' | 'gitlab';
  /** `headers`: lower-case names. `body`: the bytes as received. */
  read(headers: Readonly<Record<string, string | undefined>>, body: Buffer): Promise<WebhookReading>;
}
