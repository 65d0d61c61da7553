/**
 * Acts that make sense together. Left to chance, a pull request is seldom approved, green and asked for at once, and it is there that most
 * can go wrong: an arc brings one that far, lets something happen to it, and asks for the merge.
 */
import type { ActName } from '../acts/acts.js';
import type { Random } from '../random.js';

export interface ArcStep {
  readonly act: ActName;
  readonly about: 'any' | 'arc';
  /** `merge`: trouble strikes where something is being merged. */
  readonly near?: 'anything' | 'merge';
  readonly afterwards?: 'everything' | 'something' | 'nothing';
}

export function writeArc(random: Random): readonly ArcStep[] {
  return random.weighted<(random: Random) => readonly ArcStep[]>([
    [8, ripeAndTroubled],
    [3, twoThatMeet],
    [2, bumpAndDeath],
    [2, bumpsOverPeople],
    [3, botsOwnMerge],
    [2, askedByTheWrongOne],
    [4, staleAndVerified],
  ])(random);
}

/** What may happen to a pull request between its approval and its merge. */
const TROUBLES: readonly (readonly [weight: number, act: ActName])[] = [
  [3, 'take-all-back'],
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
  const opening = random.one<ActName>('change-files', 'change-files', 'change-image');
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
  return random.chance(0.6) ? [...ripe(random), trouble, first, second] : [...ripe(random), first, second];
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
  const moved: readonly ArcStep[] = [
    { act: 'change-hot-place', about: 'any', afterwards: 'everything' },
    { act: 'merge-anyway', about: 'arc', afterwards: 'everything' },
  ];
  const green: ArcStep = { act: 'ci-green', about: 'any', afterwards: 'everything' };
  return [
    { act: 'change-hot-image', about: 'any', afterwards: 'everything' },
    ...moved,
    green,
    { act: 'ask-to-merge', about: 'any', afterwards: 'everything' },
    ...(random.chance(0.6) ? moved : []),
    random.chance(0.7) ? green : { act: 'ci-of-queue', about: 'any' },
    green,
  ];
}

function askedByTheWrongOne(random: Random): readonly ArcStep[] {
  return [...ripe(random), { act: 'ci-green', about: 'any' }, { act: 'ask-without-right', about: 'arc' }];
}
