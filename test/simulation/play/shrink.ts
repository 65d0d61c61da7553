/** Makes a failing scenario short: steps, interruptions and faults are left out as long as the same invariant still breaks. */
import type { Violation } from '../checks/violation.js';
import { play, type Played, type PlaySettings } from './play.js';
import type { Scenario, Step } from './script.js';

export interface Shrunk {
  readonly scenario: Scenario;
  readonly played: Played;
  /** Scenarios played on the way. */
  readonly tries: number;
}

export interface ShrinkOptions {
  /** Made anew for each play. */
  readonly settings?: () => PlaySettings;
  /** Scenarios played at most. */
  readonly tries: number;
}

/** `failing`: how `scenario` ended. What is given back breaks the same invariant. */
export async function shrink(scenario: Scenario, failing: Played, options: ShrinkOptions): Promise<Shrunk> {
  const { violation } = failing;
  if (violation === null) throw new Error('only what fails can be shrunk');
  const shrinking = new Shrinking(violation, options);
  // What comes after the violation has no part in it.
  let best = { scenario: { ...scenario, steps: scenario.steps.slice(0, failing.steps) }, played: failing };
  for (let size = Math.ceil(best.scenario.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.scenario.steps.length;) {
      const steps = best.scenario.steps.toSpliced(from, size);
      const played = await shrinking.attempt({ ...scenario, steps });
      if (played === null) from += size;
      else best = { scenario: { ...scenario, steps: steps.slice(0, played.steps) }, played };
    }
  }
  for (let index = 0; index < best.scenario.steps.length; index += 1) {
    for (const calmer of calmerSteps(best.scenario.steps[index])) {
      const steps = best.scenario.steps.with(index, calmer);
      const played = await shrinking.attempt({ ...scenario, steps });
      if (played !== null) best = { scenario: { ...scenario, steps }, played };
    }
  }
  return { ...best, tries: shrinking.tries };
}

class Shrinking {
  tries = 0;

  constructor(
    private readonly violation: Violation,
    private readonly options: ShrinkOptions,
  ) {}

  /** Null: it does not break the invariant, or there were enough tries. */
  async attempt(scenario: Scenario): Promise<Played | null> {
    if (this.tries >= this.options.tries) return null;
    this.tries += 1;
    const played = await play(scenario, this.options.settings?.());
    return played.violation?.invariant === this.violation.invariant ? played : null;
  }
}

/** The step with one trouble less, in turn. */
function calmerSteps(step: Step | undefined): readonly Step[] {
  if (step === undefined) return [];
  return [
    ...(step.interruptions.length > 0 ? [{ ...step, interruptions: [] }] : []),
    ...(step.faults.length > 0 ? [{ ...step, faults: [] }] : []),
    ...(step.deliveries === null ? [] : [{ ...step, deliveries: null }]),
  ];
}
