/**
 * How long a plan takes, from the push to the posted plan, beside the least that the renderer itself needs and beside what people do
 * without the graph of files: render everything on both sides and compare. All in one run, so that a busy machine slows all alike.
 */
import { availableParallelism } from 'node:os';
import { Checkout } from './bare-renderer.js';
import { applicationBase, appName, directoriesOf, repositoryFiles, SHARED, sharedDeployment } from './repository.js';
import { World } from './world.js';

export interface PlanFigures {
  readonly applications: number;
  readonly targets: number;
  readonly cores: number;
  /** Milliseconds. (a), a bot that has planned nothing; (a) again, of which the side before is known; (b); (c); (d). */
  readonly cold: number;
  readonly warm: number;
  readonly limit: number;
  readonly everything: number;
  readonly base: number;
  /** (d) once more with another change: the side before is known. */
  readonly baseAgain: number;
  /** What the renderer needs for (d): both sides of every target, over the cores; and the side after alone. */
  readonly baseLimit: number;
  readonly baseLimitAfter: number;
  readonly peakBytes: number;
  readonly ratios: Readonly<Record<string, number>>;
  readonly aims: Readonly<Record<string, 'met' | 'missed'>>;
}

const ROUNDS = 3;
const MEGABYTE = 1024 * 1024;

export async function benchPlan({ size }: { readonly size: 'full' | 'small' }): Promise<PlanFigures> {
  const applications = size === 'full' ? 200 : 1;
  const files = repositoryFiles(applications);
  const before = await Checkout.write(files);
  const after = await Checkout.write({ ...files, [`${SHARED}/deployment.yaml`]: sharedDeployment(2) });
  const world = await World.start(applications);
  try {
    const one = await measureOne(world, after, size === 'full' ? ROUNDS : 1);
    const all = await measureAll(world, { before, after }, applications);
    return report({ applications, ...one, ...all });
  } finally {
    await world.close();
    await Promise.all([before.remove(), after.remove()]);
  }
}

/** (a) and (b), one after the other in each round. */
async function measureOne(
  world: World,
  checkout: Checkout,
  rounds: number,
): Promise<Pick<PlanFigures, 'cold' | 'warm' | 'limit'>> {
  const cold: number[] = [];
  const warm: number[] = [];
  const limit: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const app = appName(round);
    const change = (version: string) => ({ [`apps/${app}/base/kustomization.yaml`]: applicationBase(app, version) });
    await world.freshBot();
    limit.push(await checkout.build(directoriesOf(app), 1));
    const opened = await world.pushToPlan(`one-${round}`, change('1.1.0'), 'open');
    cold.push(opened.ms);
    limit.push(await checkout.build(directoriesOf(app), 1));
    warm.push((await world.pushToPlan(`one-${round}`, change('1.2.0'), opened.pull)).ms);
    await world.closePull(opened.pull);
    say(
      `one application, round ${round + 1}: cold ${show(cold.at(-1))}, warm ${show(warm.at(-1))}, limit ${show(limit.at(-1))}`,
    );
  }
  return { cold: median(cold), warm: median(warm), limit: median(limit) };
}

/** (c) and (d). */
async function measureAll(
  world: World,
  { before, after }: { readonly before: Checkout; readonly after: Checkout },
  applications: number,
): Promise<Pick<PlanFigures, 'everything' | 'base' | 'baseAgain' | 'baseLimit' | 'baseLimitAfter' | 'peakBytes'>> {
  const targets = Array.from({ length: applications }, (_, index) => directoriesOf(appName(index))).flat();
  const cores = availableParallelism();
  const change = (grace: number) => ({ [`${SHARED}/deployment.yaml`]: sharedDeployment(grace) });
  await world.freshBot();
  const ofBefore = await before.build(targets, cores);
  const opened = await world.pushToPlan('base', change(3), 'open');
  const ofAfter = await after.build(targets, cores);
  const again = await world.pushToPlan('base', change(4), opened.pull);
  const compared = await before.diff(after, targets);
  say(
    `the shared base: ${show(opened.ms)}, again ${show(again.ms)}; the renderer alone ${show(ofBefore)} + ${show(ofAfter)}`,
  );
  return {
    everything: ofBefore + ofAfter + compared,
    base: opened.ms,
    baseAgain: again.ms,
    baseLimit: ofBefore + ofAfter,
    baseLimitAfter: ofAfter,
    peakBytes: await world.peakMemory(),
  };
}

type Measured = Omit<PlanFigures, 'targets' | 'cores' | 'ratios' | 'aims'>;

function report(measured: Measured): PlanFigures {
  const { cold, warm, limit, everything, base, baseAgain, baseLimit, baseLimitAfter, peakBytes } = measured;
  const ratios = {
    coldToLimit: cold / limit,
    warmToLimit: warm / limit,
    everythingToCold: everything / cold,
    everythingToWarm: everything / warm,
    baseToLimit: base / baseLimit,
    baseAgainToLimit: baseAgain / baseLimitAfter,
  };
  const met = (is: boolean) => (is ? 'met' : 'missed');
  const aims = {
    'cold <= 1.5 x limit + 300 ms': met(cold <= 1.5 * limit + 300),
    'warm <= 1.1 x limit + 100 ms': met(warm <= 1.1 * limit + 100),
    'everything >= 50 x cold': met(everything >= 50 * cold),
    'base <= 1.2 x the renderer over the cores': met(base <= 1.2 * baseLimit),
    'peak < 500 MB': met(peakBytes < 500 * MEGABYTE),
  } as const;
  const figures = { ...measured, targets: measured.applications * 3, cores: availableParallelism(), ratios, aims };
  for (const [aim, outcome] of Object.entries(aims)) say(`${outcome === 'met' ? '✓' : '✗'} ${aim}`);
  say(`peak memory of the bot: ${Math.round(peakBytes / MEGABYTE)} MB`);
  return figures;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function show(milliseconds: number | undefined): string {
  return `${Math.round(milliseconds ?? 0)} ms`;
}

function say(line: string): void {
  console.log(line);
}
