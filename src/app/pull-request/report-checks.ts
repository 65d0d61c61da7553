/** Writes `lockkeeper/plan`, `lockkeeper/policy` and `lockkeeper/queue`: renderings of what the snapshot and the queue's last round say. */
import type { PullRequest } from '../../core/forge-objects.js';
import { PLAN_CHECK, POLICY_CHECK, QUEUE_CHECK } from '../../core/standing/readiness.js';
import type { CheckReport } from '../../ports/checks.js';
import type { SandboxKind } from '../../ports/processes.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { brokenConfiguration } from '../../text/broken-configuration.js';
import { endedQueueCheck, mergingCheck, planCheck, policyCheck } from '../../text/check-words.js';
import { queueCheck } from '../../text/queue-text.js';
import type { App } from '../app.js';
import { planPageUrl } from '../plan/plan-page.js';
import type { Snapshot } from './gather-pull-request.js';
import type { RepositoryReading } from './gather-repository.js';
import { makeUpFor } from './make-up-for.js';
import { queueStory } from '../queue/queue-views.js';

/** `turn`: `now` where it is about to be merged, so that no rule of the forge makes the queue wait for its own check. */
export async function reportStanding(
  app: App,
  lock: LaneLock,
  snapshot: Snapshot,
  turn: 'now' | 'as-it-comes' = 'as-it-comes',
): Promise<void> {
  const { checks } = snapshot.repository.forge;
  const { pullRequest } = snapshot;
  const ahead = turn === 'now' ? ({ ahead: 'merge' } as const) : {};
  const report = async (one: CheckReport): Promise<void> =>
    makeUpFor(app, pullRequest, await checks.report(lock, pullRequest.repository, { ...one, ...ahead }));
  await report(planReport(app, snapshot, await app.renderers.sandbox()));
  await report(policyReport(snapshot));
  const queue = await queueReport(app, snapshot, turn);
  if (queue !== null) await report(queue);
}

/** Null where nobody asks for it: of a pull request that was never in the queue it would say nothing. */
async function queueReport(app: App, snapshot: Snapshot, turn: 'now' | 'as-it-comes'): Promise<CheckReport | null> {
  const { state, checks, required } = snapshot;
  const stands = checks.some(({ name }) => name === QUEUE_CHECK) || required.names.includes(QUEUE_CHECK);
  if (state.ticket === null && state.left === null && !stands) return null;
  const story = await queueStory(app, snapshot);
  return { ...placeOf(snapshot, QUEUE_CHECK), ...(turn === 'now' ? mergingCheck(story) : queueCheck(story)) };
}

/** What was in the queue ends with how it ended. */
export async function reportEnd(
  app: App,
  lock: LaneLock,
  snapshot: Pick<Snapshot, 'pullRequest' | 'checks' | 'repository' | 'sticky'>,
): Promise<void> {
  const { pullRequest, checks, repository } = snapshot;
  const { state } = pullRequest;
  if (state === 'open' || !checks.some(({ name }) => name === QUEUE_CHECK)) return;
  const report = { ...placeOf(snapshot, QUEUE_CHECK), ...endedQueueCheck(state) };
  await makeUpFor(app, pullRequest, await repository.forge.checks.report(lock, pullRequest.repository, report));
}

function planReport(app: App, snapshot: Snapshot, sandbox: SandboxKind): CheckReport {
  const { plan, pullRequest } = snapshot;
  const place = placeOf(snapshot, PLAN_CHECK);
  if (plan === null) return { ...place, ...planCheck(plan, null, sandbox) };
  const page = planPageUrl(app, { ...pullRequest, digest: plan.digest });
  return { ...place, ...planCheck(plan, page, sandbox), url: page ?? place.url, externalId: plan.digest };
}

function policyReport(snapshot: Snapshot): CheckReport {
  const { verdict, plan } = snapshot;
  return {
    ...placeOf(snapshot, POLICY_CHECK),
    ...policyCheck(plan, verdict),
    externalId: plan?.digest ?? '',
  };
}

/** It leads to the comment. */
function placeOf(
  { pullRequest, sticky }: Pick<Snapshot, 'pullRequest' | 'sticky'>,
  name: string,
): Pick<CheckReport, 'sha' | 'name' | 'url' | 'externalId'> {
  return { sha: pullRequest.head.sha, name, url: sticky?.comment.url ?? null, externalId: '' };
}

/** With a broken configuration nobody can tell what is allowed: both checks fail, with every problem at its line. */
export async function reportBroken(
  app: App,
  lock: LaneLock,
  reading: Extract<RepositoryReading, { kind: 'broken' }>,
  pullRequest: PullRequest,
): Promise<void> {
  app.log.debug({ pullRequest: pullRequest.number, problems: reading.problems.length }, 'The configuration is broken');
  const words = brokenConfiguration(reading.branch, reading.problems);
  const report = { sha: pullRequest.head.sha, state: 'failure', ...words, url: null, externalId: '' } as const;
  for (const name of [PLAN_CHECK, POLICY_CHECK]) {
    const written = await reading.forge.checks.report(lock, pullRequest.repository, { ...report, name });
    await makeUpFor(app, pullRequest, written);
  }
}
