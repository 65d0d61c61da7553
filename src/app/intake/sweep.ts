/** Looks at everything in one repository that could need something: the full comparison of what the forge says with what was done. */
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import { nextThaw } from '../../core/standing/freeze.js';
import { isSettled, RECENT } from '../../core/sweep/decide-look.js';
import { openIn, touchedSince } from '../../core/sweep/read-off-glance.js';
import type { RepositoryFacts } from '../../ports/forge.js';
import type { Glance } from '../../ports/pull-requests.js';
import type { Mirror } from '../../ports/repository.js';
import { enqueue, forgeOf, type App } from '../app.js';
import { readFreezes } from '../command/freeze-book.js';
import { gatherRepository, logIgnored, type RepositoryReading } from '../pull-request/gather-repository.js';
import { openPullRequests } from '../pull-request/open-pull-requests.js';
import { findGroups } from '../merge-group/find-groups.js';
import { groupOf } from '../merge-group/gather-group.js';
import { readAhead } from '../plan/read-ahead.js';
import { readTold, rememberTold } from './told-checks.js';
import { branchesOf, keepSweep, rememberTips, sweptTips, type BranchTips } from './sweep-record.js';

/** Only nudges: every job reads for itself and finds nothing to do where nothing is to be done. What plans will need is read ahead. */
export async function sweep(app: App, repository: RepositoryId): Promise<void> {
  // First: what moves while the rest is read is news to the next look.
  const glance = await forgeOf(app, repository).pullRequests.glance(repository);
  const reading = await gatherRepository(app, repository);
  if (reading.kind === 'none-of-ours') {
    await remember(app, repository, { glance, reading, numbers: [] });
    return logIgnored(app, repository, reading.why);
  }
  const { open, recent } = await concernedBy(app, reading, glance);
  const numbers = new Set([...open, ...recent].map((each) => each.number));
  const tips = await tipsOf(reading, open);
  await remember(app, repository, { glance, reading, numbers: [...numbers] });
  for (const number of [...numbers].sort((a, b) => a - b)) await enqueue(app, { kind: 'attend', repository, number });
  await enqueue(app, { kind: 'bump', repository });
  await enqueue(app, { kind: 'promote', repository });
  await enqueue(app, { kind: 'merge-queue', repository });
  await rememberTips(app, repository, tips);
  if (reading.kind !== 'configured') return;
  await findGroups(app, reading, [...numbers]);
  // Time alone ends a freeze: whatever waits for that is looked at then.
  const thaw = nextThaw(await readFreezes(app, reading), app.clock.now());
  if (thaw !== null) await enqueue(app, { kind: 'sweep', repository }, thaw);
  await readAhead(app, reading);
}

type OurReading = Exclude<RepositoryReading, { readonly kind: 'none-of-ours' }>;

interface Concerned {
  readonly open: readonly PullRequest[];
  /** Touched lately, in any state. */
  readonly recent: readonly PullRequest[];
}

async function concernedBy(app: App, { forge, repository }: OurReading, glance: Glance | null): Promise<Concerned> {
  const { pullRequests } = forge;
  const since = app.clock.now() - RECENT;
  const recent = glance === null ? null : touchedSince(glance, since);
  const open = glance === null ? null : openIn(glance);
  return {
    recent: recent ?? (await pullRequests.listUpdatedSince(repository, since)),
    open: open ?? (await openPullRequests({ forge, repository })),
  };
}

/** Where the branches stand that pull requests aim at, and the default one: what is nudged now will read at least these. */
async function tipsOf({ branch, tip, mirror }: OurReading, open: readonly PullRequest[]): Promise<BranchTips> {
  const tips: Record<string, Sha> = { [branch]: tip };
  for (const { base } of open) {
    const at = await mirror.branch(base);
    if (base !== branch && at !== null) tips[base] = at;
  }
  return tips;
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

/**
 * A branch moved. Most are heads of pull requests, which the forge tells of by themselves; one that others aim at moves everything, unless
 * everything has been looked at since: a merge of the bot's own is told of only after the bot has done so.
 */
export async function attendBranch(app: App, repository: RepositoryId, branch: string): Promise<void> {
  const { pullRequests, repositories } = forgeOf(app, repository);
  const open = await pullRequests.listOpen(repository);
  const facts = open === null ? null : await repositories.facts(repository);
  if (open === null || facts === null) return logIgnored(app, repository, { kind: 'no-access' });
  const matters = branch === facts.defaultBranch || open.some((pullRequest) => pullRequest.base === branch);
  if (matters && !(await isSwept(app, facts, branch))) await enqueue(app, { kind: 'sweep', repository });
}

async function isSwept(app: App, facts: RepositoryFacts, branch: string): Promise<boolean> {
  const swept = await sweptTips(app, facts.repository);
  if (!Object.hasOwn(swept, branch)) return false;
  const mirror = await mirrorOf(app, facts);
  await mirror.fetch();
  return (await mirror.branch(branch)) === swept[branch];
}

/** Checks of a commit changed: the pull requests whose head it is, promotions whose source it may be too, and a batch of the queue. */
export async function attendCommit(app: App, repository: RepositoryId, sha: Sha): Promise<void> {
  const told = await readTold(app, repository, sha);
  if (told === 'nothing-new') return;
  const open = await forgeOf(app, repository).pullRequests.listOpen(repository);
  if (open === null) return logIgnored(app, repository, { kind: 'no-access' });
  const concerned = open.filter((pullRequest) => pullRequest.head.sha === sha);
  app.log.debug(
    { repository: repositoryKey(repository), sha, pullRequests: concerned.map((each) => each.number) },
    'Checks of a commit changed',
  );
  for (const { number } of concerned) await enqueue(app, { kind: 'attend', repository, number });
  if (concerned.length === 0 || (await mayBeSource(app, repository, sha)))
    await enqueue(app, { kind: 'promote', repository });
  if (concerned.length === 0) await attendUnproposed(app, repository, sha);
  await rememberTold(app, told);
}

/**
 * Of the head of an open pull request: most are on no branch that anything is promoted from. As of the last fetch: should it have come there
 * since, that is told too, and promotions are looked at then.
 */
async function mayBeSource(app: App, repository: RepositoryId, sha: Sha): Promise<boolean> {
  const facts = await forgeOf(app, repository).repositories.facts(repository);
  if (facts === null) return true;
  const mirror = await mirrorOf(app, facts);
  const tip = await mirror.branch(facts.defaultBranch);
  if (tip === null || !(await mirror.holds(sha))) return true;
  return (await mirror.mergeBase(sha, tip)) === sha;
}

function mirrorOf(app: App, { repository, cloneUrl }: RepositoryFacts): Promise<Mirror> {
  const { repositories } = forgeOf(app, repository);
  return app.mirrors.of({ repository, cloneUrl, credentials: () => repositories.credentials(repository) });
}

/** No pull request's head: a batch of the queue, or a group of GitHub's own. */
async function attendUnproposed(app: App, repository: RepositoryId, sha: Sha): Promise<void> {
  await enqueue(app, { kind: 'merge-queue', repository });
  const branch = await groupOf(app, repository, sha);
  if (branch !== null) await enqueue(app, { kind: 'merge-group', repository, branch });
}
