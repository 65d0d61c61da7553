/** Reads a configuration repository as it is now: its mirror brought up to date, and the configuration of one branch. */
import type { ParsedConfiguration } from '../../config/parse-configuration.js';
import type { Configuration } from '../../core/configuration.js';
import { findTargets, type Target } from '../../core/environment/find-targets.js';
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import type { NoneOfOurs } from '../../core/none-of-ours.js';
import type { FileProblem } from '../../core/problem.js';
import type { Forge, RepositoryFacts } from '../../ports/forge.js';
import type { Mirror } from '../../ports/repository.js';
import { noneOfOursText } from '../../text/none-of-ours-text.js';
import { forgeOf, type App } from '../app.js';
import { gatherOrganisationPolicy, type PolicyPlace } from '../policy/gather-organisation-policy.js';
import { CONFIGURATION_FILE, readConfiguration } from '../policy/read-configuration.js';

/** One branch of a repository that is configured. */
export interface ConfiguredRepository {
  readonly kind: 'configured';
  readonly repository: RepositoryId;
  readonly forge: Forge;
  readonly facts: RepositoryFacts;
  readonly mirror: Mirror;
  readonly branch: string;
  readonly tip: Sha;
  readonly configuration: Configuration;
  /** Where the organisation's policy and what it names stand, if it is that one; else they stand on this very branch. */
  readonly organisation?: PolicyPlace;
}

export type RepositoryReading =
  | ConfiguredRepository
  /** The file is there and wrong: `lockkeeper/plan` fails with every problem and nothing else acts. */
  | (Omit<ConfiguredRepository, 'kind' | 'configuration'> & {
      readonly kind: 'broken';
      readonly problems: readonly FileProblem[];
    })
  /** Not given to the bot, no such branch, or no `.lockkeeper.yaml`: none of our business. */
  | { readonly kind: 'none-of-ours'; readonly why: NoneOfOurs };

/** `branch`: the default branch when absent. `known`: a commit with which the mirror is new enough; it is not fetched again then. */
export async function gatherRepository(
  app: App,
  repository: RepositoryId,
  ...[branch, known]: [branch?: string, known?: Sha]
): Promise<RepositoryReading> {
  const forge = forgeOf(app, repository);
  const facts = await forge.repositories.facts(repository);
  if (facts === null) return { kind: 'none-of-ours', why: { kind: 'no-access' } };
  const mirror = await app.mirrors.of({
    repository,
    cloneUrl: facts.cloneUrl,
    credentials: () => forge.repositories.credentials(repository),
  });
  if (known === undefined || !(await mirror.holds(known))) await mirror.fetch();
  const name = branch ?? facts.defaultBranch;
  const tip = await mirror.branch(name);
  if (tip === null) return { kind: 'none-of-ours', why: { kind: 'no-branch', branch: name } };
  const parsed = await readConfiguration(mirror, tip);
  if (parsed === null)
    return { kind: 'none-of-ours', why: { kind: 'not-configured', branch: name, file: CONFIGURATION_FILE } };
  const common = { repository, forge, facts, mirror, branch: name, tip };
  if (parsed.kind === 'invalid') return { kind: 'broken', ...common, problems: parsed.problems };
  return { kind: 'configured', ...common, ...(await withOrganisation(app, repository, parsed)) };
}

/** What has no policy of its own goes by the organisation's, where there is one. */
export async function withOrganisation(
  app: App,
  repository: RepositoryId,
  { configuration, policySource }: Extract<ParsedConfiguration, { kind: 'valid' }>,
): Promise<Pick<ConfiguredRepository, 'configuration' | 'organisation'>> {
  const found = policySource.kind === 'default' ? await gatherOrganisationPolicy(app, repository) : null;
  if (found === null) return { configuration };
  const { policy, place } = found;
  return { configuration: { ...configuration, policy }, ...(place === null ? {} : { organisation: place }) };
}

/** One debug line for what is none of our business. `why`: a clause where it is nothing that many ask. */
export function logIgnored(app: App, repository: RepositoryId, why: NoneOfOurs | string): void {
  app.log.debug(
    { repository: repositoryKey(repository) },
    `Ignored: ${typeof why === 'string' ? why : noneOfOursText(why)}`,
  );
}

/** The targets of a commit or tree. */
export async function targetsAt(mirror: Mirror, tree: Sha, configuration: Configuration): Promise<readonly Target[]> {
  const entries = await mirror.entries(tree);
  return findTargets(
    entries.map((entry) => entry.path),
    configuration,
  );
}
