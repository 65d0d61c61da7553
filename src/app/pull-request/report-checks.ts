/** Writes `lockkeeper/plan`, `lockkeeper/policy` and `lockkeeper/queue`: renderings of what the snapshot and the queue's last round say. */
import type { CheckState, PullRequest } from '../../core/forge-objects.js';
import type { Plan } from '../../core/plan/plan.js';
import type { VerdictState } from '../../core/policy/verdict-node.js';
import { PLAN_CHECK, POLICY_CHECK, QUEUE_CHECK } from '../../core/standing/readiness.js';
import type { CheckReport } from '../../ports/checks.js';
import type { SandboxKind } from '../../ports/processes.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { brokenConfiguration } from '../../text/broken-configuration.js';
import { planSection, planTitle } from '../../text/plan-text.js';
import { sandboxText } from '../../text/sandbox-text.js';
import { queueCheck } from '../../text/queue-text.js';
import { policySection, policyTitle } from '../../text/policy-text.js';
import type { App } from '../app.js';
import { planPageUrl } from '../plan/plan-page.js';
import type { Snapshot } from './gather-pull-request.js';
import type { RepositoryReading } from './gather-repository.js';
import { makeUpFor } from './make-up-for.js';
import { readView } from '../queue/queue-views.js';

/** GitHub's cap of a check run's summary is 65,535 bytes; the rest is for the sentence on the sandbox. */
const SUMMARY_ROOM = { characters: 65_000, bytes: 65_000 };

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
  const { pullRequest, state, readiness, checks, required, sticky } = snapshot;
  const stands = checks.some(({ name }) => name === QUEUE_CHECK) || required.names.includes(QUEUE_CHECK);
  if (state.ticket === null && state.left === null && !stands) return null;
  const { number, repository, base, head } = pullRequest;
  const view = await readView(app, repository, base);
  const check = queueCheck({
    forge: repository.forge,
    number,
    ticket: state.ticket,
    left: state.left,
    readiness,
    view,
  });
  const told = turn === 'now' ? { ...check, state: 'success' as const, title: 'It is being merged' } : check;
  return { ...told, sha: head.sha, name: QUEUE_CHECK, url: sticky?.comment.url ?? null, externalId: '' };
}

function planReport(app: App, { plan, pullRequest, sticky }: Snapshot, sandbox: SandboxKind): CheckReport {
  const common = { sha: pullRequest.head.sha, name: PLAN_CHECK, url: sticky?.comment.url ?? null };
  if (plan === null) {
    const summary = 'The manifests of the affected targets are being rendered.';
    return { ...common, state: 'pending', title: 'The plan is being made', summary, externalId: '' };
  }
  const page = planPageUrl(app, { ...pullRequest, digest: plan.digest });
  const summary = `${planSection(plan, SUMMARY_ROOM, page)}\n\n${sandboxText(sandbox)}`;
  return {
    ...common,
    url: page ?? common.url,
    state: planState(plan),
    title: planTitle(plan),
    summary,
    externalId: plan.digest,
  };
}

function planState(plan: Plan): CheckState {
  return plan.problems.length === 0 ? 'success' : 'failure';
}

const VERDICT_STATES: Readonly<Record<VerdictState, CheckState>> = {
  passed: 'success',
  pending: 'pending',
  refused: 'failure',
};

function policyReport({ verdict, plan, pullRequest, sticky }: Snapshot): CheckReport {
  const common = {
    sha: pullRequest.head.sha,
    name: POLICY_CHECK,
    url: sticky?.comment.url ?? null,
    externalId: plan?.digest ?? '',
  };
  if (plan === null)
    return { ...common, state: 'pending', title: 'Waits for the plan', summary: 'The policy is judged on the plan.' };
  return {
    ...common,
    state: VERDICT_STATES[verdict.state],
    title: policyTitle(verdict),
    summary: policySection(verdict),
  };
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
