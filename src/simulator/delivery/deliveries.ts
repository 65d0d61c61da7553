/**
 * The outbox of webhooks. In `automatic` mode each is sent as soon as those before it have been answered; in `stepped`
 * mode nothing leaves until a test says so. Faults: lose, double, delay, reorder, redeliver.
 */
import { randomUUID } from 'node:crypto';
import type { Attempt, Delivery, DeliveryDraft, DeliveryState } from './delivery.js';
import { post, type SendPost } from './post.js';

/** What shall happen to the next deliveries that match, in either mode. */
export interface DeliveryFault {
  readonly kind: 'lose' | 'double' | 'delay';
  /** The event's name; any when not given. */
  readonly event?: string;
  readonly action?: string;
  /** How many deliveries it strikes; 1 when not given. */
  readonly times?: number;
  /** `delay`: it waits until this many later ones have come to be, or until `releaseDelayed`; 1 when not given. */
  readonly after?: number;
}

interface Entry {
  readonly draft: DeliveryDraft;
  delivery: Delivery;
}

interface DeliveriesOptions {
  readonly mode: 'automatic' | 'stepped';
  readonly now: () => Date;
  /** Milliseconds to wait for an answer; 10,000 when not given. */
  readonly timeout?: number;
  /** Over HTTP when not given. */
  readonly post?: SendPost;
}

