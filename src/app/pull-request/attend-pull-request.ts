/** Does what a pull request needs now: answers its commands, reports its checks, keeps its comment, and lets it join or leave the queue. */
import { spelled } from '../../core/command/spelling.js';
import type { Comment, Person, PullRequest } from '../../core/forge-objects.js';
import type { RepositoryId } from '../../core/ids.js';
import { decideTicket } from '../../core/queue/decide-ticket.js';
import { restOf, type RestFacts } from '../../core/standing/at-rest.js';
import type { StickyState } from '../../core/standing/sticky-state.js';
import { Forbidden } from '../../core/problem.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { closedBody, planningBody, stickyBody, type StickyStory } from '../../text/sticky-text.js';
import { leaveText } from '../../text/leave-text.js';
import { answerBody, brokenConfigurationAnswer } from '../../text/answers.js';
import { unansweredCommands } from '../command/find-commands.js';
import { deleteMergedBranch } from '../branch/delete-merged-branch.js';
import { enqueue, forgeOf, type App } from '../app.js';
import { gatherKind } from './gather-kind.js';
import { gatherPullRequest, type Snapshot } from './gather-pull-request.js';
import {
  gatherRepository,
  logIgnored,
  type ConfiguredRepository,
  type RepositoryReading,
} from './gather-repository.js';
import { findGroups } from '../merge-group/find-groups.js';
import { cachedPlan } from '../plan/plan-pull-request.js';
import { reportBroken, reportEnd, reportStanding } from './report-checks.js';
import { postAnswers, rememberAnswers, runCommands, withState } from '../command/run-commands.js';
import { headMove } from '../queue/head-move.js';
import { planPageUrl } from '../plan/plan-page.js';
import { policyChangeOf } from '../policy/compare-policy.js';
import { keepVerdict } from '../policy/kept-verdict.js';
import { readView } from '../queue/queue-views.js';
import { isSeen } from '../queue/seen-entries.js';
import { tellWhoWaitsBehind } from '../queue/tell-who-waits-behind.js';
import { joiningOf, standingStamp } from './standing-stamp.js';
import { readSticky, wordsOf, writeSticky, type Sticky } from './sticky-comment.js';
import { rememberRest } from '../intake/sweep-record.js';
import { Attempts } from '../intake/attempts.js';

export async function attendPullRequest(
  app: App,
  lock: LaneLock,
  repository: RepositoryId,
  number: number,
): Promise<void> {
  const pullRequest = await forgeOf(app, repository).pullRequests.read(repository, number);
  if (pullRequest === null) return logIgnored(app, repository, `it has no pull request ${number}`);
  await rememberRest(app, pullRequest, await attend(app, lock, pullRequest));
}

/** Says whether it stands still now until somebody touches it. */
async function attend(app: App, lock: LaneLock, pullRequest: PullRequest): Promise<'at-rest' | 'restless'> {
  const { repository, base, state } = pullRequest;
  const discussion = state === 'open' ? null : await readDiscussion(app, pullRequest);
  if (discussion !== null && isAtRest(discussion, pullRequest)) return 'at-rest';
  const reading = await gatherRepository(app, repository, base);
  switch (reading.kind) {
    case 'none-of-ours':
      logIgnored(app, repository, reading.why);
      return 'at-rest';
    case 'broken':
      await attendBroken(app, lock, reading, pullRequest);
      return 'at-rest';
    case 'configured':
      return discussion === null || discussion.unanswered > 0
        ? attendConfigured(app, lock, reading, { pullRequest, discussion })
        : attendEnded(app, lock, reading, { pullRequest, discussion });
  }
}

async function attendConfigured(
  app: App,
  lock: LaneLock,
  reading: ConfiguredRepository,
  { pullRequest, discussion }: { readonly pullRequest: PullRequest; readonly discussion: EndedDiscussion | null },
): Promise<'at-rest' | 'restless'> {
  await askForPlan(app, reading, pullRequest);
  const snapshot = await gatherPullRequest(app, reading, pullRequest, discussion);
  const { state, answers } = await runCommands(app, lock, snapshot);
  const attempts = new Attempts(app.log);
  const ticket = await attempts.make(() => attendStanding(app, lock, withState(snapshot, state)));
  // Last, for an answer is the proof that its command was carried out; what may be tried again is, before anything is answered.
  if (attempts.failure() === null || attempts.failure() instanceof Forbidden) {
    await postAnswers(app, lock, snapshot, answers);
    if (answers.length > 0) await attempts.make(() => rememberAnswers(app, lock, snapshot));
  }
  await rememberReconsidering(app, snapshot);
  attempts.finish();
  return ticket === null || answers.length > 0 ? 'restless' : restOf({ ...snapshot, ticket });
}

