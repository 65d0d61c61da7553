/** What goes wrong in a step: things that happen while the bot is at work, and faults of the network. */
import type { ActName } from '../acts/acts.js';
import type { Random } from '../random.js';
import type { RequestFault } from '../world/reach.js';

export type Interruption =
  | { readonly kind: 'crash'; readonly data: 'keep' | 'empty' }
  /** The bot dies after the forge acted, before it hears of it. */
  | { readonly kind: 'crash-after' }
  | { readonly kind: 'act'; readonly act: ActName; readonly seed: number }
  /** A second worker works. */
  | { readonly kind: 'worker'; readonly jobs: number }
  /** The bot stands still for longer than its claim lasts, and another worker takes over. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'deliveries' };

/**
 * Strikes when the bot reaches out for the `at`th time in the step, from 1; for the `at`th time at work on its merge queue; or for the `at`th
 * time when it has made up its mind to merge and only looks whether the branch is where it was.
 */
export interface PlannedInterruption {
  readonly at: number;
  readonly of: 'reaches' | 'merging' | 'last looks';
  readonly what: Interruption;
}

/** Strikes the `at`th request of the step, from 1, the `at`th that writes, or the `at`th merge. */
export interface PlannedFault {
  readonly at: number;
  readonly of: 'requests' | 'writes' | 'merges';
  readonly fault: RequestFault;
}

export interface TroubleSetting {
  /** From 0 to 1. */
  readonly roughness: number;
  readonly near: Near;
}

/** Where trouble strikes: anywhere; where something is being merged; at the last look before that; or by an answer that says nothing of it. */
export type Near = 'anything' | 'merge' | 'last look' | 'lost answer';

export function interruptions(random: Random, { roughness, near }: TroubleSetting): readonly PlannedInterruption[] {
  if (near === 'last look') {
    const act = random.one<ActName>('push', 'push', 'force-push');
    return [{ at: 1, of: 'last looks', what: { kind: 'act', act, seed: random.seed() } }];
  }
  if (near === 'merge' && random.chance(0.7))
    return [{ at: random.between(8, 34), of: 'merging', what: whileMerging(random) }];
  return some(random, roughness * 0.8, () => ({ at: spread(random, 120), of: 'reaches', what: interruption(random) }));
}

export function faults(random: Random, { roughness, near }: TroubleSetting): readonly PlannedFault[] {
  if (near === 'last look') return [];
  if (near === 'lost answer') return [{ at: 1, of: 'merges', fault: notActed(random) }];
  if (near === 'merge' && random.chance(0.35)) return [{ at: 1, of: 'merges', fault: requestFault(random) }];
  return some(random, roughness * 0.6, () => {
    const of = random.chance(0.6) ? 'writes' : 'requests';
    return { at: spread(random, of === 'writes' ? 12 : 80), of, fault: requestFault(random) };
  });
}

function some<T>(random: Random, probability: number, make: () => T): readonly T[] {
  const made: T[] = [];
  while (made.length < 3 && random.chance(probability)) made.push(make());
  return made;
}

/** From 1 to about `most`; small numbers as often as large ones of their order. */
function spread(random: Random, most: number): number {
  return Math.max(1, Math.floor(most ** random.next()));
}

/** What may happen while the bot is at work. */
const MEANWHILE: readonly ActName[] = [
  'push',
  'push-comment',
  'push-to-bots-branch',
  'force-push',
  'approve',
  'take-back',
  'command',
  'hold-or-freeze',
  'merge-by-hand',
  'close',
  'delete-branch',
  'change-rights',
  'ci-green',
  'ci-one',
  'edit-pull-request',
  'meddle-with-comment',
];

/** What may happen to a pull request while the bot is about to merge it. */
const MEANWHILE_MERGING: readonly (readonly [weight: number, act: ActName])[] = [
  [5, 'push'],
  [2, 'push-comment'],
  [1, 'force-push'],
  [3, 'take-all-back'],
  [2, 'request-changes'],
  [3, 'move-the-base'],
  [1, 'hold-or-freeze'],
  [1, 'ci-one'],
  [1, 'close'],
  [1, 'edit-pull-request'],
  [1, 'change-rights'],
  [1, 'meddle-with-comment'],
];

function interruption(random: Random): Interruption {
  return random.weighted<() => Interruption>([
    [2.5, () => ({ kind: 'crash', data: random.chance(0.25) ? 'empty' : 'keep' })],
    [2.5, () => ({ kind: 'crash-after' })],
    [7, () => ({ kind: 'act', act: random.pick(MEANWHILE) ?? 'push', seed: random.seed() })],
    [4, () => ({ kind: 'worker', jobs: random.between(1, 4) })],
    [3.5, () => ({ kind: 'stall' })],
    [1, () => ({ kind: 'deliveries' })],
  ])();
}

function whileMerging(random: Random): Interruption {
  return random.weighted<() => Interruption>([
    [7, () => ({ kind: 'act', act: random.weighted(MEANWHILE_MERGING), seed: random.seed() })],
    [1, () => ({ kind: 'crash', data: random.chance(0.25) ? 'empty' : 'keep' })],
    [1, () => ({ kind: 'crash-after' })],
    [1, () => ({ kind: 'stall' })],
    [1, () => ({ kind: 'worker', jobs: random.between(1, 4) })],
  ])();
}

function requestFault(random: Random): RequestFault {
  return random.weighted<() => RequestFault>([
    [3, () => ({ kind: 'act-then-reset' })],
    [2, () => ({ kind: 'act-then-status', status: random.one(500, 502, 504) })],
    [2, () => ({ kind: 'status', status: random.one(500, 502, 503), headers: {} })],
    [1, () => ({ kind: 'status', status: 429, headers: { 'retry-after': '7' } })],
    [1, () => ({ kind: 'status', status: 403, headers: { 'x-ratelimit-remaining': '0', 'retry-after': '9' } })],
    [0.5, () => ({ kind: 'status', status: random.one(404, 409, 422), headers: {} })],
    [1, () => ({ kind: 'reset' })],
    [1, () => ({ kind: 'time-out' })],
    [1, () => ({ kind: 'empty-body' })],
  ])();
}

/** The forge did nothing of it, and the bot can't know. */
function notActed(random: Random): RequestFault {
  return random.one<RequestFault>(
    { kind: 'status', status: 502, headers: {} },
    { kind: 'reset' },
    { kind: 'time-out' },
  );
}
