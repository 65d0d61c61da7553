/**
 * Acts that make sense together. Left to chance, a pull request is seldom approved, green and asked for at once, and it is there that most
 * can go wrong: an arc brings one that far, lets something happen to it, and asks for the merge.
 */
import type { ActName } from '../acts/acts.js';
import type { Random } from '../random.js';
import type { Near } from './trouble.js';

export interface ArcStep {
  readonly act: ActName;
  readonly about: 'any' | 'arc';
  /** `anything` when not given. */
  readonly near?: Near;
  readonly afterwards?: 'everything' | 'something' | 'nothing';
}

export function writeArc(random: Random): readonly ArcStep[] {
  return random.weighted<(random: Random) => readonly ArcStep[]>([
    [10, ripeAndTroubled],
    [6, pushedAtTheLastMoment],
    [3, twoThatMeet],
    [5, oneBehindTheOther],
    [2, bumpAndDeath],
    [2, bumpsOverPeople],
    [3, botsOwnMerge],
    [4, mergedOrNot],
    [5, askedByTheWrongOne],
    [9, staleAndVerified],
    [3, frozenMeanwhile],
    [4, configuredAnew],
    [3, takenBack],
  ])(random);
}

/** What may happen to a pull request between its approval and its merge. */
const TROUBLES: readonly (readonly [weight: number, act: ActName])[] = [
  [6, 'take-all-back'],
  [3, 'push-comment'],
  [2, 'push'],
  [1, 'force-push'],
  [2, 'move-the-base'],
  [1, 'take-back'],
  [1, 'request-changes'],
  [1, 'ci-one'],
  [1, 'hold-or-freeze'],
  [1, 'change-rights'],
];

function ripe(random: Random): readonly ArcStep[] {
  const opening = random.one<ActName>('change-files', 'change-hot-place', 'change-image');
  return [
    { act: opening, about: 'any', afterwards: 'everything' },
    { act: 'approve-all', about: 'arc', afterwards: 'everything' },
  ];
}

function ripeAndTroubled(random: Random): readonly ArcStep[] {
  const trouble: ArcStep = { act: random.weighted(TROUBLES), about: 'arc' };
  const merge: ArcStep = { act: 'ask-to-merge', about: 'arc', near: 'merge' };
  const green: ArcStep = { act: 'ci-green', about: 'any', near: 'merge' };
  const [first, second] = random.one([green, merge], [merge, green]) as [ArcStep, ArcStep];
  return random.chance(0.75) ? [...ripe(random), trouble, first, second] : [...ripe(random), first, second];
}

/** Whoever wrote it pushes once more after the bot's last look at it. */
function pushedAtTheLastMoment(random: Random): readonly ArcStep[] {
  const ready: readonly ArcStep[] = [
    { act: 'change-hot-place', about: 'any', afterwards: 'everything' },
    { act: 'approve-all', about: 'arc', afterwards: 'everything' },
  ];
  const merge: ArcStep = { act: 'ask-to-merge', about: 'arc', near: 'last look', afterwards: 'everything' };
  const green: ArcStep = { act: 'ci-green', about: 'any', near: 'last look', afterwards: 'everything' };
  return [...ready, ...(random.chance(0.5) ? [green, merge] : [merge, green])];
}

/** Nobody says whether the forge merged it. */
function mergedOrNot(random: Random): readonly ArcStep[] {
  const green: ArcStep = { act: 'ci-green', about: 'any', near: 'lost answer', afterwards: 'everything' };
  if (random.chance(0.5)) return [{ act: 'bump', about: 'any', near: 'lost answer', afterwards: 'everything' }, green];
  return [...ripe(random), { act: 'ask-to-merge', about: 'arc', near: 'lost answer', afterwards: 'everything' }, green];
}

/** Two that have nothing in common are in the queue, and CI ends with the second before the first. */
function oneBehindTheOther(): readonly ArcStep[] {
  const queued = (act: ActName): readonly ArcStep[] => [
    { act, about: 'any', afterwards: 'everything' },
    { act: 'approve-all', about: 'arc', afterwards: 'everything' },
    { act: 'ask-to-merge', about: 'arc', afterwards: 'everything' },
  ];
  return [
    ...queued('change-hot-place'),
    ...queued('change-another-place'),
    { act: 'ci-green-of-one', about: 'arc', afterwards: 'everything' },
    { act: 'ci-green', about: 'any', near: 'merge' },
  ];
}