/** Time alone may change the verdict, when a window opens or something has been proven for long enough: come back then. */
async function rememberReconsidering(app: App, { pullRequest, verdict }: Snapshot): Promise<void> {
  const { repository, number, state } = pullRequest;
  if (state !== 'open' || verdict.reconsiderAt === null) return;
  await enqueue(app, { kind: 'attend', repository, number }, verdict.reconsiderAt);
}

/** First of all: it is made beside the lane while the rest is read and written. A fork's plan waits for what the rest writes. */
async function askForPlan(app: App, { tip }: ConfiguredRepository, pullRequest: PullRequest): Promise<void> {
  const { repository, number, state, head } = pullRequest;
  if (state !== 'open' || head.origin === 'fork' || (await cachedPlan(app, pullRequest, tip)) !== null) return;
  await enqueue(app, { kind: 'plan', repository, number });
}

interface EndedDiscussion {
  readonly comments: readonly Comment[];
  readonly self: Person;
  readonly sticky: Sticky | null;
  /** How many comments command something and have no answer. */
  readonly unanswered: number;
}

async function readDiscussion(app: App, pullRequest: PullRequest): Promise<EndedDiscussion> {
  const { comments: port, people } = forgeOf(app, pullRequest.repository);
  const comments = await port.list(pullRequest.repository, pullRequest.number);
  const self = await people.self();
  const sticky = readSticky(app, pullRequest, { comments, self });
  const unanswered = unansweredCommands(app, { comments, self, pullRequest, state: sticky?.state ?? null });
  return { comments, self, sticky, unanswered: unanswered.length };
}

/** A closed pull request that says how it ended and has no unanswered command: most of what a sweep comes by, so it costs little. */
function isAtRest({ sticky, unanswered }: EndedDiscussion, pullRequest: PullRequest): boolean {
  if (unanswered > 0) return false;
  return sticky === null || (sticky.state.ticket === null && wordsOf(sticky) === closing(sticky, pullRequest));
}

/** Nobody commands anything: its end is to be told, and the bot’s own branch to be deleted. None of it asks for a verdict. */
async function attendEnded(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  { pullRequest, discussion }: { readonly pullRequest: PullRequest; readonly discussion: EndedDiscussion },
): Promise<'at-rest'> {
  const { self, sticky } = discussion;
  const checks = await repository.forge.checks.list(pullRequest.repository, pullRequest.head.sha);
  await reportEnd(app, lock, { pullRequest, checks, repository, sticky });
  const kind = await gatherKind(app, repository, pullRequest, self);
  await deleteMergedBranch(lock, { pullRequest, repository, kind });
  await closeSticky(app, lock, { pullRequest, sticky });
  return 'at-rest';
}

/** Nothing acts on a broken configuration, but the checks say what is wrong with it, and who commands is told. */
async function attendBroken(
  app: App,
  lock: LaneLock,
  reading: Extract<RepositoryReading, { kind: 'broken' }>,
  pullRequest: PullRequest,
): Promise<void> {
  if (pullRequest.state === 'open') await reportBroken(app, lock, reading, pullRequest);
  const { comments: port, people } = reading.forge;
  const comments = await port.list(pullRequest.repository, pullRequest.number);
  const self = await people.self();
  const state = readSticky(app, pullRequest, { comments, self })?.state ?? null;
  const unanswered = unansweredCommands(app, { comments, self, pullRequest, state });
  const answers = unanswered.map((to) => ({
    to,
    body: answerBody(to.comment, [brokenConfigurationAnswer(reading.branch)]),
  }));
  await postAnswers(app, lock, { repository: reading, pullRequest }, answers);
}

