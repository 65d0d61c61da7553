/** The script of one seed: steps, each with what goes wrong in it. Made before anything happens, so that steps can be left out. */
import type { ForgeKind } from '../../src/core/ids.js';
import { ACT_WEIGHTS, type ActName } from './actors.js';
import type { ConfigurationVariant } from './ground.js';
import { Random } from './random.js';
import type { RequestFault } from './world.js';

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

/** Strikes when the bot reaches out for the `at`th time in the step, from 1. */
export interface PlannedInterruption {
  readonly at: number;
  readonly what: Interruption;
}

/** Strikes the `at`th request of the step, from 1, or the `at`th that writes. */
export interface PlannedFault {
  readonly at: number;
  readonly of: 'requests' | 'writes';
  readonly fault: RequestFault;
}

export type DeliveryFault = 'lose' | 'double' | 'delay' | 'shuffle';

export interface Step {
  /** Its number in the seed's own script: kept when others are left out. */
  readonly number: number;
  readonly act: ActName;
  readonly seed: number;
  readonly interruptions: readonly PlannedInterruption[];
  readonly faults: readonly PlannedFault[];
  readonly deliveries: DeliveryFault | null;
  /** How much the bot gets done before the next step. */
  readonly afterwards: 'everything' | 'something' | 'nothing';
}

export interface Scenario {
  readonly seed: number;
  readonly forge: ForgeKind;
  readonly variant: ConfigurationVariant;
  readonly steps: readonly Step[];
}

/** A seed says everything: the forge (even: GitHub, odd: GitLab), the configuration, every step and fault. */
export function writeScenario(seed: number, steps: number): Scenario {
  const random = new Random(seed * 2_654_435_761);
  const variant: ConfigurationVariant = {
    testMerge: random.chance(0.7) ? 'auto' : 'manual',
    testPromotion: random.chance(0.8) ? 'auto' : 'manual',
    method: random.one('squash', 'squash', 'merge', 'rebase'),
    soak: random.chance(0.15) ? '30m' : null,
  };
  // Some seeds are calm, so that long stories come to their ends; some are rough.
  const roughness = random.one(0.15, 0.45, 0.8);
  const written = Array.from({ length: steps }, (_, index) => writeStep(random, { number: index + 1, roughness }));
  return { seed, forge: seed % 2 === 0 ? 'github' : 'gitlab', variant, steps: written };
}

function writeStep(
  random: Random,
  { number, roughness }: { readonly number: number; readonly roughness: number },
): Step {
  return {
    number,
    act: random.weighted(ACT_WEIGHTS),
    seed: random.seed(),
    interruptions: some(random, roughness * 0.8, () => ({ at: spread(random, 120), what: interruption(random) })),
    faults: some(random, roughness * 0.6, () => plannedFault(random)),
    deliveries: random.chance(roughness * 0.4) ? random.one('lose', 'double', 'delay', 'shuffle') : null,
    afterwards: random.weighted([
      [7, 'everything'],
      [2, 'something'],
      [1, 'nothing'],
    ]),
  };
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
  'push-to-bots-branch',
  'force-push',
  'approve',
  'take-back',
  'command',
  'merge-by-hand',
  'close',
  'delete-branch',
  'ci-green',
  'ci-one',
  'edit-pull-request',
  'meddle-with-comment',
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

function plannedFault(random: Random): PlannedFault {
  const fault = random.weighted<() => RequestFault>([
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
  const of = random.chance(0.6) ? 'writes' : 'requests';
  return { at: spread(random, of === 'writes' ? 12 : 80), of, fault };
}