/** Nobody approves any more of what was approved. */
function takenBack(random: Random): readonly ArcStep[] {
  const green: ArcStep = { act: 'ci-green', about: 'any', afterwards: 'everything' };
  const merge: ArcStep = { act: 'ask-to-merge', about: 'arc', afterwards: 'everything' };
  return [
    { act: 'change-hot-place', about: 'any', afterwards: 'everything' },
    { act: 'approve-all', about: 'arc', afterwards: 'everything' },
    { act: 'take-all-back', about: 'arc', afterwards: 'everything' },
    ...(random.chance(0.5) ? [green, merge] : [merge, green]),
  ];
}

/** What is approved and green lies in an environment that was frozen since. */
function frozenMeanwhile(random: Random): readonly ArcStep[] {
  return [
    ...ripe(random),
    { act: 'freeze-its-place', about: 'arc', afterwards: 'everything' },
    { act: 'ci-green', about: 'any', afterwards: 'everything' },
    { act: 'ask-to-merge', about: 'arc' },
  ];
}

/** The configuration is another before what was ready under the former one is merged. */
function configuredAnew(random: Random): readonly ArcStep[] {
  return [
    { act: 'change-configuration', about: 'any', afterwards: 'everything' },
    { act: 'approve-all', about: 'arc', afterwards: 'everything' },
    { act: 'merge-anyway', about: 'arc', afterwards: 'everything' },
    ...ripe(random),
    { act: 'ci-green', about: 'any', afterwards: 'everything' },
    { act: 'ask-to-merge', about: 'arc' },
  ];
}

/** Two change the same target and are ready together: what is merged first changes the plan of the other. */
function twoThatMeet(): readonly ArcStep[] {
  const ready: readonly ArcStep[] = [
    { act: 'change-hot-place', about: 'any', afterwards: 'everything' },
    { act: 'approve-all', about: 'arc', afterwards: 'everything' },
    { act: 'ask-to-merge', about: 'arc', afterwards: 'everything' },
  ];
  const green: ArcStep = { act: 'ci-green', about: 'any', near: 'merge' };
  return [...ready, ...ready, green, green];
}

function bumpAndDeath(random: Random): readonly ArcStep[] {
  return [
    { act: 'bump', about: 'any', afterwards: random.one('nothing', 'something') },
    { act: 'crash', about: 'any' },
  ];
}

function bumpsOverPeople(): readonly ArcStep[] {
  return [
    { act: 'bump', about: 'any', afterwards: 'everything' },
    { act: 'push-to-bots-branch', about: 'any' },
    { act: 'bump', about: 'any' },
    { act: 'ci-green', about: 'any', near: 'merge' },
  ];
}

/** What the bot opens by itself and merges by itself. */
function botsOwnMerge(random: Random): readonly ArcStep[] {
  const green: ArcStep = { act: 'ci-green', about: 'any', near: 'merge' };
  return random.chance(0.5)
    ? [{ act: 'bump', about: 'any', afterwards: 'everything' }, green, green]
    : [{ act: 'ci-green', about: 'any', afterwards: 'everything' }, green];
}

/** What is green has become stale, is verified anew where the configuration says so, and may become stale once more meanwhile. */
function staleAndVerified(random: Random): readonly ArcStep[] {
  const hot: ArcStep = { act: 'change-hot-place', about: 'any', afterwards: 'everything' };
  const green: ArcStep = { act: 'ci-green', about: 'any', afterwards: 'everything' };
  const approved: ArcStep = { act: 'approve-all', about: 'arc', afterwards: 'everything' };
  const moved: readonly ArcStep[] = [hot, approved, { act: 'merge-anyway', about: 'arc', afterwards: 'everything' }];
  return [
    hot,
    approved,
    { act: 'change-hot-image', about: 'any', afterwards: 'everything' },
    { act: 'merge-the-other', about: 'arc', afterwards: 'everything' },
    approved,
    green,
    { act: 'ask-to-merge', about: 'arc', afterwards: 'everything' },
    ...(random.chance(0.6) ? moved : []),
    random.chance(0.7) ? green : { act: 'ci-of-queue', about: 'any' },
    green,
  ];
}

function askedByTheWrongOne(random: Random): readonly ArcStep[] {
  return [...ripe(random), { act: 'ci-green', about: 'any' }, { act: 'ask-without-right', about: 'arc' }];
}
