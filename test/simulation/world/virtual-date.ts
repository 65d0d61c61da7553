/** Makes every `Date` of this process tell the simulation's time: libraries ask for it too (tokens that expire, signatures). */
import type { Clock } from '../../../src/ports/clock.js';

let clock: Clock | null = null;
const RealDate = Date;

class VirtualDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(VirtualDate.now());
    else super(...(given as [number]));
  }

  static override now(): number {
    return clock?.now() ?? RealDate.now();
  }
}

/** Of the clock given last. Real time is left to `performance.now()`. */
export function tellTime(by: Clock): void {
  clock = by;
  globalThis.Date = VirtualDate as DateConstructor;
}

export function tellRealTime(): void {
  clock = null;
  globalThis.Date = RealDate;
}
