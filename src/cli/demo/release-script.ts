/**
 * The script of a release: who does what in which environment, as a configuration asks for it.
 *
 * Worked example: with the demo's configuration, api 1.1.0 is bumped in dev, travels to test by itself, and to prod after `/promote prod`
 * by alice (carol tries first and is refused), two approvals and `/merge`.
 */
import semver from 'semver';
import type { Configuration, EnvironmentRules, ImageRule } from '../../core/configuration.js';
import type { PeopleRule } from '../../core/people-rule.js';
import { peopleFor } from '../../core/command/authorise.js';
import { successors } from '../../core/environment/environment-order.js';
import { decidingRules } from '../../core/policy/deciding-rule.js';
import { leavesOf } from '../../core/policy/requirement-leaves.js';
import { choosePerson, choosePeople, somebodyElse } from './cast.js';
import { checksFor } from './checks-for.js';
import { fieldsOf, versionOf, type Files, type Places } from './versions.js';

export interface ReleaseScript {
  readonly repository: string;
  readonly branch: string;
  readonly places: Places;
  readonly app: string;
  readonly image: string;
  readonly from: string;
  readonly to: string;
  /** Sent with the bump where the files pin a digest beside the tag; else null. */
  readonly digest: string | null;
  /** The names CI reports under. */
  readonly checks: readonly string[];
  readonly stages: readonly [Stage, ...Stage[]];
  /** Why the play ends before the last environment; null where it goes all the way. */
  readonly ending: string | null;
}

export interface Stage {
  readonly environment: string;
  readonly opening:
    | { readonly kind: 'bump' }
    | { readonly kind: 'by-itself'; readonly source: string }
    /** `refused`: who tries first and may not; null where everybody may. */
    | { readonly kind: 'command'; readonly source: string; readonly by: string; readonly refused: string | null };
  /** Who approves if the policy waits for it. */
  readonly approvers: readonly string[];
  readonly merging: { readonly kind: 'by-itself' } | { readonly kind: 'command'; readonly by: string };
}

interface ScriptRequest {
  readonly repository: string;
  readonly branch: string;
  readonly configuration: Configuration;
  readonly files: Files;
  /** The next patch version when not given. */
  readonly version?: string;
}

export type WrittenScript =
  | { readonly kind: 'written'; readonly script: ReleaseScript }
  /** Nothing in the repository can be bumped. */
  | { readonly kind: 'nothing-to-release'; readonly reason: string };

/** Takes the first entry under `images:` whose image the files name with a version that has a next one. */
export async function writeScript(request: ScriptRequest): Promise<WrittenScript> {
  const { configuration, files } = request;
  const reasons: string[] = [];
  for (const rule of configuration.images) {
    const what = { target: { app: rule.app, env: rule.into }, image: rule.image };
    const from = await versionOf(files, configuration, what);
    const to = from === null ? null : (request.version ?? nextVersion(rule, from));
    if (from === null) reasons.push(`No file of ${rule.app} in ${rule.into} names ${rule.image}.`);
    else if (to === null) reasons.push(`${rule.image} is at ${from}, and no next version fits its rule.`);
    else {
      const pinned = (await fieldsOf(files, configuration, what)).some(({ digestPath }) => digestPath !== null);
      const release = { rule, from, to, digest: pinned ? `sha256:${'0123456789abcdef'.repeat(4)}` : null };
      return { kind: 'written', script: scriptOf(request, release) };
    }
  }
  const none = 'Its .lockkeeper.yaml has no entry under images:, so there is nothing that a build could ask for.';
  return { kind: 'nothing-to-release', reason: reasons.length === 0 ? none : reasons.join(' ') };
}