async function attendStanding(app: App, lock: LaneLock, snapshot: Snapshot): Promise<RestFacts['ticket']> {
  const { pullRequest, plan, state: before } = snapshot;
  const { repository, number } = pullRequest;
  if (pullRequest.state !== 'open') {
    await reportEnd(app, lock, snapshot);
    await deleteMergedBranch(lock, snapshot);
    await closeSticky(app, lock, snapshot);
    return 'not-queued';
  }
  if (plan === null) {
    const sticky = await keepSticky(app, lock, snapshot);
    await reportStanding(app, lock, { ...snapshot, sticky });
    // After what a command changed was written: a fork's plan asks there whether it may be made.
    if (pullRequest.head.origin === 'fork') await enqueue(app, { kind: 'plan', repository, number });
    return before.ticket === null ? 'not-queued' : 'queued';
  }
  await keepVerdict(app, pullRequest, { head: plan.head, digest: plan.digest, verdict: snapshot.verdict });
  const state = await decideState(app, snapshot);
  const queue = await readView(app, repository, pullRequest.base);
  const policyChange = await policyChangeOf(app, snapshot.repository, pullRequest, plan);
  const change = { repository, before: snapshot.sticky?.state ?? null, after: state };
  const sticky = await tellWhoWaitsBehind(app, change, () =>
    writeSticky(app, lock, pullRequest, {
      sticky: snapshot.sticky,
      state,
      body: bodyOf(app, { ...snapshot, state }, { queue, policyChange }),
    }),
  );
  // After the comment, to which they lead: a check without it tells that somebody deleted the comment.
  await reportStanding(app, lock, { ...snapshot, state, sticky });
  // GitHub's own queue may have it, too: what was judged of it there may be another now.
  await findGroups(app, snapshot.repository, [number]);
  if (state.ticket === null) return 'not-queued';
  if (!(await isSeen(app, { ...snapshot, state }))) await enqueue(app, { kind: 'merge-queue', repository });
  return 'queued';
}

/** Without a plan the words of the last one stay; what a command changed is kept all the same. */
async function keepSticky(app: App, lock: LaneLock, snapshot: Snapshot): Promise<Sticky> {
  const { sticky, state, pullRequest } = snapshot;
  const body = sticky === null ? planningBody() : wordsOf(sticky);
  return writeSticky(app, lock, pullRequest, { sticky, state, body });
}

/** Merged or closed: the comment keeps what was planned and says how it ended. */
async function closeSticky(
  app: App,
  lock: LaneLock,
  { sticky, pullRequest }: Pick<Snapshot, 'sticky' | 'pullRequest'>,
): Promise<void> {
  if (sticky === null || pullRequest.state === 'open') return;
  const state = { ...sticky.state, ticket: null };
  const change = { repository: pullRequest.repository, before: sticky.state, after: state };
  await tellWhoWaitsBehind(app, change, () =>
    writeSticky(app, lock, pullRequest, { sticky, state, body: closing(sticky, pullRequest) }),
  );
}

function closing(sticky: Sticky, pullRequest: PullRequest): string {
  return closedBody(wordsOf(sticky), pullRequest.state === 'merged' ? 'merged' : 'closed');
}

async function decideState(app: App, snapshot: Snapshot): Promise<StickyState> {
  const { pullRequest, state, readiness, merge, self, repository } = snapshot;
  const [from, to] = [state.ticket?.head ?? pullRequest.head.sha, pullRequest.head.sha];
  const decision = decideTicket({
    pullRequest,
    state,
    readiness,
    headMove: await headMove(repository.mirror, { from, to, tip: repository.tip }),
    merge,
    stamp: standingStamp(snapshot),
    self: self.login,
    now: app.clock.now(),
  });
  switch (decision.kind) {
    case 'keep':
      return { ...state, ticket: decision.ticket };
    case 'join':
      return { ...state, ticket: decision.ticket, left: null };
    case 'leave':
      return {
        ...state,
        ticket: null,
        left: decision.why.kind === 'merged-or-closed' ? null : leaveText(pullRequest.repository.forge, decision.why),
      };
  }
}

function bodyOf(app: App, snapshot: Snapshot, beside: Pick<StickyStory, 'queue' | 'policyChange'>): string {
  const { pullRequest, plan, verdict, readiness, state, self } = snapshot;
  if (plan === null) return '';
  const { comments } = forgeOf(app, pullRequest.repository);
  const { forge } = pullRequest.repository;
  const mergeCommand = spelled('merge', { forge, bot: self.login });
  const planUrl = planPageUrl(app, { ...pullRequest, digest: plan.digest });
  const how = { joining: joiningOf(snapshot), mergeCommand, self: self.login };
  return stickyBody(
    { plan, verdict, readiness, state, ...how, planUrl, forge, number: pullRequest.number, ...beside },
    { characters: comments.limit - MARKER_ROOM, bytes: comments.byteLimit - MARKER_ROOM },
  );
}

/** Characters kept free for the marker. */
const MARKER_ROOM = 8000;
