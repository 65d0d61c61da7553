/** Looks at everything in one repository that could need something: the full comparison of what the forge says with what was done. */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { nextThaw } from '../../core/standing/freeze.js';
import { isSettled, RECENT } from '../../core/sweep/decide-look.js';
import type { Glance } from '../../ports/pull-requests.js';
import { enqueue, forgeOf, type App } from '../app.js';
import { readFreezes } from '../command/freeze-book.js';
import { gatherRepository, logIgnored, type RepositoryReading } from '../pull-request/gather-repository.js';
import { findGroups } from '../merge-group/find-groups.js';
import { groupOf } from '../merge-group/gather-group.js';
import { readAhead } from '../plan/read-ahead.js';
import { branchesOf, keepSweep } from './sweep-record.js';

/** Only nudges: every job reads for itself and finds nothing to do where nothing is to be done. What plans will need is read ahead. */
export async function sweep(app: App, repository: RepositoryId): Promise<void> {
  // First: what moves while the rest is read is news to the next look.
  const glance = await forgeOf(app, repository).pullRequests.glance(repository);
  const reading = await gatherRepository(app, repository);
  if (reading.kind === 'none-of-ours') {
    await remember(app, repository, { glance, reading, numbers: [] });
    return logIgnored(app, repository, reading.why);
  }
  const { pullRequests } = reading.forge;
  const recent = await pullRequests.listUpdatedSince(repository, app.clock.now() - RECENT);
  const numbers = new Set([...(await pullRequests.listOpen(repository)), ...recent].map((each) => each.number));
  await remember(app, repository, { glance, reading, numbers: [...numbers] });
  for (const number of [...numbers].sort((a, b) => a - b)) await enqueue(app, { kind: 'attend', repository, number });
  await enqueue(app, { kind: 'bump', repository });
  await enqueue(app, { kind: 'promote', repository });
  await enqueue(app, { kind: 'merge-queue', repository });
  if (reading.kind !== 'configured') return;
  await findGroups(app, reading, [...numbers]);
  // Time alone ends a freeze: whatever waits for that is looked at then.
  const thaw = nextThaw(await readFreezes(app, reading), app.clock.now());
  if (thaw !== null) await enqueue(app, { kind: 'sweep', repository }, thaw);
  await readAhead(app, reading);
}

interface Swept {
  readonly glance: Glance | null;
  readonly reading: RepositoryReading;
  readonly numbers: readonly number[];
}

/** Before its jobs are enqueued, so that each pull request that is attended and comes to rest can say so. */
async function remember(app: App, repository: RepositoryId, { glance, reading, numbers }: Swept): Promise<void> {
  if (glance === null) return;
  const now = app.clock.now();
  const git = reading.kind === 'none-of-ours' ? null : reading;
  const isSure = glance.pushedAt === null || isSettled(glance.pushedAt, now);
  await keepSweep(app, repository, {
    everythingAt: now,
    branches: isSure ? await branchesOf(glance, git) : null,
    business: reading.kind === 'none-of-ours' ? 'not-ours' : 'ours',
    pullRequests: Object.fromEntries(numbers.map((number) => [number, null])),
    promotions: 'waiting',
    facts: glance.pushedAt === null ? (git?.facts ?? null) : null,
  });
}

/** A branch moved. Most are heads of pull requests, which the forge tells of by themselves; one that others aim at moves everything. */
export async function attendBranch(app: App, repository: RepositoryId, branch: string): Promise<void> {
  const forge = forgeOf(app, repository);
  const facts = await forge.repositories.facts(repository);
  if (facts === null) return logIgnored(app, repository, { kind: 'no-access' });
  if (branch === facts.defaultBranch) return enqueue(app, { kind: 'sweep', repository });
  const open = await forge.pullRequests.listOpen(repository);
  if (open.some((pullRequest) => pullRequest.base === branch)) await enqueue(app, { kind: 'sweep', repository });
}

/** Checks of a commit changed: the pull requests whose head it is, promotions whose source it may be too, and a batch of the queue. */
export async function attendCommit(app: App, repository: RepositoryId, sha: Sha): Promise<void> {
  const facts = await forgeOf(app, repository).repositories.facts(repository);
  if (facts === null) return logIgnored(app, repository, { kind: 'no-access' });
  const open = await forgeOf(app, repository).pullRequests.listOpen(repository);
  const concerned = open.filter((pullRequest) => pullRequest.head.sha === sha);
  app.log.debug(
    { repository: repositoryKey(repository), sha, pullRequests: concerned.map((each) => each.number) },
    'Checks of a commit changed',
  );
  for (const { number } of concerned) await enqueue(app, { kind: 'attend', repository, number });
  await enqueue(app, { kind: 'promote', repository });
  if (concerned.length > 0) return;
  await enqueue(app, { kind: 'merge-queue', repository });
  const branch = await groupOf(app, repository, sha);
  if (branch !== null) await enqueue(app, { kind: 'merge-group', repository, branch });
}
