/**
 * Keeps each account's writes within what its forge takes: what it counts is kept in the store, so that restarts and replicas count together.
 * No adapter: those of the forges count with it.
 *
 * Two processes that write at the same moment may each miss the other's last write; it is counted with the next. What is counted wrongly
 * the forge refuses, which is counted too.
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../core/ids.js';
import { Unavailable } from '../../core/problem.js';
import { countedWrites, decideWrite, type WriteLimit, type WriteWeight } from '../../core/traffic/write-budget.js';
import type { Clock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import type { Written } from '../../ports/pull-requests.js';
import type { Cache } from '../../ports/store.js';

/** Not sent: writes that matter more have what is left of the budget. `retryAt` is when there will be more of it. */
export class PutOff extends Unavailable {
  constructor(
    readonly until: Instant,
    words: string,
  ) {
    super(words, until);
  }
}

/** What is only `progress` may wait, and says until when; all else is tried again as what failed. */
export async function orPutOff(weight: WriteWeight, write: () => Promise<unknown>): Promise<Written> {
  try {
    await write();
    return { kind: 'written' };
  } catch (error) {
    if (weight === 'progress' && error instanceof PutOff) return { kind: 'put-off', until: error.until };
    throw error;
  }
}

export interface WriteBudgetOptions {
  /** For the log: `GitHub`. */
  readonly forge: string;
  /** What is counted, for people: `writes`. */
  readonly what: string;
  readonly limits: readonly WriteLimit[];
  /** Absent: each process counts for itself, from its start. */
  readonly cache?: Cache;
  readonly clock: Clock;
  readonly log: Log;
}

interface Account {
  readonly sent: readonly Instant[];
  readonly refusedUntil: Instant | null;
}

/** By process. */
type Accounts = Readonly<Record<string, Account>>;

const NOTHING: Account = { sent: [], refusedUntil: null };

export class WriteBudget {
  readonly #process = randomUUID();
  readonly #own = new Map<string, Account>();

  constructor(private readonly options: WriteBudgetOptions) {}

  /** Counts a write that is about to be sent, or rejects with {@link PutOff}. `identity`: whose budget it is. */
  async take(identity: string, weight: WriteWeight): Promise<void> {
    const { limits, clock, log, forge, what } = this.options;
    if (limits.length === 0) return;
    const now = clock.now();
    const accounts = await this.#accounts(identity);
    const all = Object.values(accounts);
    const refusals = all.flatMap(({ refusedUntil }) => refusedUntil ?? []);
    const decision = decideWrite({
      weight,
      now,
      sent: all.flatMap(({ sent }) => sent),
      refusedUntil: refusals.length === 0 ? null : Math.max(...refusals),
      limits,
    });
    if (decision.kind === 'send') {
      const own = this.#own.get(identity) ?? NOTHING;
      return this.#keep(identity, accounts, { ...own, sent: countedWrites([...own.sent, now], now, limits) });
    }
    const { about, words } = reasonOf(decision, { forge, what });
    const level = weight === 'progress' ? 'info' : 'warn';
    log[level](
      { weight, until: decision.until, ...about },
      `A write to ${forge} was put off to keep within its limits`,
    );
    throw new PutOff(decision.until, `A write of the kind "${weight}" was put off: ${words}`);
  }

  /** The forge said that it takes no more until then. */
  async refused(identity: string, until: Instant): Promise<void> {
    if (this.options.limits.length === 0) return;
    const own = this.#own.get(identity) ?? NOTHING;
    await this.#keep(identity, await this.#accounts(identity), { ...own, refusedUntil: until });
  }

  /** Everybody's, with this process' own as it knows them itself. */
  async #accounts(identity: string): Promise<Accounts> {
    const text = (await this.options.cache?.get(keyOf(identity))) ?? '{}';
    const own = this.#own.get(identity);
    return { ...(JSON.parse(text) as Accounts), ...(own === undefined ? {} : { [this.#process]: own }) };
  }

  async #keep(identity: string, accounts: Accounts, own: Account): Promise<void> {
    const { cache, clock, limits } = this.options;
    this.#own.set(identity, own);
    if (cache === undefined) return;
    const now = clock.now();
    const all = Object.entries({ ...accounts, [this.#process]: own });
    const counted = all.map(([process, { sent, refusedUntil }]) => {
      const standing = refusedUntil !== null && refusedUntil > now ? refusedUntil : null;
      return [process, { sent: countedWrites(sent, now, limits), refusedUntil: standing }] as const;
    });
    // Of a process that ended an hour ago nothing is left.
    const kept = counted.filter(([, { sent, refusedUntil }]) => sent.length > 0 || refusedUntil !== null);
    await cache.put(keyOf(identity), JSON.stringify(Object.fromEntries(kept)));
  }
}

type PutOffDecision = Extract<ReturnType<typeof decideWrite>, { kind: 'put-off' }>;

function reasonOf(
  decision: PutOffDecision,
  { forge, what }: Pick<WriteBudgetOptions, 'forge' | 'what'>,
): { readonly about: object; readonly words: string } {
  if (decision.because === 'refused') return { about: {}, words: `${forge} has said that it takes no more for now` };
  const { used, limit } = decision;
  const sent = `${used} of the ${limit.writes} ${what} that ${forge} takes within ${limit.within / 60_000} min were sent`;
  return {
    about: { used, of: limit.writes, within: limit.within },
    words: `${sent}, and the rest is kept for others`,
  };
}

function keyOf(identity: string): string {
  return `writes:${identity}`;
}
