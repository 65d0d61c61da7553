/** Reads where the bump branch and the bump pull request of an environment stand. */
import { bumpBranch, pullRequestKind } from '../../core/branch-names.js';
import type { PullRequest } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import type { BumpedImage } from '../../text/bump-text.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { openPullRequests } from '../pull-request/open-pull-requests.js';
import { branchOwner, trailerValues } from '../branch/own-branch.js';

export interface BumpGround {
  readonly kind: 'ours';
  readonly branch: string;
  /** The open pull request that gathers this environment's bumps. */
  readonly open: PullRequest | null;
  /** What it carries beyond the tip: applied again, to the tip, whenever the branch is made anew. Of a closed one nothing is. */
  readonly images: readonly BumpedImage[];
  readonly content: 'mergeable' | 'conflict';
}

/** Commits of a bump branch that are read, at most. */
const MAX_COMMITS = 250;

export async function gatherBumpGround(
  app: App,
  reading: ConfiguredRepository,
  environment: string,
): Promise<BumpGround | { readonly kind: 'touched'; readonly branch: string }> {
  const { mirror, tip } = reading;
  const branch = bumpBranch(environment);
  const head = await mirror.branch(branch);
  const open = head === null ? null : await openBump(reading, branch);
  const nothing = { kind: 'ours', branch, open, images: [], content: 'mergeable' } as const;
  if (head === null) return nothing;
  if ((await branchOwner(app, mirror, { branch, tip, head })) === 'touched') return { kind: 'touched', branch };
  const images = await imagesOn(reading, head);
  // The signature covers what a commit changes, not what it says of itself: somebody has amended it.
  if (images === 'unreadable') return { kind: 'touched', branch };
  if (open === null) return nothing;
  const merged = await mirror.merge(tip, head);
  if (merged.kind === 'conflict') return { ...nothing, images, content: 'conflict' };
  // Somebody brought the same to the tip: what the branch carries is history.
  return merged.tree === (await mirror.treeOf(tip)) ? nothing : { ...nothing, images };
}

async function openBump(reading: ConfiguredRepository, branch: string): Promise<PullRequest | null> {
  const self = await reading.forge.people.self();
  const open = await openPullRequests(reading);
  const ours = open.find(
    (each) => each.head.branch === branch && each.base === reading.branch && pullRequestKind(each, self) === 'bump',
  );
  return ours ?? null;
}

async function imagesOn(reading: ConfiguredRepository, head: Sha): Promise<readonly BumpedImage[] | 'unreadable'> {
  const { mirror, tip } = reading;
  const commits = await mirror.log({ from: tip, to: head, paths: [], limit: MAX_COMMITS, walk: 'every-commit' });
  const values = commits.toReversed().flatMap((commit) => trailerValues(commit.message, 'Lockkeeper-Bump'));
  const images = values.map(readImage);
  return images.every((image) => image !== null) ? images : 'unreadable';
}

function readImage(value: string): BumpedImage | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { app, image, version, source } = parsed as Readonly<Record<string, unknown>>;
  if (typeof app !== 'string' || typeof image !== 'string' || typeof version !== 'string') return null;
  return { app, image, version, source: typeof source === 'string' ? source : null };
}
