/** I3, I4, I5, I6 and I7 as far as the bot's own branches and pull requests show them. */
import type { PullRequest } from '../../../src/simulator/forge/state.js';
import type { ObjectStore } from '../git/object-store.js';
import { NOT_CARRIED, REPOSITORY, WRITERS } from '../ground.js';
import type { World } from '../world/world.js';
import { compareVersions, DEV, devVersion } from './dev-version.js';
import { freezesAt } from './forge-facts.js';
import { targetOf } from './oracle.js';
import type { Accuse } from './violation.js';

export const ZERO_SHA = '0'.repeat(40);

export interface OwnPush {
  readonly branch: string;
  /** Zeros where it was made. */
  readonly before: string;
  /** Zeros where it was deleted. */
  readonly after: string;
}

export interface BranchWatch {
  readonly world: World;
  /** Of the target branch, now. */
  readonly tip: string;
  /** Pushed by people, or in a branch they made. */
  readonly peoplesCommits: ReadonlySet<string>;
  readonly accuse: Accuse;
}

export function checkOwnPush(watch: BranchWatch, push: OwnPush): void {
  if (push.branch === 'main') return;
  if (push.before !== ZERO_SHA && !isRebase(watch, push)) checkNothingLost(watch, push);
  if (push.after === ZERO_SHA) return checkDone(watch, push);
  if (push.branch.startsWith('lockkeeper/promote/')) checkCarried(watch, push.after, push.branch);
  if (push.branch.startsWith('lockkeeper/stopped/')) checkStop(watch, push.after);
  if (push.branch === 'lockkeeper/state') checkFreezers(watch, push.after);
}

/** By GitLab, which was asked to and keeps what it had: where the configuration lets the bot ask. */
function isRebase({ world, tip }: BranchWatch, { branch, after }: OwnPush): boolean {
  if (world.store.text(tip, '.lockkeeper.yaml')?.includes('rebase: if-needed') !== true) return false;
  const pulls = world.simulator.forge.pullRequests.of(REPOSITORY);
  return pulls.some(
    ({ headBranch, rebase }) => headBranch === branch && rebase?.state === 'done' && rebase.head === after,
  );
}

/** What people pushed is on the branch, merged, or kept by a merged pull request. */
function checkNothingLost({ world, tip, peoplesCommits, accuse }: BranchWatch, push: OwnPush): void {
  const { store } = world;
  const kept = push.after === ZERO_SHA ? new Set<string>() : store.ancestors(push.after);
  const merged = world.simulator.forge.pullRequests.of(REPOSITORY).filter((pull) => pull.state === 'merged');
  const safe = [store.ancestors(tip), ...merged.map((pull) => store.ancestors(pull.headSha))];
  const lost = [...store.ancestors(push.before)].filter(
    (sha) => !kept.has(sha) && peoplesCommits.has(sha) && !safe.some((known) => known.has(sha)),
  );
  if (lost.length > 0) accuse('I6', `the bot moved ${push.branch} away from ${lost.length} commit(s) of people`);
}

/** The bot deletes the branch of a pull request of its own when that is merged, and not before. */
function checkDone({ world, accuse }: BranchWatch, { branch, before }: OwnPush): void {
  const pulls = world.simulator.forge.pullRequests
    .of(REPOSITORY)
    .filter((pull) => pull.headBranch === branch && pull.headSha === before);
  const [pull] = pulls;
  if (pull !== undefined && !pulls.some(({ state }) => state === 'merged'))
    accuse('own branch', `the bot deleted ${branch}, and #${pull.number} (${pull.title}) was never merged`);
}

/** A commit that says it carries a source holds what the source holds, where it may, and nothing else. */
export function checkCarried({ world, accuse }: BranchWatch, sha: string, branch: string): void {
  const { store } = world;
  const [env = '', app = ''] = branch.split('/').slice(2);
  const commit = store.commit(sha);
  const source = /^Lockkeeper-Source: (\S+)$/m.exec(commit.message)?.[1];
  const [parent] = commit.parents;
  if (parent === undefined || source === undefined) return;
  for (const path of store.changedPaths(parent, sha)) {
    const target = targetOf(path);
    if (target?.app !== app || target.env !== env || path.endsWith(NOT_CARRIED))
      accuse('I5', `the promotion ${branch} changes ${path}`);
    const from = path.replace(`/envs/${env}/`, `/envs/${env === 'prod' ? 'test' : 'dev'}/`);
    const held = store.text(sha, path);
    if (held !== store.text(parent, from) && held !== sourceText(store, source, from))
      accuse('I5', `the promotion ${branch} holds another ${path} than its source`);
  }
}

