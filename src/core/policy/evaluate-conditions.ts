/**
 * Does a rule fit a part of a pull request? Each condition is yes, no, or unknown where the fact it asks for could not be read.
 *
 * What is asked of the pull request as a whole is found out once for each rule, however many targets there are.
 */
import { RE2JS } from 're2js';
import { targetKey } from '../ids.js';
import { isOpen } from '../time/weekly-window.js';
import { sameLogin } from './among-people.js';
import { compileGlobs } from '../glob/glob.js';
import type { PolicyFacts, TargetFacts } from './policy-facts.js';
import type {
  Comparison,
  ConditionName,
  Conditions,
  CostThreshold,
  LabelCondition,
  SizeCondition,
} from './policy-rules.js';
import type { Part } from './verdict.js';
import { standingIn } from './words-of-reviewers.js';

type Answer = 'yes' | 'no' | 'unknown';

export type Fit =
  | { readonly kind: 'fits' }
  /** `condition`: the first that does not hold. */
  | { readonly kind: 'does-not-fit'; readonly condition: ConditionName }
  /** All that can be told hold. */
  | { readonly kind: 'unknown'; readonly conditions: readonly ConditionName[] };

/** Says of each part whether these conditions fit it. */
export function conditionsOn(when: Conditions, facts: PolicyFacts): (part: Part) => Fit {
  let whole: readonly Told[] | null = null;
  return (part) => {
    const ofPart = tell(PART_CONDITIONS, when, (condition) => condition(part, facts));
    const no = ofPart.find(({ answer }) => answer === 'no');
    if (no !== undefined) return { kind: 'does-not-fit', condition: no.name };
    whole ??= tell(WHOLE_CONDITIONS, when, (condition) => condition(facts));
    return fitOf([...ofPart, ...whole]);
  };
}

interface Told {
  readonly name: ConditionName;
  readonly answer: Answer;
}

function fitOf(told: readonly Told[]): Fit {
  const no = told.find(({ answer }) => answer === 'no');
  if (no !== undefined) return { kind: 'does-not-fit', condition: no.name };
  const unknown = told.filter(({ answer }) => answer === 'unknown').map(({ name }) => name);
  return unknown.length > 0 ? { kind: 'unknown', conditions: unknown } : { kind: 'fits' };
}

/** In the order of the table, up to the first no. */
function tell<C>(
  table: readonly (readonly [ConditionName, (when: Conditions) => C | null])[],
  when: Conditions,
  ask: (condition: C) => Answer,
): readonly Told[] {
  const told: Told[] = [];
  for (const [name, conditionIn] of table) {
    const condition = conditionIn(when);
    if (condition === null) continue;
    const answer = ask(condition);
    told.push({ name, answer });
    if (answer === 'no') break;
  }
  return told;
}

type PartCondition = (part: Part, facts: PolicyFacts) => Answer;
type WholeCondition = (facts: PolicyFacts) => Answer;

const given =
  <V, C>(make: (value: V) => C) =>
  (value: V | null): C | null =>
    value === null ? null : make(value);

const PART_CONDITIONS: readonly (readonly [ConditionName, (when: Conditions) => PartCondition | null])[] = [
  ['environments', ({ environments }) => given(isEnvironment)(environments)],
  ['applications', ({ applications }) => given(isApplication)(applications)],
  ['kinds', ({ kinds }) => given(changesKinds)(kinds)],
  ['versionStep', ({ versionStep }) => given(makesStep)(versionStep)],
  ['provenIn', ({ provenIn }) => given(isProven)(provenIn)],
];

/** The cheap ones first. */
const WHOLE_CONDITIONS: readonly (readonly [ConditionName, (when: Conditions) => WholeCondition | null])[] = [
  ['branches', ({ branches }) => given(goesInto)(branches)],
  ['draft', ({ draft }) => given(is<boolean>((facts) => facts.draft))(draft)],
  ['bots', ({ bots }) => given(isByBot)(bots)],
  ['author', ({ author }) => given(isBy)(author)],
  ['authorTeams', ({ authorTeams }) => given(isByTeam)(authorTeams)],
  ['signed', ({ signed }) => given(is<boolean>((facts) => facts.signed))(signed)],
  ['promotion', ({ promotion }) => given(isAnyOf((facts) => facts.promotion))(promotion)],
  ['labels', ({ labels }) => given(hasLabels)(labels)],
  ['title', ({ title }) => given(hasTitle)(title)],
  ['size', ({ size }) => given(hasSize)(size)],
  ['changes', ({ changes }) => given(hasTraits)(changes)],
  ['costIncrease', ({ costIncrease }) => given(costsMore)(costIncrease)],
  ['at', ({ at }) => given(isAt)(at)],
  ['files', ({ files }) => given(touchesFiles)(files)],
  ['onlyFiles', ({ onlyFiles }) => given(touchesOnly)(onlyFiles)],
];

const yesIf = (holds: boolean): Answer => (holds ? 'yes' : 'no');

function isEnvironment(names: readonly string[]): PartCondition {
  return (part) => yesIf(part.kind === 'target' && names.includes(part.target.env));
}

function isApplication(names: readonly string[]): PartCondition {
  return (part) => yesIf(part.kind === 'target' && names.includes(part.target.app));
}

/** What lies outside of all targets has no kinds, versions or past. */
function ofTarget(ask: (target: TargetFacts, facts: PolicyFacts) => Answer): PartCondition {
  return (part, facts) => {
    if (part.kind === 'outside') return 'no';
    const key = targetKey(part.target);
    const target = Object.hasOwn(facts.targets, key) ? facts.targets[key] : undefined;
    return target === undefined ? 'unknown' : ask(target, facts);
  };
}

