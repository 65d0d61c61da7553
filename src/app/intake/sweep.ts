/** Looks at everything in one repository that could need something: the periodic comparison of what the forge says with what was done. */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { nextThaw } from '../../core/standing/freeze.js';
import { enqueue, forgeOf, type App } from '../app.js';
import { readFreezes } from '../command/freeze-book.js';
import { gatherRepository, logIgnored } from '../pull-request/gather-repository.js';
import { readAhead } from '../plan/read-ahead.js';

/** Closed pull requests are looked at again for this long after their last touch: somebody may have commented `/promote` there. */
const RECENT = 24 * 60 * 60 * 1000;

/** Only nudges: every job reads for itself and finds nothing to do where nothing is to be done. What plans will need is read ahead. */
export async function sweep(app: App, repository: RepositoryId): Promise<void> {
  const reading = await gatherRepository(app, repository);
  if (reading.kind === 'none-of-ours') return logIgnored(app, repository, reading.why);
  const { pullRequests } = reading.forge;
  const recent = await pullRequests.listUpdatedSince(repository, app.clock.now() - RECENT);
  const numbers = new Set([...(await pullRequests.listOpen(repository)), ...recent].map((each) => each.number));
  for (const number of [...numbers].sort((a, b) => a - b)) await enqueue(app, { kind: 'attend', repository, number });
  await enqueue(app, { kind: 'bump', repository });
  await enqueue(app, { kind: 'promote', repository });
  await enqueue(app, { kind: 'merge-queue', repository });
  if (reading.kind !== 'configured') return;
  // Time alone ends a freeze: whatever waits for that is looked at then.
  const thaw = nextThaw(await readFreezes(app, reading), app.clock.now());
  if (thaw !== null) await enqueue(app, { kind: 'sweep', repository }, thaw);
  await readAhead(app, reading);
}

/** A branch moved. Most are heads of pull requests, which the forge tells of by themselves; one that others aim at moves everything. */
export async function attendBranch(app: App, repository: RepositoryId, branch: string): Promise<void> {
  const forge = forgeOf(app, repository);
  const facts = await forge.repositories.facts(repository);
  if (facts === null) return logIgnored(app, repository, 'the bot has no access to it');
  if (branch === facts.defaultBranch) return enqueue(app, { kind: 'sweep', repository });
  const open = await forge.pullRequests.listOpen(repository);
  if (open.some((pullRequest) => pullRequest.base === branch)) await enqueue(app, { kind: 'sweep', repository });
}

/** Checks of a commit changed: the pull requests whose head it is, promotions whose source it may be too, and a batch of the queue. */
export async function attendCommit(app: App, repository: RepositoryId, sha: Sha): Promise<void> {
  const facts = await forgeOf(app, repository).repositories.facts(repository);
  if (facts === null) return logIgnored(app, repository, 'the bot has no access to it');
  const open = await forgeOf(app, repository).pullRequests.listOpen(repository);
  const concerned = open.filter((pullRequest) => pullRequest.head.sha === sha);
  app.log.debug(
    { repository: repositoryKey(repository), sha, pullRequests: concerned.map((each) => each.number) },
    'Checks of a commit changed',
  );
  for (const { number } of concerned) await enqueue(app, { kind: 'attend', repository, number });
  await enqueue(app, { kind: 'promote', repository });
  if (concerned.length === 0) await enqueue(app, { kind: 'merge-queue', repository });
}
