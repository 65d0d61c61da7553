/** Opens, updates and closes promotion pull requests as the decisions say: one use case for the gates' time and for `/promote`. */
import { promotionBranch } from '../../core/branch-names.js';
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey, targetKey, type RepositoryId, type TargetName } from '../../core/ids.js';
import { decidePromotion, type PromotionDecision } from '../../core/promotion/decide-promotion.js';
import type { GateResult } from '../../core/promotion/gates.js';
import { Unavailable } from '../../core/problem.js';
import type { SweepRecord } from '../../core/sweep/decide-look.js';
import { unreachable } from '../../core/unreachable.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { promotionBody, promotionTitle } from '../../text/promotion-text.js';
import { enqueue, type App } from '../app.js';
import { fileChanges } from '../branch/file-changes.js';
import {
  gatherPromotion,
  gatherPromotionGround,
  PIN_TRAILER,
  possiblePromotions,
  type GatheredPromotion,
  type PromotionGround,
} from './gather-promotion.js';
import { gatherRepository, logIgnored } from '../pull-request/gather-repository.js';
import { tellPromotion } from './tell-promotion.js';
import { rememberPromotions } from '../intake/sweep-record.js';
import { Attempts } from '../intake/attempts.js';
import { openOwnPullRequest } from '../branch/open-own-pull-request.js';
import { writeBranch } from '../branch/write-branch.js';

/** What became of one promotion: the decision, and the pull request that now stands for it. */
interface PromotionOutcome {
  readonly destination: TargetName;
  readonly decision: PromotionDecision;
  readonly pullRequest: PullRequest | null;
  /** Null where it was not asked whether they let it through. */
  readonly gates: GateResult | null;
}

/** Every promotion of a repository that is due. */
export async function promoteAll(app: App, lock: LaneLock, repository: RepositoryId): Promise<void> {
  const reading = await gatherRepository(app, repository);
  if (reading.kind === 'none-of-ours') return logIgnored(app, repository, reading.why);
  if (reading.kind === 'broken') return logIgnored(app, repository, 'its configuration is broken');
  const ground = await gatherPromotionGround(reading);
  const attempts = new Attempts(app.log);
  let rest: SweepRecord['promotions'] = 'at-rest';
  for (const destination of possiblePromotions(ground.targets, reading.configuration)) {
    const outcome = await attempts.make(() =>
      promoteOne(app, lock, ground, { destination, askedBy: null, version: null }),
    );
    if (outcome === null || waitsForCheck(outcome)) rest = 'waiting';
  }
  await rememberPromotions(app, repository, rest);
  attempts.finish();
}

/** No listing of the forge shows when a check comes in, so that the sweep has to look again. */
function waitsForCheck({ gates }: PromotionOutcome): boolean {
  return gates?.conditions.some(({ kind, state }) => kind === 'checks' && state !== 'passed') ?? false;
}

interface PromotionRequest {
  readonly destination: TargetName;
  /** Who said `/promote`; null when nobody did. */
  readonly askedBy: string | null;
  /** Which version they asked for; null: the one that the source has. */
  readonly version: string | null;
}

export async function promoteOne(
  app: App,
  lock: LaneLock,
  ground: PromotionGround,
  request: PromotionRequest,
): Promise<PromotionOutcome> {
  const { destination, askedBy, version } = request;
  const gathered = await gatherPromotion(app, ground, destination, {
    asked: askedBy === null ? 'not-asked' : 'asked',
    version,
  });
  const decision = decidePromotion(gathered.facts);
  app.log.info(
    {
      repository: repositoryKey(ground.repository.repository),
      target: targetKey(destination),
      decision: decision.kind,
    },
    'Decided a promotion',
  );
  await rememberRecheck(app, ground, gathered);
  const pullRequest = await perform(app, lock, { ground, gathered, request, decision });
  return { destination, decision, pullRequest, gates: gathered.facts.gates };
}

/** Time alone may pass a gate: come back then. */
async function rememberRecheck(app: App, ground: PromotionGround, gathered: GatheredPromotion): Promise<void> {
  const at = gathered.facts.gates?.recheckAt ?? null;
  if (at === null) return;
  await enqueue(app, { kind: 'promote', repository: ground.repository.repository }, at);
}

interface Performance {
  readonly ground: PromotionGround;
  readonly gathered: GatheredPromotion;
  readonly request: PromotionRequest;
  readonly decision: PromotionDecision;
}

async function perform(app: App, lock: LaneLock, performance: Performance): Promise<PullRequest | null> {
  const { decision, ground } = performance;
  switch (decision.kind) {
    case 'open':
    case 'update':
      return carry(app, lock, performance);
    case 'close':
      await ground.repository.forge.pullRequests.close(lock, decision.pullRequest);
      return null;
    case 'keep':
      return decision.pullRequest;
    case 'nothing-to-carry':
    case 'impossible':
    case 'wait-for-gates':
    case 'wait-for-command':
    case 'ended':
      return null;
    default:
      return unreachable(decision);
  }
}

/** Writes the branch, then opens its pull request or words the open one anew. Every step finds what an interrupted one left. */
async function carry(app: App, lock: LaneLock, performance: Performance): Promise<PullRequest | null> {
  const { ground, gathered } = performance;
  const { repository } = ground;
  const { destination, carried, open } = gathered.facts;
  if (carried.kind !== 'changes' || gathered.directory === null) return null;
  const story = await tellPromotion(app, ground, gathered, performance.request.askedBy);
  const title = promotionTitle(story);
  const branch = promotionBranch(destination);
  const text = { title, body: promotionBody(story) };
  // The words first: interrupted in between, the branch is still found outdated and both are done again.
  if (open !== null) await repository.forge.pullRequests.edit(lock, open.pullRequest, text);
  const written = await writeBranch(app, lock, repository, {
    branch,
    changes: await fileChanges(repository.mirror, gathered.directory, carried.changes),
    message: title,
    trailers: [
      `Lockkeeper-Promotion: ${targetKey(story.source)} to ${targetKey(destination)}`,
      `Lockkeeper-Source: ${story.sourceCommit.sha}`,
      ...(gathered.pin === null ? [] : [`${PIN_TRAILER}: ${gathered.pin}`]),
    ],
  });
  if (written.kind === 'moved') throw new Unavailable(`${branch} moved while it was written`);
  if (written.kind === 'touched') {
    app.log.warn(
      { repository: repositoryKey(repository.repository), branch },
      'Left alone: people have pushed to this branch',
    );
    return null;
  }
  if (open !== null) return open.pullRequest;
  const opened = await openOwnPullRequest(lock, repository, branch, text);
  await enqueue(app, { kind: 'attend', repository: repository.repository, number: opened.number });
  return opened;
}