function changesKinds(wanted: readonly string[]): PartCondition {
  return ofTarget(({ kinds }) =>
    kinds === 'unknown' ? 'unknown' : yesIf(kinds.some((kind) => wanted.includes(kind))),
  );
}

function makesStep(steps: readonly string[]): PartCondition {
  return ofTarget(({ versionStep }) => (versionStep === 'unknown' ? 'unknown' : yesIf(steps.includes(versionStep))));
}

function isProven({ environment, for: long }: NonNullable<Conditions['provenIn']>): PartCondition {
  return ofTarget(({ provenSince }, { now }) => {
    const since = Object.hasOwn(provenSince, environment) ? provenSince[environment] : undefined;
    if (since === undefined || since === 'unknown') return 'unknown';
    return yesIf(since !== null && now - since >= long);
  });
}

function isAnyOf<T extends string>(
  fact: (facts: PolicyFacts) => T | 'unknown',
): (wanted: readonly T[]) => WholeCondition {
  return (wanted) => (facts) => {
    const value = fact(facts);
    return value === 'unknown' ? 'unknown' : yesIf(wanted.some((each) => each === value));
  };
}

function is<T extends boolean>(fact: (facts: PolicyFacts) => T | 'unknown'): (wanted: T) => WholeCondition {
  return (wanted) => (facts) => {
    const value = fact(facts);
    return value === 'unknown' ? 'unknown' : yesIf(value === wanted);
  };
}

function goesInto(globs: readonly string[]): WholeCondition {
  const matches = compileGlobs(globs);
  return ({ base }) => (base === 'unknown' ? 'unknown' : yesIf(matches(base)));
}

function isByBot(wanted: boolean): WholeCondition {
  return ({ author }) => (author === 'unknown' ? 'unknown' : yesIf((author.kind === 'bot') === wanted));
}

function isBy(logins: readonly string[]): WholeCondition {
  return ({ author }) =>
    author === 'unknown' ? 'unknown' : yesIf(logins.some((login) => sameLogin(login, author.login)));
}

function isByTeam(teams: readonly string[]): WholeCondition {
  return (facts) => {
    const { author } = facts;
    if (author === 'unknown') return 'unknown';
    const standings = teams.map((team) => standingIn(author.login, team, facts));
    if (standings.includes('member')) return 'yes';
    return standings.includes('unknown') ? 'unknown' : 'no';
  };
}

function hasLabels({ any, all, none }: LabelCondition): WholeCondition {
  return ({ labels }) => {
    if (labels === 'unknown') return 'unknown';
    const has = (label: string): boolean => labels.includes(label);
    return yesIf((any.length === 0 || any.some(has)) && all.every(has) && !none.some(has));
  };
}

function hasTitle(pattern: string): WholeCondition {
  const expression = RE2JS.compile(pattern);
  return ({ title }) => (title === 'unknown' ? 'unknown' : yesIf(expression.test(title)));
}

function hasSize({ files, lines }: SizeCondition): WholeCondition {
  return ({ size }) => both(compare(size.files, files), compare(size.lines, lines));
}

function compare(value: number | 'unknown', comparison: Comparison | null): Answer {
  if (comparison === null) return 'yes';
  return value === 'unknown' ? 'unknown' : yesIf(holds(value, comparison));
}

function holds(value: number, { operator, value: limit }: Comparison): boolean {
  switch (operator) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
  }
}

function both(a: Answer, b: Answer): Answer {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes';
}

function hasTraits(wanted: readonly string[]): WholeCondition {
  return ({ changes, traits }) => {
    if (wanted.includes(changes) && changes !== 'unknown') return 'yes';
    if (traits !== 'unknown' && traits.some((trait) => wanted.includes(trait))) return 'yes';
    const asksExtent = wanted.some((each) => each === 'image-only' || each === 'replicas-only');
    const asksTraits = wanted.some((each) => each !== 'image-only' && each !== 'replicas-only');
    const open = (asksExtent && changes === 'unknown') || (asksTraits && traits === 'unknown');
    return open ? 'unknown' : 'no';
  };
}

function costsMore({ unit, ...comparison }: CostThreshold): WholeCondition {
  return ({ cost }) => {
    if (cost === 'unknown') return 'unknown';
    const more = cost.after - cost.before;
    if (unit === 'money') return yesIf(holds(more, comparison));
    // What cost nothing and costs something now has grown beyond any percentage.
    if (cost.before === 0) return yesIf(holds(more === 0 ? 0 : more > 0 ? Infinity : -Infinity, comparison));
    return yesIf(holds((more / cost.before) * 100, comparison));
  };
}

function isAt(windows: NonNullable<Conditions['at']>): WholeCondition {
  return ({ now }) => yesIf(windows.some((window) => isOpen(window, now)));
}

function touchesFiles(globs: readonly string[]): WholeCondition {
  const matches = compileGlobs(globs);
  return ({ files }) => {
    if (files === 'unknown') return 'unknown';
    if (files.paths.some(matches)) return 'yes';
    return files.extent === 'all' ? 'no' : 'unknown';
  };
}

function touchesOnly(globs: readonly string[]): WholeCondition {
  const matches = compileGlobs(globs);
  return ({ files }) => {
    if (files === 'unknown') return 'unknown';
    if (!files.paths.every(matches)) return 'no';
    if (files.extent === 'some') return 'unknown';
    return yesIf(files.paths.length > 0);
  };
}
