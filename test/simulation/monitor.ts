/** Watches the forge while a story is played, and says which invariant of the design was broken, at once. */
import { planChange } from '../../src/app/plan/plan-change.js';
import { parseConfiguration } from '../../src/config/parse-configuration.js';
import type { ForgeEvent } from '../../src/simulator/forge/events.js';
import type { Comment, PullRequest } from '../../src/simulator/forge/state.js';
import { isSticky } from './actors.js';
import { ADMIN, NOT_CARRIED, REPOSITORY, SECRETS, WRITERS } from './ground.js';
import { objections, takeFacts, targetOf, type Facts, type ReviewContext } from './oracle.js';
import type { BotRequest, Monitor, Task, World } from './world.js';

export type InvariantName =
  'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'one comment' | 'rest' | 'error';

export interface Violation {
  readonly invariant: InvariantName;
  readonly words: string;
}

/** Snapshots kept: a job lasts no longer than so many changes. */
const MOST_FACTS = 200;
const zeroSha = '0'.repeat(40);

export class Watch implements Monitor {
  readonly violations: Violation[] = [];
  /** Of people: pushed by them, or in a branch they made. */
  readonly peoplesCommits = new Set<string>();
  /** Ids of comments that were answered, as the answers' markers say, and how often. */
  readonly answers = new Map<number, number>();
  readonly #contexts = new Map<number, ReviewContext>();
  readonly #known = new Set<string>();
  #tip: string;
  #facts: Facts[];
  #writing: BotRequest | null = null;
  #merges: { readonly number: number; readonly sha: string; readonly by: string }[] = [];
  #pushes: { readonly branch: string; readonly before: string; readonly after: string }[] = [];
  #changed = true;

  constructor(
    private readonly world: World,
    tip: string,
  ) {
    this.#tip = tip;
    this.#facts = [takeFacts(world)];
    for (const sha of world.store.ancestors(tip)) this.#known.add(sha);
    world.simulator.forge.subscribe((event) => this.#happened(event));
  }

  broken(invariant: InvariantName, words: string): void {
    this.violations.push({ invariant, words });
  }

  beforeRequest(request: BotRequest, task: Task): void {
    this.#remember();
    const { world } = this;
    if (this.#writing !== null)
      this.broken('I2', `${describe(request)} was sent while ${describe(this.#writing)} was under way`);
    if (task.lane !== null && task.fence < (world.fences.get(task.lane) ?? 0))
      this.broken('I2', `${describe(request)} was sent by a worker whose lane was given to another (${task.name})`);
    this.#writing = request;
    const leaked = SECRETS.find((secret) => request.body?.includes(secret) === true);
    if (leaked !== undefined) this.broken('I9', `${describe(request)} holds ${leaked}`);
  }

  async afterRequest(request: BotRequest, task: Task): Promise<void> {
    this.#writing = null;
    const merges = this.#merges;
    const pushes = this.#pushes;
    this.#merges = [];
    this.#pushes = [];
    for (const merge of merges) if (merge.by === this.world.botLogin) await this.#checkMerge(merge, task);
    for (const push of pushes) this.#checkOwnPush(push);
    this.#checkPromotions();
    if (merges.length > 0) await this.#checkVersions(request);
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
        return this.#pushed(event, isBots);
      case 'pull-request':
        return this.#pullRequestChanged(event);
      case 'review':
        if (event.action === 'submitted')
          this.#contexts.set(event.reviewId, { tip: this.#tip, planShown: this.#planShown(event.number) });
        if (!isBots) this.#remember();
        return;
      case 'comment':
        if (isBots && event.action === 'created') this.#commented(event.comment);
        return;
      default:
        return;
    }
  }

  #pushed(event: Extract<ForgeEvent, { kind: 'push' }>, isBots: boolean): void {
    const { store } = this.world;
    const branch = event.ref.replace('refs/heads/', '');
    if (branch === 'main') {
      if (event.forced || event.after === zeroSha) this.broken('I6', `main was moved back from ${event.before}`);
      this.#tip = event.after;
    }
    if (isBots) this.#pushes.push({ branch, before: event.before, after: event.after });
    if (event.after === zeroSha) return;
    for (const sha of store.ancestors(event.after)) {
      if (!isBots && branch !== 'main' && !this.#known.has(sha)) this.peoplesCommits.add(sha);
      this.#known.add(sha);
    }
  }

  #pullRequestChanged(event: Extract<ForgeEvent, { kind: 'pull-request' }>): void {
    if (event.action.name === 'merged') {
      const merged = this.world.simulator.forge.pullRequests.get(REPOSITORY, event.number);
      const sha = merged.ok ? (merged.value.merge?.sha ?? '') : '';
      this.#merges.push({ number: event.number, sha, by: event.actor });
      if (event.actor !== this.world.botLogin) this.#merges.pop();
    }
  }

