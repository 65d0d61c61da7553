/** What came after the heads that a pull request had before: whether somebody worked on it since. */
import type { Commit, PullRequest } from '../../core/forge-objects.js';
import type { Sha } from '../../core/ids.js';
import type { EarlierHead } from '../../core/policy/policy-facts.js';
import type { SeenHead } from '../../core/standing/sticky-state.js';
import type { App } from '../app.js';
import { MAX_COMMITS } from './gather-commits.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { headMove } from '../queue/head-move.js';
import { isOwnCommit } from '../branch/own-branch.js';

/** `reviewed`: the commits that somebody approved; of other heads nobody asks. */
export async function gatherEarlierHeads(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  seen: { readonly heads: readonly SeenHead[]; readonly reviewed: ReadonlySet<Sha> },
): Promise<readonly EarlierHead[]> {
  const asked = seen.heads.filter(({ head }) => head !== pullRequest.head.sha && seen.reviewed.has(head));
  return Promise.all(
    asked.map(async ({ head, digest, since }) => ({
      head,
      digest,
      since,
      after: await cameAfter(app, repository, pullRequest, head),
    })),
  );
}

async function cameAfter(
  app: App,
  { mirror, tip }: ConfiguredRepository,
  { head: { sha, branch } }: PullRequest,
  earlier: Sha,
): Promise<EarlierHead['after']> {
  if (!(await mirror.has(earlier))) return 'unknown';
  // Rewritten: what was approved is no part of what is there now, unless it was put upon the target branch as it was (a forge's rebase).
  if ((await mirror.mergeBase(earlier, sha)) !== earlier)
    return (await headMove(mirror, { from: earlier, to: sha, tip })) === 'updated' ? 'neutral' : 'work';
  const range = { from: tip, paths: [], limit: MAX_COMMITS, walk: 'every-commit' } as const;
  const [now, then] = await Promise.all([mirror.log({ ...range, to: sha }), mirror.log({ ...range, to: earlier })]);
  if (now.length === MAX_COMMITS || then.length === MAX_COMMITS) return 'unknown';
  const known = new Set(then.map((commit) => commit.sha));
  for (const commit of now) {
    if (known.has(commit.sha)) continue;
    const neutral = isMergeOfBase(commit, now) || (await isOwnCommit(app, mirror, branch, commit));
    if (!neutral) return 'work';
  }
  return 'neutral';
}

/** All its parents but the first are on the target branch: none of them is among what the target branch lacks. */
function isMergeOfBase({ parents }: Commit, lacking: readonly Commit[]): boolean {
  const [, ...others] = parents;
  return others.length > 0 && !lacking.some(({ sha }) => others.includes(sha));
}
