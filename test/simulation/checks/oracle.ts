/**
 * What the rules of the ground say of a merge, worked out from the forge's facts alone: nothing of the bot's decisions is asked.
 *
 * The rules are those of {@link configurationText}: production needs two people of SRE who are not its author, changes of nothing but
 * images in dev and test need nobody, everything else needs one person who is not its author. What is frozen is not merged at all.
 */
import { parseAllDocuments } from 'yaml';
import type { Review } from '../../../src/simulator/forge/state.js';
import { REPOSITORY } from '../ground.js';
import type { World } from '../world/world.js';
import type { Facts } from './forge-facts.js';

/** What is known of a review beside its record: the target branch's tip at its time, and whether a plan of its commit was shown by then. */
export interface ReviewContext {
  readonly tip: string;
  readonly planShown: boolean;
}

/** A comment `/approve`. */
export interface SpokenApproval extends ReviewContext {
  readonly number: number;
  readonly author: string;
  /** Of the pull request at its time. */
  readonly head: string;
}

export interface MergeCase {
  readonly number: number;
  readonly head: string;
  /** The tip that the merge was planned on. */
  readonly tip: string;
  readonly contexts: ReadonlyMap<number, ReviewContext>;
  readonly spoken: readonly SpokenApproval[];
  /** The bot's merges of the target branch into the head are none of a person's. */
  readonly peoplesCommits: ReadonlySet<string>;
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
    (review) => review.state === 'changes-requested' && facts.writers.has(review.author),
  );
  const approvers = standing.filter((login) => login !== pull.author);
  return [
    ...objecting.map((review) => `${review.author} requests changes`),
    ...frozen(world, facts, paths),
    ...missingApprovals({ world, facts, tip: merge.tip, tree: merged.tree, paths }, approvers),
  ];
}

function frozen(world: World, { freezes }: Facts, paths: readonly string[]): readonly string[] {
  const touched = new Set(paths.map((path) => targetOf(path)?.env));
  const standing = freezes.filter(({ until }) => until === null || until > world.clock.now());
  return standing.filter(({ env }) => touched.has(env)).map(({ env }) => `${env} is frozen`);
}

interface MergedChange {
  readonly world: World;
  readonly facts: Facts;
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
      const people = approvers.filter((login) => change.facts.sre.has(login));
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
  const withoutImages = (text: string | null): string | null =>
    text?.replace(/^(\s*image: ).*$/gm, '$1').replace(/^#.*\n/gm, '') ?? null;
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

/** By review, and where the configuration of the tip counts them, by comment. */
async function standingApprovals(world: World, facts: Facts, merge: MergeCase): Promise<readonly string[]> {
  const now = await meaning(world, merge.tip, merge.head);
  const stands = async (head: string, context: ReviewContext | undefined): Promise<boolean> => {
    if (!(await isStillTheirs(world, merge, head))) return false;
    return context?.planShown !== true || (await meaning(world, context.tip, head)) === now;
  };
  const counted: string[] = [];
  for (const review of lastWords(facts, merge.number))
    if (review.state === 'approved' && (await stands(review.commitSha, merge.contexts.get(review.id))))
      counted.push(review.author);
  if (world.store.text(merge.tip, '.lockkeeper.yaml')?.includes('approve-command: true') !== true) return counted;
  for (const approval of merge.spoken)
    if (
      approval.number === merge.number &&
      facts.writers.has(approval.author) &&
      (await stands(approval.head, approval))
    )
      counted.push(approval.author);
  return [...new Set(counted)];
}

/** What was approved is the head, or an earlier one after which people pushed nothing. */
async function isStillTheirs(
  world: World,
  { head, tip, peoplesCommits }: MergeCase,
  approved: string,
): Promise<boolean> {
  if (approved === head) return true;
  if (!world.store.holds(approved)) return false;
  if (!world.store.isAncestor(approved, head)) return isRebased(world, { head, tip, approved });
  const known = new Set([...world.store.ancestors(approved), ...world.store.ancestors(tip)]);
  return [...world.store.ancestors(head)].every((sha) => known.has(sha) || !peoplesCommits.has(sha));
}

/** The head holds what was approved with the target branch merged into it, and nothing else. */
async function isRebased(
  { store, git }: World,
  { head, tip, approved }: { readonly head: string; readonly tip: string; readonly approved: string },
): Promise<boolean> {
  const [base] = store.mergeBases(tip, head);
  if (base === undefined) return false;
  const merged = await git.mergeTrees(base, approved);
  return merged.kind === 'clean' && merged.tree === store.treeOf(head);
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
      .map(([path, file]) => [path, /\.ya?ml$/.test(path) ? manifestsOf(world, file.sha) : file.sha]);
  return JSON.stringify([side(tip), side(merged.tree)]);
}

/** By the name of the content, which says everything: seeds hold the same files. */
const manifestsBefore = new Map<string, unknown>();

function manifestsOf(world: World, blob: string): unknown {
  if (!manifestsBefore.has(blob)) {
    const text = world.store.blob(blob).toString('utf8');
    manifestsBefore.set(
      blob,
      parseAllDocuments(text).map((document) => document.toJS() as unknown),
    );
  }
  return manifestsBefore.get(blob);
}
