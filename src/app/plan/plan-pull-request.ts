/** Makes a pull request's plan beside the lane and leaves it in the cache; the lane writes it down. */
import { repositoryKey, type RepositoryId, type Sha } from '../../core/ids.js';
import type { PullRequest } from '../../core/forge-objects.js';
import type { Plan } from '../../core/plan/plan.js';
import { planStands } from '../../core/plan/plan-stands.js';
import { Unavailable } from '../../core/problem.js';
import { enqueue, forgeOf, type App } from '../app.js';
import {
  gatherRepository,
  logIgnored,
  type ConfiguredRepository,
  type RepositoryReading,
} from '../pull-request/gather-repository.js';
import { failedPlan, planChange } from './plan-change.js';
import { keepManifests } from './kept-manifests.js';
import { planPageKey } from './plan-page.js';
import { readSticky } from '../pull-request/sticky-comment.js';
import { watchHead } from '../pull-request/watch-head.js';

export async function planPullRequest(app: App, repository: RepositoryId, number: number): Promise<void> {
  const pullRequest = await forgeOf(app, repository).pullRequests.read(repository, number);
  if (pullRequest === null || pullRequest.state !== 'open') return;
  const reading = await readForPlan(app, pullRequest);
  if (reading.kind === 'none-of-ours') return logIgnored(app, repository, reading.why);
  // Asked for twice while it was made, it is made once.
  const known = await cachedPlan(app, pullRequest, reading.tip);
  if (!planStands(known)) await makeAndKeep(app, reading, pullRequest);
  await enqueue(app, { kind: 'attend', repository, number });
}

/** The plan of this pull request into this very tip, made here and now unless it is known: for what was rendered before. */
export async function planNow(app: App, reading: ConfiguredRepository, pullRequest: PullRequest): Promise<void> {
  if ((await cachedPlan(app, pullRequest, reading.tip)) !== null) return;
  const plan = await makePlan(app, reading, pullRequest, new AbortController().signal);
  await keepPlan(app, plan, pullRequest);
}

async function makeAndKeep(app: App, reading: PlannableReading, pullRequest: PullRequest): Promise<void> {
  const watch = watchHead(app, pullRequest);
  try {
    const plan = await makePlan(app, reading, pullRequest, watch.signal);
    if (!watch.signal.aborted) return await keepPlan(app, plan, pullRequest);
    app.log.debug({ pullRequest: pullRequest.number }, 'A plan was given up: a newer one is wanted');
  } finally {
    await watch.stop();
  }
}

type PlannableReading = Exclude<RepositoryReading, { kind: 'none-of-ours' }>;

/** By what it was made of, and by its digest, under which people ask for its page. */
async function keepPlan(app: App, plan: Plan, pullRequest: PullRequest): Promise<void> {
  const { repository, number } = pullRequest;
  const key = planKey(pullRequest, plan.base);
  await app.cache.put(key, JSON.stringify(plan));
  await app.cache.put(planPageKey({ repository, number, digest: plan.digest }), key);
}

/** Whoever asks for a plan has fetched for it. If what is here was planned before, the one who asks has seen more. */
async function readForPlan(app: App, pullRequest: PullRequest): Promise<RepositoryReading> {
  const { repository, base, head } = pullRequest;
  const reading = await gatherRepository(app, repository, base, head.sha);
  const isNew = reading.kind !== 'none-of-ours' && (await cachedPlan(app, pullRequest, reading.tip)) === null;
  return isNew ? reading : gatherRepository(app, repository, base);
}

/** The plan of this head into this tip, if it was made. */
export async function cachedPlan(app: App, pullRequest: PullRequest, tip: Sha): Promise<Plan | null> {
  const text = await app.cache.get(planKey(pullRequest, tip));
  return text === null ? null : (JSON.parse(text) as Plan);
}

/** Bumped when plans come to hold other things than before, so that an older version's are not read. */
const PLAN_FORMAT = 2;

function planKey(pullRequest: PullRequest, tip: Sha): string {
  return `plan/${PLAN_FORMAT}/${repositoryKey(pullRequest.repository)}#${pullRequest.number}/${pullRequest.head.sha}/${tip}`;
}

async function makePlan(
  app: App,
  reading: PlannableReading,
  pullRequest: PullRequest,
  signal: AbortSignal,
): Promise<Plan> {
  const change = { base: reading.tip, head: pullRequest.head.sha };
  if (reading.kind === 'broken') {
    const problems = reading.problems.map(
      (problem) => ({ kind: 'broken-configuration', where: 'target-branch', problem }) as const,
    );
    return failedPlan(change, problems);
  }
  if (pullRequest.head.origin === 'fork' && !(await isTrusted(app, pullRequest)))
    return failedPlan(change, [{ kind: 'fork' }]);
  if (!(await reading.mirror.has(pullRequest.head.sha)))
    throw new Unavailable(`${pullRequest.head.sha} is not fetched yet`);
  const { mirror, configuration } = reading;
  return planChange(app, {
    ...change,
    mirror,
    configuration,
    signal,
    onRendered: (renderings) => keepManifests(app, { ...change, pullRequest, configuration, renderings }),
  });
}

/** Someone with write said `/plan` for this very head. */
async function isTrusted(app: App, pullRequest: PullRequest): Promise<boolean> {
  const forge = forgeOf(app, pullRequest.repository);
  const comments = await forge.comments.list(pullRequest.repository, pullRequest.number);
  const sticky = readSticky(app, pullRequest, { comments, self: await forge.people.self() });
  return sticky?.state.trustedHead === pullRequest.head.sha;
}
