/** Watches the forge while a story is played, and says which invariant of the design was broken, at once. */
import type { ForgeEvent } from '../../../src/simulator/forge/events.js';
import type { Comment } from '../../../src/simulator/forge/state.js';
import { isSticky } from '../acts/act.js';
import { ADMIN, MANIFEST_SECRET, REPOSITORY, SECRETS, WRITERS } from '../ground.js';
import type { BotRequest, Monitor, Task } from '../world/reach.js';
import type { World } from '../world/world.js';
import { answeredComment } from './bots-comments.js';
import {
  checkAsked,
  checkCarried,
  checkClosedBump,
  checkOwnPush,
  checkPromotions,
  checkVersions,
  ZERO_SHA,
  type BranchWatch,
  type OwnPush,
} from './branch-checks.js';
import { isPlanned, takeFacts, type Facts } from './forge-facts.js';
import { GroupChecks } from './group-checks.js';
import { judgeMerge, type MergeEvidence, type SeenMerge } from './judge-merge.js';
import type { ReviewContext, SpokenApproval } from './oracle.js';
import type { InvariantName, Violation } from './violation.js';

/** Snapshots kept: a job lasts no longer than so many changes. */
const MOST_FACTS = 200;

export class Watch implements Monitor {
  readonly violations: Violation[] = [];
  /** Of people: pushed by them, or in a branch they made. */
  readonly peoplesCommits = new Set<string>();
  /** Ids of comments that were answered, as the answers' markers say, and how often. */
  readonly answers = new Map<number, number>();
  readonly contexts = new Map<number, ReviewContext>();
  readonly spoken: SpokenApproval[] = [];
  readonly #known = new Set<string>();
  readonly #groups: GroupChecks;
  #tip: string;
  #facts: Facts[];
  #writing: BotRequest | null = null;
  #merges: SeenMerge[] = [];
  #pushes: OwnPush[] = [];
  #changed = true;

