/**
 * `npm run simulate`: plays seeds and says whether an invariant of the design broke. See docs/simulation.md.
 *
 * Exit status 0: none did (with --planted: every bug was found); 1: one did (or a bug was not found); 2: the call is wrong.
 */
import { availableParallelism } from 'node:os';
import { readOptions, USAGE, type Options } from './options.js';
import { PLANTED_BUGS, type BugName } from './bugs/planted-bugs.js';
import { play, type PlaySettings } from './play/play.js';
import { writeScenario } from './play/script.js';
import { shrink } from './play/shrink.js';
import type { Order, Report } from './player.js';
import { Players } from './players.js';

/** Plays to make a story short, at most. */
const SHRINK_TRIES = 50;

interface Tally {
  seeds: number;
  steps: number;
  faults: number;
  requests: number;
}

const read = readOptions(process.argv.slice(2), availableParallelism());
if (read.kind === 'problem') {
  console.error(`${read.words}\n\n${USAGE}`);
  process.exit(2);
}
const { options } = read;
const players = new Players(options.workers);
const status = options.planted.length > 0 ? await findPlanted(options) : await simulate(options);
players.close();
process.exit(status);

async function simulate(wanted: Options): Promise<number> {
  const tally: Tally = { seeds: 0, steps: 0, faults: 0, requests: 0 };
  const started = performance.now();
  const failing = await playAll(wanted, null, tally);
  const { seeds, steps, faults } = tally;
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  console.log(
    `${seeds} seeds, ${steps} steps, ${faults} faults, ${tally.requests} requests of the bot in ${seconds} s`,
  );
  if (failing === null) {
    console.log('No invariant was broken.');
    if (wanted.json) console.log(JSON.stringify({ seeds, steps, faults, violations: 0 }));
    return 0;
  }
  const { seed, violation } = failing;
  console.log(`Seed ${seed} breaks ${violation?.invariant ?? ''}: ${violation?.words ?? ''}`);
  // Of one that did not end there is no story: playing it again would not end either.
  if (failing.steps > 0) await tell(seed, wanted);
  if (wanted.json)
    console.log(JSON.stringify({ seeds, steps, faults, violations: 1, seed, invariant: violation?.invariant ?? null }));
  return 1;
}

/** The shortest story found of what went wrong. */
async function tell(seed: number, { steps, store }: Options, bug: BugName | null = null): Promise<void> {
  const settings = (): PlaySettings => ({ store, ...(bug === null ? {} : { planted: PLANTED_BUGS[bug].plant() }) });
  const scenario = writeScenario(seed, steps);
  const failing = await play(scenario, settings()).catch((error: unknown) => {
    console.log('It could not be played to its end:', error);
  });
  if (failing === undefined) return;
  if (failing.violation === null) return console.log('It could not be played again: that is a bug of the simulation.');
  const short = await shrink(scenario, failing, { settings, tries: SHRINK_TRIES });
  console.log(`\nThe story on ${scenario.forge}, in ${short.scenario.steps.length} of ${failing.steps} steps:`);
  for (const { step, words } of short.played.story) console.log(`  ${String(step).padStart(3)}  ${words}`);
  console.log(`  →    ${short.played.violation?.invariant}: ${short.played.violation?.words}`);
  console.log(
    `\nAgain: npm run simulate -- --seed ${seed} --steps ${steps} --store ${store}${bug === null ? '' : ` --planted ${bug}`}`,
  );
}

/** Each bug has its seeds, from the first, until it is found. */
async function findPlanted(wanted: Options): Promise<number> {
  const total: Tally = { seeds: 0, steps: 0, faults: 0, requests: 0 };
  const missed: BugName[] = [];
  const found: Record<string, { readonly seed: number; readonly invariant: string }> = {};
  for (const bug of wanted.planted) {
    const before = total.seeds;
    const failing = await playAll(wanted, bug, total);
    if (failing?.violation === undefined || failing.violation === null) {
      missed.push(bug);
      console.log(`${bug}: not found in ${total.seeds - before} seeds`);
      continue;
    }
    found[bug] = { seed: failing.seed, invariant: failing.violation.invariant };
    console.log(`${bug}: found by seed ${failing.seed} (${failing.violation.invariant}: ${failing.violation.words})`);
    if (wanted.planted.length === 1 && wanted.seeds === 1) await tell(failing.seed, wanted, bug);
  }
  const { seeds, steps, faults } = total;
  if (wanted.json)
    console.log(
      JSON.stringify({ seeds, steps, faults, violations: Object.keys(found).length, planted: found, missed }),
    );
  return missed.length === 0 ? 0 : 1;
}

/** The failing seed with the smallest number, or null: the same whatever the number of processes. */
async function playAll(wanted: Options, planted: BugName | null, tally: Tally): Promise<Report | null> {
  let next = wanted.firstSeed;
  const end = wanted.firstSeed + wanted.seeds;
  let worst: Report | null = null;
  const takeOrder = (): Order | null => {
    const isOver = next >= end || (worst !== null && next > worst.seed);
    return isOver ? null : { seed: next++, steps: wanted.steps, store: wanted.store, planted };
  };
  const onReport = (report: Report): void => {
    tally.seeds += 1;
    tally.steps += report.steps;
    tally.faults += report.faults;
    tally.requests += report.requests;
    if (report.violation !== null && (worst === null || report.seed < worst.seed)) worst = report;
    if (planted === null && tally.seeds % 25 === 0) console.error(`${tally.seeds} of ${wanted.seeds} seeds`);
  };
  await players.playAll(takeOrder, onReport);
  return worst;
}
