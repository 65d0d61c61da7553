/**
 * Since when an environment has run what a target would get: the same carried set, all that time, on the target branch.
 *
 * Worked example. A promotion would give prod what test holds. Test took it in at Monday 10:00 by a merge, and nothing of its carried set
 * has changed since: the answer is Monday 10:00. Had its carried set been another for an hour in between, that hour's end would be it.
 */
import { targetKey, type Instant, type Sha } from '../../core/ids.js';
import { targetNamed, type Target } from '../../core/environment/find-targets.js';
import type { PullRequest } from '../../core/forge-objects.js';
import type { PlanFacts, TargetFacts } from '../../core/policy/policy-facts.js';
import { carriedChanges, type TargetFiles } from '../../core/promotion/carried-set.js';
import { targetFiles } from '../promotion/gather-promotion.js';
import { targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';

/** Steps of an environment's history that are looked at: what has stood through more is as old as the oldest of them. */
const MOST_STEPS = 50;

/** The facts with `provenSince` of these environments; what is not known of a target stays unknown. */
export async function gatherProven(
  repository: ConfiguredRepository,
  { head }: PullRequest,
  facts: Pick<PlanFacts, 'affected' | 'targets'>,
  environments: readonly string[],
): Promise<PlanFacts['targets']> {
  if (environments.length === 0 || facts.affected === 'unknown') return facts.targets;
  const { mirror, tip, configuration } = repository;
  const merged = await mirror.merge(tip, head.sha);
  if (merged.kind === 'conflict') return facts.targets;
  const [now, then] = await Promise.all([
    targetsAt(mirror, tip, configuration),
    targetsAt(mirror, merged.tree, configuration),
  ]);
  const proven = await Promise.all(
    then.map(async (target): Promise<readonly [string, TargetFacts][]> => {
      const known = facts.targets[targetKey(target.name)];
      if (known === undefined) return [];
      const wanted = await targetFiles({ repository }, merged.tree, target);
      const since = await Promise.all(
        environments.map(async (environment) => {
          const there = targetNamed(now, { app: target.name.app, env: environment });
          return [environment, there === null ? null : await heldSince(repository, there, wanted)] as const;
        }),
      );
      return [[targetKey(target.name), { ...known, provenSince: Object.fromEntries(since) }]];
    }),
  );
  return { ...facts.targets, ...Object.fromEntries(proven.flat()) };
}

/** Null: it holds something else now, or what would be carried can't be told. */
async function heldSince(
  repository: ConfiguredRepository,
  place: Target,
  wanted: TargetFiles,
): Promise<Instant | null> {
  const { mirror, tip } = repository;
  if (!(await holds(repository, { at: tip, place, wanted }))) return null;
  const range = { from: null, to: tip, paths: [place.directory], limit: MOST_STEPS, walk: 'first-parents' } as const;
  const steps = await mirror.log(range);
  let since: Instant | null = null;
  for (const [index, step] of steps.entries()) {
    if (!(await holds(repository, { at: step.sha, place, wanted }))) return since;
    // Clocks of those who push may be wrong: nothing came earlier than what it stands on.
    since = Math.max(...steps.slice(index).map(({ committedAt }) => committedAt));
  }
  return since;
}

interface Holding {
  readonly at: Sha;
  readonly place: Target;
  readonly wanted: TargetFiles;
}

/** Carrying what stands there to the target would change nothing in it. */
async function holds(repository: ConfiguredRepository, { at, place, wanted }: Holding): Promise<boolean> {
  const source = await targetFiles({ repository }, at, place);
  const changes = carriedChanges(source, wanted, repository.configuration.carry);
  return source.files.length > 0 && changes.kind === 'changes' && changes.changes.length === 0;
}