  #planShown(number: number): boolean {
    const { forge } = this.world.simulator;
    const pull = forge.pullRequests.get(REPOSITORY, number);
    if (!pull.ok) return false;
    return checksOf(this.world, pull.value.headSha).some(
      (check) => check.name === 'lockkeeper/plan' && check.state !== 'pending',
    );
  }

  #commented(comment: Comment): void {
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

  async #checkMerge(merge: { readonly number: number; readonly sha: string }, task: Task): Promise<void> {
    const { world } = this;
    const pull = world.simulator.forge.pullRequests.get(REPOSITORY, merge.number);
    if (!pull.ok) return;
    const head = pull.value.headSha;
    const parent = world.store.commit(merge.sha).parents[0] ?? '';
    const tips = [...new Set([world.lastTip, parent])];
    const seen = this.#facts.filter((_, index) => {
      const until = this.#facts[index + 1]?.moment ?? Infinity;
      return until >= task.began;
    });
    let found: readonly string[] = ['nobody looked'];
    for (const facts of seen.toReversed())
      for (const tip of tips) {
        if (found.length > 0)
          found = await objections(world, facts, { number: merge.number, head, tip, contexts: this.#contexts });
      }
    for (const words of found) this.broken('I1', `the bot merged #${merge.number} (${pull.value.title}): ${words}`);
    this.#checkGreen(merge.number, head);
    await this.#checkDigest(pull.value, merge.sha, tips);
    this.#checkQueuedBy(merge);
  }

  /** Green at the merge: the forge's own word may be older, and reports of CI between reading and merging are nobody's fault. */
  #checkGreen(number: number, head: string): void {
    const checks = checksOf(this.world, head);
    const build = checks.find((check) => check.name === 'ci/build');
    if (build?.state !== 'success')
      this.broken('I1', `the bot merged #${number} with ci/build ${build?.state ?? 'missing'} on its head`);
  }

  async #checkDigest(pull: PullRequest, sha: string, tips: readonly string[]): Promise<void> {
    const { world } = this;
    const message = world.store.commit(sha).message;
    const digest = /^Lockkeeper-Plan: (\S+)$/m.exec(message)?.[1];
    if (digest === undefined) return;
    const digests = await Promise.all(tips.map((tip) => planDigest(world, tip, pull.headSha)));
    if (!digests.includes(digest))
      this.broken('I1', `#${pull.number} was merged with a plan (${digest.slice(0, 12)}) that is not of its merge`);
  }

  #checkQueuedBy(merge: { readonly number: number; readonly sha: string }): void {
    const by = /^Lockkeeper-Queued-By: (\S+)$/m.exec(this.world.store.commit(merge.sha).message)?.[1];
    if (by === undefined || by === this.world.botLogin) return;
    if (![...WRITERS, ADMIN].includes(by as (typeof WRITERS)[number]))
      this.broken('I7', `#${merge.number} was merged because ${by} asked, who may not`);
  }

  #checkOwnPush(push: { readonly branch: string; readonly before: string; readonly after: string }): void {
    const { store } = this.world;
    if (push.branch === 'main' || push.before === zeroSha) return;
    const kept = push.after === zeroSha ? new Set<string>() : store.ancestors(push.after);
    const safe = this.world.simulator.forge.pullRequests
      .of(REPOSITORY)
      .filter((pull) => pull.state === 'merged')
      .map((pull) => store.ancestors(pull.headSha));
    const lost = [...store.ancestors(push.before)].filter(
      (sha) => !kept.has(sha) && this.peoplesCommits.has(sha) && !safe.some((known) => known.has(sha)),
    );
    const main = store.ancestors(this.#tip);
    const gone = lost.filter((sha) => !main.has(sha));
    if (gone.length > 0) this.broken('I6', `the bot moved ${push.branch} away from ${gone.length} commit(s) of people`);
    this.#checkCarried(push);
  }

  /** A commit that says it carries a source holds what the source holds, where it may, and nothing else. */
  #checkCarried({ branch, after }: { readonly branch: string; readonly after: string }): void {
    if (after === zeroSha || !branch.startsWith('lockkeeper/promote/')) return;
    this.checkPromotionCommit(after, branch);
  }

  checkPromotionCommit(sha: string, branch: string): void {
    const { store } = this.world;
    const [env = '', app = ''] = branch.split('/').slice(2);
    const commit = store.commit(sha);
    const source = /^Lockkeeper-Source: (\S+)$/m.exec(commit.message)?.[1];
    const [parent] = commit.parents;
    if (parent === undefined || source === undefined) return;
    for (const path of store.changedPaths(parent, sha)) {
      const target = targetOf(path);
      if (target?.app !== app || target.env !== env || path.endsWith(NOT_CARRIED))
        this.broken('I5', `the promotion ${branch} changes ${path}`);
      const from = path.replace(`/envs/${env}/`, `/envs/${env === 'prod' ? 'test' : 'dev'}/`);
      if (
        store.text(sha, path) !== store.text(parent, from) &&
        store.text(sha, path) !== sourceText(store, source, from)
      )
        this.broken('I5', `the promotion ${branch} holds another ${path} than its source`);
    }
  }

  #checkPromotions(): void {
    const { world } = this;
    const open = world.simulator.forge.pullRequests
      .of(REPOSITORY)
      .filter((pull) => pull.state === 'open' && pull.author === world.botLogin);
    const promotions = open.filter((pull) => pull.headBranch.includes('/promote/'));
    const targets = promotions.map((pull) => pull.headBranch.split('/').slice(2, 4).join('/'));
    const twice = targets.find((target, index) => targets.indexOf(target) !== index);
    if (twice !== undefined) this.broken('I4', `two promotions into ${twice} are open`);
  }

  /** A bump never makes dev older. */
  async #checkVersions(_request: BotRequest): Promise<void> {
    const { store } = this.world;
    const parent = store.commit(this.#tip).parents[0];
    if (parent === undefined) return;
    const merged = this.world.simulator.forge.pullRequests.of(REPOSITORY).find((pull) => pull.merge?.sha === this.#tip);
    if (merged === undefined || !merged.headBranch.includes('/bump/') || merged.author !== this.world.botLogin) return;
    if (merged.versions.some((version) => this.peoplesCommits.has(version.headSha))) return;
    const [before, after] = [devVersion(store.text(parent, DEV)), devVersion(store.text(this.#tip, DEV))];
    if (before !== null && after !== null && compareVersions(after, before) < 0)
      this.broken('I3', `a bump took dev back from ${before} to ${after}`);
  }
}

export const DEV = 'apps/api/envs/dev/deployment.yaml';

export function devVersion(text: string | null): string | null {
  return /image: \S+:(\d+\.\d+\.\d+)$/m.exec(text ?? '')?.[1] ?? null;
}

export function compareVersions(one: string, other: string): number {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function sourceText(store: World['store'], source: string, path: string): string | null {
  return store.holds(source) ? store.text(source, path) : null;
}

function describe(request: BotRequest): string {
  return `${request.method} ${request.path}`;
}

/** The id of the comment that an answer of the bot's answers, as its marker says. */
function answeredComment(body: string): number | null {
  const payload = /^<!-- lockkeeper:answer ([\w-]+)\./.exec(body)?.[1];
  if (payload === undefined) return null;
  const mark = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { readonly comment?: string };
  return mark.comment === undefined ? null : Number(mark.comment);
}

export interface SeenCheck {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure';
}

/** The newest report of each name on a commit, from the forge's tables. */
export function checksOf(world: World, sha: string): readonly SeenCheck[] {
  const { forge } = world.simulator;
  const checks = new Map<string, SeenCheck>();
  for (const run of forge.checks.runsOf(REPOSITORY, sha)) {
    const state = run.conclusion === undefined ? 'pending' : run.conclusion === 'success' ? 'success' : 'failure';
    if (!checks.has(run.name)) checks.set(run.name, { name: run.name, state });
  }
  const pipeline = forge.pipelines.newestOf(REPOSITORY, sha);
  for (const job of pipeline === undefined ? [] : forge.pipelines.jobsOf(pipeline.id)) {
    const state = job.status === 'success' ? 'success' : job.status === 'failed' ? 'failure' : 'pending';
    checks.set(job.name, { name: job.name, state });
  }
  return [...checks.values()];
}

async function planDigest(world: World, tip: string, head: string): Promise<string> {
  const text = world.store.text(tip, '.lockkeeper.yaml') ?? '';
  const parsed = parseConfiguration(text, '.lockkeeper.yaml');
  if (parsed.kind !== 'valid') return 'the configuration is broken';
  const { app } = world.bot;
  const mirror = world.stored.mirror;
  const { cache: _cache, ...planning } = { ...app, renderers: world.honestRenderers };
  const plan = await planChange(planning, { mirror, configuration: parsed.configuration, base: tip, head });
  return plan.digest;
}