export class Deliveries {
  private readonly entries: Entry[] = [];
  private queue: Entry[] = [];
  private faults: DeliveryFault[] = [];
  private delayed: { readonly entry: Entry; readonly after: number }[] = [];
  private sending: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly options: DeliveriesOptions) {}

  /** Puts a webhook in the outbox; planned faults strike here. */
  enqueue(draft: DeliveryDraft): void {
    const { prepare: _prepare, ...described } = draft;
    const delivery: Delivery = {
      ...described,
      number: this.entries.length + 1,
      state: 'pending',
      queuedAt: this.options.now(),
      attempts: [],
    };
    const entry: Entry = { draft, delivery };
    this.entries.push(entry);
    this.place(entry, this.takeFault(draft));
    if (this.options.mode === 'automatic') this.start();
  }

  /** Waiting to be sent, next first. */
  pending(): readonly Delivery[] {
    return this.queue.map((entry) => entry.delivery);
  }

  /** All that ever were, oldest first. */
  list(): readonly Delivery[] {
    return this.entries.map((entry) => entry.delivery);
  }

  get(number: number): Delivery | undefined {
    return this.entries[number - 1]?.delivery;
  }

  /** Sends the next and waits for its answer; undefined when none is waiting. */
  async deliverNext(): Promise<Delivery | undefined> {
    const entry = this.queue.shift();
    if (entry === undefined) return undefined;
    await this.attempt(entry, 'first');
    return entry.delivery;
  }

  /** Sends until none is waiting, also those that come to be meanwhile; gives how many. */
  async deliverAll(): Promise<number> {
    let count = 0;
    while ((await this.deliverNext()) !== undefined) count += 1;
    return count;
  }

  /** Sends again what was sent (or lost) before: same delivery id, same body. */
  async redeliver(number: number): Promise<Delivery | undefined> {
    const entry = this.entries[number - 1];
    if (entry === undefined) return undefined;
    await this.attempt(entry, 'again');
    return entry.delivery;
  }

  /** Drops a waiting delivery, as if the network had. */
  lose(number: number): boolean {
    const entry = this.queue.find((one) => one.delivery.number === number);
    if (entry === undefined) return false;
    this.queue = this.queue.filter((one) => one !== entry);
    this.setState(entry, 'lost');
    return true;
  }

  /** A waiting delivery will be sent twice, with the same id. */
  double(number: number): boolean {
    const at = this.queue.findIndex((one) => one.delivery.number === number);
    const entry = this.queue[at];
    if (entry === undefined) return false;
    this.queue.splice(at, 0, entry);
    return true;
  }

  /** Puts a waiting delivery behind all others. */
  delay(number: number): boolean {
    const entry = this.queue.find((one) => one.delivery.number === number);
    if (entry === undefined) return false;
    this.queue = [...this.queue.filter((one) => one !== entry), entry];
    return true;
  }

  /** Sorts the waiting deliveries anew; numbers not named keep their order behind those that are. */
  reorder(numbers: readonly number[]): void {
    const rank = (entry: Entry): number => {
      const at = numbers.indexOf(entry.delivery.number);
      return at === -1 ? numbers.length : at;
    };
    this.queue = [...this.queue].sort((one, other) => rank(one) - rank(other));
  }

  /** Plans a fault for deliveries to come. */
  plan(fault: DeliveryFault): void {
    this.faults.push(fault);
  }

  /** Forgets planned faults and lets go of what is held back. */
  clearFaults(): void {
    this.faults = [];
    this.releaseDelayed();
  }

  /** Puts what `delay` holds back into the queue. */
  releaseDelayed(): void {
    this.queue.push(...this.delayed.map((one) => one.entry));
    this.delayed = [];
    if (this.options.mode === 'automatic') this.start();
  }

  /** Resolves when nothing is being sent, and in automatic mode nothing is waiting. */
  async settled(): Promise<void> {
    while (this.sending !== undefined) await this.sending;
  }

  /** Stops sending; a request under way is cut off. */
  async close(): Promise<void> {
    this.queue = [];
    this.stopping.abort();
    await this.settled();
  }

  private start(): void {
    if (this.sending !== undefined || this.stopping.signal.aborted) return;
    this.sending = this.deliverAll().then(() => {
      this.sending = undefined;
    });
  }

  private takeFault(draft: DeliveryDraft): DeliveryFault | undefined {
    const at = this.faults.findIndex(
      (fault) => (fault.event ?? draft.event) === draft.event && (fault.action ?? draft.action) === draft.action,
    );
    const fault = this.faults[at];
    if (fault === undefined) return undefined;
    const left = (fault.times ?? 1) - 1;
    this.faults.splice(at, 1, ...(left > 0 ? [{ ...fault, times: left }] : []));
    return fault;
  }

  private place(entry: Entry, fault: DeliveryFault | undefined): void {
    if (fault?.kind !== 'lose' && fault?.kind !== 'delay') {
      this.queue.push(...(fault?.kind === 'double' ? [entry, entry] : [entry]));
    }
    this.countForDelayed();
    if (fault?.kind === 'lose') this.setState(entry, 'lost');
    if (fault?.kind === 'delay') this.delayed.push({ entry, after: fault.after ?? 1 });
  }

  /** Counts a new delivery for those that are held back, and lets go of those that have waited long enough. */
  private countForDelayed(): void {
    const counted = this.delayed.map((one) => ({ entry: one.entry, after: one.after - 1 }));
    this.queue.push(...counted.filter((one) => one.after <= 0).map((one) => one.entry));
    this.delayed = counted.filter((one) => one.after > 0);
  }

  private async attempt(entry: Entry, which: 'first' | 'again'): Promise<void> {
    const at = this.options.now();
    this.setState(entry, 'sending');
    const sent = entry.delivery.attempts[0]?.body;
    const prepared = await entry.draft.prepare(sent === undefined ? { at } : { at, body: sent });
    if (prepared === undefined) return this.setState(entry, 'void');
    const started = performance.now();
    const answer = await (this.options.post ?? post)({
      url: entry.draft.url,
      headers: prepared.headers,
      body: prepared.body,
      timeout: this.options.timeout ?? 10_000,
      signal: this.stopping.signal,
    });
    const attempt: Attempt = {
      at,
      durationMs: Math.round(performance.now() - started),
      redelivery: which === 'again',
      requestHeaders: prepared.headers,
      body: prepared.body,
      ...(answer.status === undefined ? {} : { status: answer.status }),
      ...(answer.body === undefined ? {} : { responseBody: answer.body }),
      ...(answer.error === undefined ? {} : { error: answer.error }),
    };
    const good = answer.status !== undefined && answer.status >= 200 && answer.status < 300;
    entry.delivery = {
      ...entry.delivery,
      state: good ? 'sent' : 'failed',
      attempts: [...entry.delivery.attempts, attempt],
    };
  }

  private setState(entry: Entry, state: DeliveryState): void {
    entry.delivery = { ...entry.delivery, state };
  }
}

/** A delivery id, as both forges make them. */
export function newDeliveryId(): string {
  return randomUUID();
}