function scriptOf(
  { repository, branch, configuration }: ScriptRequest,
  { rule, ...versions }: Pick<ReleaseScript, 'from' | 'to' | 'digest'> & { readonly rule: ImageRule },
): ReleaseScript {
  const way = wayFrom(rule.into, configuration.environments);
  const stages = way.environments.map((rules, index) => {
    const source = way.environments[index - 1]?.name ?? null;
    return stageOf(configuration, { app: rule.app, rules, source });
  });
  const first = stageOf(configuration, { app: rule.app, rules: rulesOf(configuration, rule.into), source: null });
  return {
    repository,
    branch,
    places: { layouts: configuration.layouts, environments: configuration.environments },
    app: rule.app,
    image: rule.image,
    ...versions,
    checks: checksFor(way.environments.flatMap(({ gates }) => gates.checks)),
    stages: [first, ...stages.slice(1)],
    ending: way.ending,
  };
}

function rulesOf({ environments }: Configuration, name: string): EnvironmentRules {
  const found = environments.find((each) => each.name === name);
  if (found === undefined) throw new Error(`The configuration was read with an environment ${name} that it has not`);
  return found;
}

/** The first chain of environments from one on, and why it ends before it has no successor. */
function wayFrom(
  start: string,
  all: readonly EnvironmentRules[],
): { readonly environments: readonly EnvironmentRules[]; readonly ending: string | null } {
  const way = all.filter(({ name }) => name === start);
  for (let at = start; ;) {
    const [next] = successors(at, all);
    if (next === undefined) return { environments: way, ending: null };
    const missing = next.after.filter((name) => !way.some((each) => each.name === name));
    if (missing.length > 0)
      return {
        environments: way,
        ending: `${next.name} also comes after ${missing.join(' and ')}, which this play does not reach.`,
      };
    if (next.gates.soak > 0)
      return {
        environments: way,
        ending: `${next.name} asks that a version stands in ${at} for a while first (soak), and this play does not wait.`,
      };
    way.push(next);
    at = next.name;
  }
}

function stageOf(
  configuration: Configuration,
  at: { readonly app: string; readonly rules: EnvironmentRules; readonly source: string | null },
): Stage {
  const { rules, source } = at;
  const may = (command: 'promote' | 'merge'): PeopleRule => peopleFor(configuration.commands, command, rules.name);
  return {
    environment: rules.name,
    opening: openingOf(rules, source, may('promote')),
    approvers: approversOf(configuration, { app: at.app, env: rules.name }),
    merging: rules.merge === 'auto' ? { kind: 'by-itself' } : { kind: 'command', by: choosePerson(may('merge')) },
  };
}

function openingOf(rules: EnvironmentRules, source: string | null, may: PeopleRule): Stage['opening'] {
  if (source === null) return { kind: 'bump' };
  if (rules.promotion === 'auto') return { kind: 'by-itself', source };
  return { kind: 'command', source, by: choosePerson(may), refused: somebodyElse(may) };
}

/** Enough people for the strictest of the rules that may come to decide. */
function approversOf(
  configuration: Configuration,
  target: { readonly app: string; readonly env: string },
): readonly string[] {
  const names = decidingRules(configuration.policy.rules, target);
  const demands = configuration.policy.rules
    .filter(({ name }) => names.includes(name))
    .flatMap(({ require }) => leavesOf(require))
    .flatMap((require) => (require.kind === 'approvals' ? [require] : []));
  const [strictest] = demands.toSorted((a, b) => b.count - a.count);
  return strictest === undefined ? [] : choosePeople(strictest.from, strictest.count);
}

/** `v1.2.3` → `v1.2.4`; the next minor or major one where the rule's range leaves no other. */
export function nextVersion(rule: Pick<ImageRule, 'range' | 'update'>, from: string): string | null {
  const current = semver.valid(from);
  if (current === null)
    return rule.update === 'any' && rule.range === null && !from.includes(',') ? `${from}-next` : null;
  const prefix = from.startsWith('v') ? 'v' : '';
  const candidates = (['patch', 'minor', 'major'] as const).flatMap((part) => semver.inc(current, part) ?? []);
  const next = candidates.find((each) => rule.range === null || semver.satisfies(each, rule.range));
  return next === undefined ? null : `${prefix}${next}`;
}
