/** Which files a pull request changes, by git: a forge's listing ends somewhere, and says nothing of the rest. */
import type { PullRequest } from '../../core/forge-objects.js';
import { repositoryKey } from '../../core/ids.js';
import type { PolicyFacts } from '../../core/policy/policy-facts.js';
import type { Need } from '../../core/policy/policy-needs.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';

export type ChangeFacts = Pick<PolicyFacts, 'files' | 'size'>;

const UNKNOWN: ChangeFacts = { files: 'unknown', size: { files: 'unknown', lines: 'unknown' } };

interface KeptChange {
  readonly paths: readonly string[];
  /** Null: a file is binary. Absent: not counted. */
  readonly lines?: number | null;
}

/** What the merge would change on the target branch; unknown where nobody asks, and while there is a conflict. */
export async function gatherChangedFiles(
  app: App,
  repository: ConfiguredRepository,
  pullRequest: PullRequest,
  needs: ReadonlySet<Need>,
): Promise<ChangeFacts> {
  if (!needs.has('files')) return UNKNOWN;
  const lines = needs.has('lines') ? 'counted' : 'not-counted';
  const { mirror, tip } = repository;
  const { sha } = pullRequest.head;
  const key = `change/1/${repositoryKey(repository.repository)}/${tip}/${sha}/${lines}`;
  const kept = await app.cache.get(key);
  if (kept !== null) return toFacts(JSON.parse(kept) as KeptChange);
  const merged = await mirror.merge(tip, sha);
  if (merged.kind === 'conflict') return UNKNOWN;
  const before = await mirror.treeOf(tip);
  const change: KeptChange = {
    paths: await mirror.changedPaths(before, merged.tree),
    ...(lines === 'counted' ? { lines: await mirror.changedLines(before, merged.tree) } : {}),
  };
  await app.cache.put(key, JSON.stringify(change));
  return toFacts(change);
}

function toFacts({ paths, lines }: KeptChange): ChangeFacts {
  return { files: { paths, extent: 'all' }, size: { files: paths.length, lines: lines ?? 'unknown' } };
}
