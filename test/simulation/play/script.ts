/** The script of one seed: steps, each with what goes wrong in it. Made before anything happens, so that steps can be left out. */
import type { ForgeKind } from '../../../src/core/ids.js';
import type { Place } from '../acts/act.js';
import { ACT_WEIGHTS, type ActName } from '../acts/acts.js';
import { APPS, ENVIRONMENTS } from '../ground.js';
import { Random } from '../random.js';
import { drawSetting, type Setting } from '../setting.js';
import { writeArc, type ArcStep } from './arcs.js';
import { faults, interruptions, type PlannedFault, type PlannedInterruption } from './trouble.js';

export type DeliveryFault = 'lose' | 'double' | 'delay' | 'shuffle';

export interface Step {
  /** Its number in the seed's own script: kept when others are left out. */
  readonly number: number;
  readonly act: ActName;
  readonly seed: number;
  /** `arc`: it is about the pull request that the arc is about. */
  readonly about: 'any' | 'arc';
  readonly interruptions: readonly PlannedInterruption[];
  readonly faults: readonly PlannedFault[];
  readonly deliveries: DeliveryFault | null;
  /** How much the bot gets done before the next step. */
  readonly afterwards: 'everything' | 'something' | 'nothing';
}

export interface Scenario {
  readonly seed: number;
  readonly forge: ForgeKind;
  readonly setting: Setting;
  readonly hot: Place;
  readonly steps: readonly Step[];
}

/** A seed says everything: the forge (even: GitHub, odd: GitLab), how it is set up, the configuration, every step and fault. */
export function writeScenario(seed: number, steps: number): Scenario {
  const random = new Random(seed * 2_654_435_761);
  const forge = seed % 2 === 0 ? 'github' : 'gitlab';
  const setting = drawSetting(random, forge);
  const hot: Place = { app: random.one(...APPS), env: random.one(...ENVIRONMENTS) };
  // Some seeds are calm, so that long stories come to their ends; some are rough.
  const roughness = random.one(0.15, 0.45, 0.8);
  const written: Step[] = [];
  while (written.length < steps)
    for (const planned of nextSteps(random)) written.push(writeStep(random, planned, written.length + 1, roughness));
  return { seed, forge, setting, hot, steps: written.slice(0, steps) };
}

/** One act by chance, or an arc: acts that make sense together. */
function nextSteps(random: Random): readonly ArcStep[] {
  return random.chance(0.16) ? writeArc(random) : [{ act: random.weighted(ACT_WEIGHTS), about: 'any' }];
}

function writeStep(random: Random, planned: ArcStep, number: number, roughness: number): Step {
  const { act, about, near = 'anything' } = planned;
  const afterwards = random.weighted<Step['afterwards']>([
    [7, 'everything'],
    [2, 'something'],
    [1, 'nothing'],
  ]);
  return {
    number,
    act,
    about,
    seed: random.seed(),
    interruptions: interruptions(random, { roughness, near }),
    faults: faults(random, { roughness, near }),
    deliveries: random.chance(roughness * 0.4) ? random.one('lose', 'double', 'delay', 'shuffle') : null,
    afterwards: planned.afterwards ?? afterwards,
  };
}
