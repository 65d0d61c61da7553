/** What forges say that they still take, by limit: each installation has a window of its own, and the tightest is what operators must know. */
import type { Instant } from '../../core/ids.js';
import type { RateLimit } from '../../ports/metrics.js';

/** GitHub's `x-ratelimit-resource`. What a forge adds later counts as `other`. */
const KNOWN: readonly string[] = ['core', 'search', 'code_search', 'graphql', 'integration_manifest', 'default'];

export class RateLimits {
  /** Resource → end of a window → what was said of it with the fewest remaining. */
  readonly #windows = new Map<string, Map<Instant, RateLimit>>();

  note(said: RateLimit, now: Instant): void {
    const resource = KNOWN.includes(said.resource) ? said.resource : 'other';
    const windows = this.#standing(resource, now);
    const before = windows.get(said.resetAt);
    if (before === undefined || said.remaining < before.remaining) windows.set(said.resetAt, said);
    this.#windows.set(resource, windows);
  }

  /** The tightest of each limit, of windows that have not ended. */
  tightest(now: Instant): readonly RateLimit[] {
    return [...this.#windows.keys()].flatMap((resource) => {
      const [first] = [...this.#standing(resource, now).values()].sort((a, b) => a.remaining - b.remaining);
      return first === undefined ? [] : [{ ...first, resource }];
    });
  }

  #standing(resource: string, now: Instant): Map<Instant, RateLimit> {
    const windows = this.#windows.get(resource) ?? new Map<Instant, RateLimit>();
    for (const resetAt of windows.keys()) if (resetAt <= now) windows.delete(resetAt);
    return windows;
  }
}
