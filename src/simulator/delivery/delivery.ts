/** One webhook on its way, and what became of each attempt to send it. */

/** What a dialect puts in the outbox when an event happens. The payload does not exist yet. */
export interface DeliveryDraft {
  /** The id that the receiver sees; a redelivery keeps it. A UUID. */
  readonly id: string;
  readonly url: string;
  /** The forge's name of the event: `pull_request`, `Merge Request Hook`. */
  readonly event: string;
  readonly action?: string;
  readonly repository?: string;
  /** The hook or App it belongs to. */
  readonly hookId: number;
  /**
   * Makes headers and body from the state at the time of sending. Undefined: what it was about is gone, nothing is sent.
   * Called again for each attempt, so that signatures may carry the attempt's time; the body of the first is sent again.
   */
  readonly prepare: (attempt: { readonly at: Date; readonly body?: string }) => Promise<PreparedDelivery | undefined>;
}

export interface PreparedDelivery {
  /** Signature, event name, ids; content type and length are added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Attempt {
  readonly at: Date;
  readonly durationMs: number;
  readonly redelivery: boolean;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly body: string;
  /** What the receiver answered; undefined when it did not. */
  readonly status?: number;
  readonly responseBody?: string;
  readonly error?: string;
}

export type DeliveryState = 'pending' | 'sending' | 'sent' | 'failed' | 'lost' | 'void';

/** `lost`: a fault swallowed it. `void`: its subject was gone. `failed`: no answer or not 2xx. */
export interface Delivery {
  /** Number in the outbox, from 1. */
  readonly number: number;
  readonly id: string;
  readonly url: string;
  readonly event: string;
  readonly action?: string;
  readonly repository?: string;
  readonly hookId: number;
  readonly state: DeliveryState;
  readonly queuedAt: Date;
  readonly attempts: readonly Attempt[];
}
