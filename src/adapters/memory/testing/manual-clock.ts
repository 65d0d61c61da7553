/** Time that moves only when it is told to. */
import type { Instant } from '../../../core/ids.js';
import type { Clock } from '../../../ports/clock.js';

export class ManualClock implements Clock {
  #now: Instant;

  constructor(start: Instant = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  /** @param duration in ms, not negative */
  advance(duration: number): void {
    if (!(duration >= 0)) throw new RangeError(`time does not run backwards: ${duration}`);
    this.#now += duration;
  }

  /** As a machine's clock does that went wrong and is corrected. @param duration in ms */
  setBack(duration: number): void {
    this.#now -= duration;
  }

  /** Moves to `instant`, unless that is past already. */
  advanceTo(instant: Instant): void {
    this.#now = Math.max(this.#now, instant);
  }
}
