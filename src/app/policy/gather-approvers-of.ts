/** Who approved what an environment runs now: the trailers of the merges that brought it there. */
import type { PlanFacts, PolicyFacts } from '../../core/policy/policy-facts.js';
import { APPROVED_BY } from '../../text/merge-text.js';
import type { App } from '../app.js';
import { trailerValues } from '../branch/own-branch.js';
import { ownMergeTrailers } from '../branch/own-merge.js';
import { targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';

/** For each environment, of the applications that the pull request touches. What was not merged by the bot says nothing: unknown. */
export async function gatherApproversOf(
  app: App,
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
      const approvers = await Promise.all(directories.map((directory) => approversAt(app, repository, directory)));
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
  app: App,
  { mirror, tip, repository }: ConfiguredRepository,
  directory: string,
): Promise<readonly string[] | null> {
  const [last] = await mirror.log({ from: null, to: tip, paths: [directory], limit: 1, walk: 'first-parents' });
  const trailers = last === undefined ? null : ownMergeTrailers(app, repository, last);
  return trailers === null ? null : trailerValues(trailers.join('\n'), APPROVED_BY);
}