function sourceText(store: ObjectStore, source: string, path: string): string | null {
  return store.holds(source) ? store.text(source, path) : null;
}

/** Whoever reads that the queue is stopped for a merge has to find that merge. */
function checkStop({ world, tip, accuse }: BranchWatch, sha: string): void {
  const merged = /^Lockkeeper-Merged: (\S+)$/m.exec(world.store.commit(sha).message)?.[1] ?? '';
  if (!world.store.ancestors(tip).has(merged))
    accuse('false stop', `the queue was stopped for ${merged}, which was never merged`);
}

function checkFreezers({ world, accuse }: BranchWatch, sha: string): void {
  for (const { env, by } of freezesAt(world, sha))
    if (!WRITERS.some((login) => login === by)) accuse('I7', `${env} is frozen because ${by} asked, who may not`);
}

export function checkPromotions({ world, accuse }: BranchWatch): void {
  const open = world.simulator.forge.pullRequests
    .of(REPOSITORY)
    .filter((pull) => pull.state === 'open' && pull.author === world.botLogin);
  const promotions = open.filter((pull) => pull.headBranch.includes('/promote/'));
  const targets = promotions.map((pull) => pull.headBranch.split('/').slice(2, 4).join('/'));
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) accuse('I4', `two promotions into ${twice} are open`);
}

/** A pull request of the bot's that only comes when somebody asks: somebody who may has asked. */
export function checkAsked({ world, accuse }: BranchWatch, pull: PullRequest): void {
  const wanted = askedBy(pull);
  if (wanted === null) return;
  const { comments, pullRequests } = world.simulator.forge;
  const said = pullRequests.of(REPOSITORY).flatMap(({ number }) => comments.of(REPOSITORY, number));
  const asked = said.some(({ author, body }) => wanted.people.includes(author) && wanted.words.test(body));
  if (!asked) accuse('I7', `#${pull.number} (${pull.title}) was opened, and nobody who may has asked for it`);
}

function askedBy({ headBranch }: PullRequest): { readonly people: readonly string[]; readonly words: RegExp } | null {
  if (headBranch.startsWith('lockkeeper/promote/prod/')) return { people: ['alice'], words: /^\/promote prod/m };
  if (headBranch.startsWith('lockkeeper/rollback/')) return { people: WRITERS, words: /^\/rollback /m };
  return null;
}

/** A bump never makes dev older. */
export function checkVersions({ world, tip, peoplesCommits, accuse }: BranchWatch): void {
  const { store } = world;
  const parent = store.commit(tip).parents[0];
  if (parent === undefined) return;
  const merged = world.simulator.forge.pullRequests.of(REPOSITORY).find((pull) => pull.merge?.sha === tip);
  if (merged === undefined || !merged.headBranch.includes('/bump/') || merged.author !== world.botLogin) return;
  if (merged.versions.some((version) => peoplesCommits.has(version.headSha))) return;
  const [before, after] = [devVersion(store.text(parent, DEV)), devVersion(store.text(tip, DEV))];
  if (before !== null && after !== null && compareVersions(after, before) < 0)
    accuse('I3', `a bump took dev back from ${before} to ${after}`);
}

/** The bot gives up a bump of its own only when dev holds it, or a newer one. */
export function checkClosedBump({ world, tip, peoplesCommits, accuse }: BranchWatch, pull: PullRequest): void {
  if (!pull.headBranch.startsWith('lockkeeper/bump/') || pull.state === 'merged') return;
  if (peoplesCommits.has(pull.headSha)) return;
  const [wanted, standing] = [pull.headSha, tip].map((sha) => devVersion(world.store.text(sha, DEV)));
  if (wanted === null || wanted === undefined || standing === null || standing === undefined) return;
  if (compareVersions(wanted, standing) > 0)
    accuse('I3', `the bot closed #${pull.number} (${pull.title}), and dev is at ${standing}`);
}
