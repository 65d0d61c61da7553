/** How many pull requests an hour each kind of merge queue merges, and how many check runs it spends: computed, in virtual time. */
import { makeChanges, type Change, type Meeting } from './changes.js';
import { playBatches, playRounds, playSerial, type Outcome } from './strategies.js';

const MEETINGS: readonly Meeting[] = ['disjoint', 'half', 'all'];
const FAILING = [0, 0.05, 0.2];
const STRATEGIES = {
  serial: playSerial,
  batches: playBatches,
  lockkeeper: (changes: readonly Change[]) => playRounds(changes, 'plans'),
  /** `queue.speculate: checks`. */
  ahead: (changes: readonly Change[]) => playRounds(changes, 'checks'),
} satisfies Readonly<Record<string, (changes: readonly Change[]) => Outcome>>;

export async function benchQueue({ size }: { readonly size: 'full' | 'small' }): Promise<object> {
  const count = size === 'full' ? 100 : 20;
  const cases = MEETINGS.flatMap((meeting) => FAILING.map((failing) => playAll(count, meeting, failing)));
  const ratios = Object.fromEntries(
    cases.map((each) => [
      each.name,
      {
        merged: ratio(each.lockkeeper.mergedPerHour, each.serial.mergedPerHour),
        ahead: ratio(each.ahead.mergedPerHour, each.lockkeeper.mergedPerHour),
      },
    ]),
  );
  const ours = cases.flatMap((each) => [each.lockkeeper, each.ahead]);
  const disjoint = cases.filter(({ meeting }) => meeting === 'disjoint');
  const aims = {
    'disjoint: at least 20 times serial': met(disjoint.every((each) => (ratios[each.name]?.merged ?? 0) >= 20)),
    'never a red base': met(ours.every(({ redBase }) => redBase === 0)),
    'verifying ahead is nowhere slower': met(cases.every(({ name }) => (ratios[name]?.ahead ?? 0) >= 1)),
    'at most 1.3 check runs of the queue for each that is merged': met(
      ours.every(({ runsPerMerged }) => runsPerMerged <= 1.3),
    ),
  };
  for (const each of cases) tell(each.name, each);
  return { count, checksMinutes: 10, cases, ratios, aims };
}

interface Figures {
  readonly merged: number;
  readonly mergedPerHour: number;
  /** Spent by the queue. */
  readonly runs: number;
  readonly runsPerMerged: number;
  /** With the one that every pull request had on its own head before it joined. */
  readonly runsPerMergedWithOwn: number;
  readonly redBase: number;
}

type Case = { readonly name: string; readonly meeting: Meeting; readonly failing: number } & Record<
  keyof typeof STRATEGIES,
  Figures
>;

function playAll(count: number, meeting: Meeting, failing: number): Case {
  const changes = makeChanges(count, meeting, failing);
  // Red on their own head: no queue takes them.
  const joining = changes.filter(({ own }) => own === 'green');
  const figures = (play: typeof playSerial) => figuresOf(play(joining), count);
  return {
    name: `${meeting}, ${failing * 100} % fail`,
    meeting,
    failing,
    serial: figures(playSerial),
    batches: figures(playBatches),
    lockkeeper: figures(STRATEGIES.lockkeeper),
    ahead: figures(STRATEGIES.ahead),
  };
}

function figuresOf({ merged, minutes, queueRuns, broken }: Outcome, count: number): Figures {
  return {
    merged,
    mergedPerHour: round((merged / minutes) * 60),
    runs: queueRuns,
    runsPerMerged: round(queueRuns / merged),
    runsPerMergedWithOwn: round((queueRuns + count) / merged),
    redBase: broken,
  };
}

function tell(name: string, each: Case): void {
  console.log(name);
  for (const strategy of Object.keys(STRATEGIES) as (keyof typeof STRATEGIES)[]) {
    const { merged, mergedPerHour, runsPerMerged, runsPerMergedWithOwn, redBase } = each[strategy];
    console.log(
      `  ${strategy.padEnd(10)} ${merged} merged, ${mergedPerHour} an hour, ${runsPerMerged} check runs each (${runsPerMergedWithOwn} with their own), base red ${redBase} times`,
    );
  }
}

function met(aim: boolean): 'met' | 'missed' {
  return aim ? 'met' : 'missed';
}

function ratio(ours: number, theirs: number): number {
  return round(ours / theirs);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