  constructor(
    private readonly world: World,
    tip: string,
  ) {
    this.#tip = tip;
    this.#groups = new GroupChecks(world);
    this.#facts = [takeFacts(world)];
    for (const sha of world.store.ancestors(tip)) this.#known.add(sha);
    world.simulator.forge.subscribe((event) => this.#happened(event));
  }

  broken(invariant: InvariantName, words: string): void {
    this.violations.push({ invariant, words });
  }

  /** The forge as it is now. */
  factsNow(): Facts {
    return takeFacts(this.world);
  }

  beforeRequest(request: BotRequest, task: Task): void {
    this.#remember();
    const { world } = this;
    if (this.#writing !== null)
      this.broken('I2', `${describe(request)} was sent while ${describe(this.#writing)} was under way`);
    if (task.lane !== null && task.fence < (world.fences.get(task.lane) ?? 0))
      this.broken('I2', `${describe(request)} was sent by a worker whose lane was given to another (${task.name})`);
    this.#writing = request;
    // What a promotion carries is the repository's own: it goes to the repository again, and nowhere else.
    const secrets = isContent(request) ? SECRETS.filter((secret) => secret !== MANIFEST_SECRET) : SECRETS;
    const leaked = secrets.find((secret) => request.body?.includes(secret) === true);
    if (leaked !== undefined) this.broken('I9', `${describe(request)} holds ${leaked}`);
  }

  async afterRequest(_request: BotRequest, task: Task): Promise<void> {
    this.#writing = null;
    const [merges, pushes] = [this.#merges, this.#pushes];
    this.#merges = [];
    this.#pushes = [];
    for (const merge of merges) await this.#judge(merge, task);
    await this.#groups.check(this.#evidence(task));
    const watch = this.#branches();
    for (const push of pushes) checkOwnPush(watch, push);
    checkPromotions(watch);
    if (merges.length > 0) checkVersions(watch);
  }

  peopleChanged(): void {
    this.#changed = true;
    this.#remember();
  }

  checkPromotionCommit(sha: string, branch: string): void {
    checkCarried(this.#branches(), sha, branch);
  }

  #branches(): BranchWatch {
    const { world, peoplesCommits } = this;
    return { world, tip: this.#tip, peoplesCommits, accuse: (invariant, words) => this.broken(invariant, words) };
  }

  /** Takes a snapshot if the forge has changed since the last one. */
  #remember(): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.#facts = [...this.#facts.slice(-MOST_FACTS), takeFacts(this.world)];
  }

  #happened(event: ForgeEvent): void {
    // Before the change could be forgotten: what stood until now was true until now.
    this.#changed = true;
    const isBots = event.actor === this.world.botLogin;
    switch (event.kind) {
      case 'push':
        if (event.repository === REPOSITORY) this.#pushed(event, isBots);
        return;
      case 'pull-request':
        if (isBots) this.#botChanged(event);
        return;
      case 'review':
        if (event.action === 'submitted') this.contexts.set(event.reviewId, this.#contextOf(event.number));
        if (!isBots) this.#remember();
        return;
      case 'merge-group':
        return this.#groups.happened(event);
      case 'comment':
        if (event.action !== 'created') return;
        if (isBots) this.#botCommented(event.comment);
        else this.#personCommented(event.comment);
        return;
      default:
        return;
    }
  }

  #pushed(event: Extract<ForgeEvent, { kind: 'push' }>, isBots: boolean): void {
    const { store } = this.world;
    const branch = event.ref.replace('refs/heads/', '');
    if (branch === 'main') {
      if (event.forced || event.after === ZERO_SHA) this.broken('I6', `main was moved back from ${event.before}`);
      this.#tip = event.after;
    }
    if (isBots) this.#pushes.push({ branch, before: event.before, after: event.after });
    if (event.after === ZERO_SHA) return;
    for (const sha of store.ancestors(event.after)) {
      if (!isBots && branch !== 'main' && !this.#known.has(sha)) this.peoplesCommits.add(sha);
      this.#known.add(sha);
    }
  }

  #botChanged({ action, number }: Extract<ForgeEvent, { kind: 'pull-request' }>): void {
    const found = this.world.simulator.forge.pullRequests.get(REPOSITORY, number);
    if (!found.ok) return;
    const pull = found.value;
    if (action.name === 'merged') this.#merges.push({ number, sha: pull.merge?.sha ?? '' });
    if (action.name === 'opened') checkAsked(this.#branches(), pull);
    if (action.name === 'closed') checkClosedBump(this.#branches(), pull);
  }

  #contextOf(number: number): ReviewContext {
    const pull = this.world.simulator.forge.pullRequests.get(REPOSITORY, number);
    return { tip: this.#tip, planShown: pull.ok && isPlanned(this.world, pull.value.headSha) };
  }

  #botCommented(comment: Comment): void {
    const { forge } = this.world.simulator;
    if (isSticky(comment)) {
      const all = forge.comments.of(REPOSITORY, comment.number).filter((one) => one.author === this.world.botLogin);
      if (all.filter(isSticky).length > 1)
        this.broken('one comment', `the bot made a second comment about #${comment.number}`);
    }
    const answered = answeredComment(comment.body);
    if (answered === null) return;
    const times = (this.answers.get(answered) ?? 0) + 1;
    this.answers.set(answered, times);
    if (times > 1) this.broken('I7', `the command in comment ${answered} of #${comment.number} was answered twice`);
  }

  #personCommented({ author, body, number }: Comment): void {
    if (!/^(@lockkeeper )?\/approve$/m.test(body)) return;
    const pull = this.world.simulator.forge.pullRequests.get(REPOSITORY, number);
    if (pull.ok) this.spoken.push({ number, author, head: pull.value.headSha, ...this.#contextOf(number) });
  }

  async #judge(merge: SeenMerge, task: Task): Promise<void> {
    await judgeMerge(this.world, merge, this.#evidence(task));
    this.#checkQueuedBy(merge);
  }

  /** What the forge held while the bot was at it. */
  #evidence(task: Task): MergeEvidence {
    const { contexts, spoken, peoplesCommits } = this;
    return {
      seen: this.#facts.filter((_, index) => (this.#facts[index + 1]?.moment ?? Infinity) >= task.began),
      known: { contexts, spoken, peoplesCommits },
      accuse: (invariant, words) => this.broken(invariant, words),
      isUndisturbed: !task.isStruck,
    };
  }

  #checkQueuedBy(merge: SeenMerge): void {
    const by = /^Lockkeeper-Queued-By: (\S+)$/m.exec(this.world.store.commit(merge.sha).message)?.[1];
    if (by === undefined || by === this.world.botLogin) return;
    if (![...WRITERS, ADMIN].some((login) => login === by))
      this.broken('I7', `#${merge.number} was merged because ${by} asked, who may not`);
  }
}

function isContent({ path }: BotRequest): boolean {
  return /\/git\/(blobs|trees)$|\/repository\/commits$/.test(path);
}

function describe(request: BotRequest): string {
  return `${request.method} ${request.path}`;
}
