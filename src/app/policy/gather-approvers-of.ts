/** Who approved what an environment runs now: the trailers of the merges that brought it there. */
import type { Sha } from '../../core/ids.js';
import type { PlanFacts, PolicyFacts } from '../../core/policy/policy-facts.js';
import { targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';
import { trailerValues } from '../branch/own-branch.js';

/** For each environment, of the applications that the pull request touches. What was not merged by the bot says nothing: unknown. */
export async function gatherApproversOf(
  repository: ConfiguredRepository,
  affected: PlanFacts['affected'],
  environments: readonly string[],
): Promise<PolicyFacts['approversOf']> {
  if (environments.length === 0 || affected === 'unknown') return {};
  const { mirror, tip, configuration } = repository;
  const applications = new Set(affected.targets.map(({ app }) => app));
  const targets = await targetsAt(mirror, tip, configuration);
  const found = await Promise.all(
    environments.map(async (environment) => {
      // An organisation's policy may name one that is not here: then nobody knows whom it means.
      if (!configuration.environments.some(({ name }) => name === environment))
        return [environment, 'unknown'] as const;
      const directories = targets
        .filter(({ name }) => name.env === environment && applications.has(name.app))
        .map(({ directory }) => directory);
      const approvers = await Promise.all(directories.map((directory) => approversAt(repository, tip, directory)));
      return [environment, approvers.some((each) => each === null) ? 'unknown' : distinct(approvers)] as const;
    }),
  );
  return Object.fromEntries(found);
}

function distinct(approvers: readonly (readonly string[] | null)[]): readonly string[] {
  return [...new Set(approvers.flatMap((each) => each ?? []))];
}

/** Null: the last change was not merged by the bot, so that nobody knows who agreed to it. */
async function approversAt(
  { mirror }: ConfiguredRepository,
  tip: Sha,
  directory: string,
): Promise<readonly string[] | null> {
  const [last] = await mirror.log({ from: null, to: tip, paths: [directory], limit: 1, walk: 'first-parents' });
  if (last === undefined || trailerValues(last.message, 'Lockkeeper-Plan').length === 0) return null;
  return trailerValues(last.message, 'Lockkeeper-Approved-By');
}
