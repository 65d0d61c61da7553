/**
 * What the rules of the ground say of a merge, worked out from the forge's facts alone: nothing of the bot's decisions is asked.
 *
 * The rules are those of {@link configurationText}: production needs two people of SRE who are not its author, changes of nothing but
 * images in dev and test need nobody, everything else needs one person who is not its author.
 */
import { parseAllDocuments } from 'yaml';
import type { PullRequest, Review } from '../../src/simulator/forge/state.js';
import { REPOSITORY, SRE } from './ground.js';
import type { World } from './world.js';

/** The forge's tables at one moment. Records are never changed in place, so copies of the tables are enough. */
export interface Facts {
  readonly moment: number;
  readonly pullRequests: ReadonlyMap<string, PullRequest>;
  readonly reviews: ReadonlyMap<number, Review>;
}

export function takeFacts(world: World): Facts {
  const { pullRequests, reviews } = world.simulator.forge.state;
  return { moment: world.moment, pullRequests: new Map(pullRequests), reviews: new Map(reviews) };
}

/** What is known of a review beside its record: the target branch's tip at its time, and whether a plan of its commit was shown by then. */
export interface ReviewContext {
  readonly tip: string;
  readonly planShown: boolean;
}

export interface MergeCase {
  readonly number: number;
  readonly head: string;
  /** The tip that the merge was planned on. */
  readonly tip: string;
  readonly contexts: ReadonlyMap<number, ReviewContext>;
}

/** Why the rules forbid it, in sentences; none: they allow it. */
export async function objections(world: World, facts: Facts, merge: MergeCase): Promise<readonly string[]> {
  const pull = facts.pullRequests.get(`${REPOSITORY}#${merge.number}`);
  if (pull === undefined || pull.state !== 'open') return [`#${merge.number} was not open`];
  if (pull.headSha !== merge.head) return [`${merge.head} was not the head of #${merge.number}`];
  const merged = await world.git.mergeTrees(merge.tip, merge.head);
  if (merged.kind === 'conflict') return ['it conflicts with the tip it was planned on'];
  const paths = world.store.changedPaths(merge.tip, merged.tree);
  const standing = await standingApprovals(world, facts, merge);
  const objecting = lastWords(facts, merge.number).filter(
    (review) => review.state === 'changes-requested' && mayWrite(world, review.author),
  );
  const approvers = standing.filter((login) => login !== pull.author);
  return [
    ...objecting.map((review) => `${review.author} requests changes`),
    ...missingApprovals({ world, tip: merge.tip, tree: merged.tree, paths }, approvers),
  ];
}

interface MergedChange {
  readonly world: World;
  readonly tip: string;
  readonly tree: string;
  readonly paths: readonly string[];
}

function missingApprovals(change: MergedChange, approvers: readonly string[]): readonly string[] {
  const environments = new Set(change.paths.map((path) => targetOf(path)?.env ?? 'outside'));
  const imageOnly = isImageOnly(change);
  const missing: string[] = [];
  for (const environment of environments) {
    if (environment === 'prod') {
      const people = approvers.filter((login) => SRE.includes(login));
      if (people.length < 2) missing.push(`production has approvals of ${people.join(', ') || 'nobody'} in SRE`);
    } else if (environment === 'outside' || !imageOnly) {
      if (approvers.length < 1) missing.push(`${environment} has no approval`);
    }
  }
  return missing;
}

export function targetOf(path: string): { readonly app: string; readonly env: string } | null {
  const [, app, env] = /^apps\/([^/]+)\/envs\/([^/]+)\//.exec(path) ?? [];
  return app === undefined || env === undefined ? null : { app, env };
}

function isImageOnly({ world, tip, tree, paths }: MergedChange): boolean {
  const withoutImages = (text: string | null): string | null => text?.replace(/^(\s*image: ).*$/gm, '$1') ?? null;
  return paths.every((path) => {
    const [before, after] = [world.store.text(tip, path), world.store.text(tree, path)];
    return targetOf(path) !== null && before !== null && withoutImages(before) === withoutImages(after);
  });
}

function lastWords(facts: Facts, number: number): readonly Review[] {
  const last = new Map<string, Review>();
  for (const review of facts.reviews.values())
    if (review.number === number && review.state !== 'commented') last.set(review.author, review);
  return [...last.values()];
}

function mayWrite(world: World, login: string): boolean {
  return ['write', 'maintain', 'admin'].includes(world.simulator.forge.people.accessTo(REPOSITORY, login));
}

async function standingApprovals(world: World, facts: Facts, merge: MergeCase): Promise<readonly string[]> {
  const now = await meaning(world, merge.tip, merge.head);
  const counted: string[] = [];
  for (const review of lastWords(facts, merge.number)) {
    if (review.state !== 'approved' || review.commitSha !== merge.head) continue;
    const context = merge.contexts.get(review.id);
    if (context?.planShown === true && (await meaning(world, context.tip, merge.head)) !== now) continue;
    counted.push(review.author);
  }
  return counted;
}

/** What the merge would bring to the affected targets, before and after, without what makes no difference to a cluster. */
async function meaning(world: World, tip: string, head: string): Promise<string> {
  const merged = await world.git.mergeTrees(tip, head);
  if (merged.kind === 'conflict') return 'conflict';
  const paths = world.store.changedPaths(tip, merged.tree);
  const targets = new Set(paths.map((path) => /^apps\/[^/]+\/envs\/[^/]+\//.exec(path)?.[0] ?? path));
  const side = (treeish: string): unknown =>
    [...world.store.files(treeish)]
      .filter(([path]) => [...targets].some((target) => path.startsWith(target)))
      .map(([path, file]) => [path, manifests(path, world.store.blob(file.sha).toString('utf8'))]);
  return JSON.stringify([side(tip), side(merged.tree)]);
}

function manifests(path: string, text: string): unknown {
  return /\.ya?ml$/.test(path) ? parseAllDocuments(text).map((document) => document.toJS() as unknown) : text;
}
