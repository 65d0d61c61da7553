/**
 * Planning ahead: which entries will have another plan once those before them are merged, so that it can be made while they wait.
 *
 * Such a plan permits nothing: when the turn of an entry comes, it is planned on the branch as it is then. If the presumption was right,
 * all that it needs has been rendered; if not, what was rendered is not asked for.
 *
 * Worked example. api#1 waits for its checks, web#2 touches nothing of it, api#3 touches what #1 does. Presumed are, in order, #1 and #2 as
 * they stand, and then #3, to be planned on what #1 and #2 leave.
 */
import type { Sha } from '../ids.js';
import type { RoundEntry } from './plan-round.js';
import { overlap } from './touches.js';

export interface PresumedEntry {
  readonly head: Sha;
  /** `another`: of what those before it leave. `the-same`: none of them touches what it does. */
  readonly plan: 'another' | 'the-same';
}

/** So many are planned ahead: much may happen before those behind them have their turn. */
export const MOST_PRESUMED = 10;

/** `entries`: in the queue's order. As far as the last of which the plan will be another; empty where there is none. */
export function presumeQueue(entries: readonly RoundEntry[]): readonly PresumedEntry[] {
  const staying = entries.filter(({ standing }) => standing !== 'blocked');
  const presumed = staying.map(({ head, touches }, index): PresumedEntry => {
    const meets = staying.slice(0, index).some((before) => overlap(before.touches, touches));
    return { head, plan: meets ? 'another' : 'the-same' };
  });
  const others = presumed.flatMap(({ plan }, index) => (plan === 'another' ? [index] : [])).slice(0, MOST_PRESUMED);
  return presumed.slice(0, (others.at(-1) ?? -1) + 1);
}
