/** Git, read only: a mirror of one repository whose objects are read without a work tree. */
import type { Commit, TreeEntry } from '../core/forge-objects.js';
import type { RepositoryId, Sha } from '../core/ids.js';
import type { TreeView } from '../core/tree/tree-view.js';
import type { GitCredentials } from './forge.js';

export interface GitRemote {
  readonly repository: RepositoryId;
  readonly cloneUrl: string;
  /** Asked for at each fetch, since tokens expire. */
  credentials(): Promise<GitCredentials>;
}

export interface Mirrors {
  /** Made on first use; later calls give the same mirror. */
  of(remote: GitRemote): Promise<Mirror>;
}

export type MergeResult =
  { readonly kind: 'merged'; readonly tree: Sha } | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export interface BlobLimits {
  /** Of each blob. */
  readonly maxBytes: number;
}

export interface Mirror {
  /** Brings branches and pull request heads up to date. */
  fetch(): Promise<void>;
  /** Where a branch stands as of the last fetch. */
  branch(name: string): Promise<Sha | null>;
  /** True if the object is here already. */
  holds(sha: Sha): Promise<boolean>;
  /** True if the object is here; fetches it by id if the remote allows. */
  has(sha: Sha): Promise<boolean>;
  /** The tree of a commit; a tree id is returned as it is. */
  treeOf(commit: Sha): Promise<Sha>;
  /** All files below `path` (the whole tree when absent), recursively, in byte order. */
  entries(tree: Sha, path?: string): Promise<readonly TreeEntry[]>;
  /** The whole tree as a file system would show it. Those that were asked for last are remembered. */
  view(tree: Sha): Promise<TreeView>;
  /** Content of blobs by id. Rejects if one is missing. With `limits`, those that are larger are left out. */
  blobs(shas: readonly Sha[], limits?: BlobLimits): Promise<ReadonlyMap<Sha, Uint8Array>>;
  /** Content of one file of a commit or tree, or null. */
  file(tree: Sha, path: string): Promise<Uint8Array | null>;
  /** Paths that differ between two commits or trees, renames as both paths. */
  changedPaths(from: Sha, to: Sha): Promise<readonly string[]>;
  /** Lines added plus lines removed between two commits or trees; null where a file is binary, so that nobody can count. */
  changedLines(from: Sha, to: Sha): Promise<number | null>;
  mergeBase(a: Sha, b: Sha): Promise<Sha | null>;
  /** The merge of `head` into `base`, in the object database. */
  merge(base: Sha, head: Sha): Promise<MergeResult>;
  /** What `base` would be with `head` merged into it: a commit that is only here, the same for the same two. Null: they conflict. */
  presume(base: Sha, head: Sha): Promise<Sha | null>;
  /** Newest first: commits reachable from `to` and not from `from` that touch `paths` (any, when empty). */
  log(range: LogRange): Promise<readonly Commit[]>;
}

export interface LogRange {
  readonly from: Sha | null;
  readonly to: Sha;
  readonly paths: readonly string[];
  readonly limit: number;
  /** `first-parents`: only what the branch itself took in, a merge as one step with all it brought (`git log --first-parent`). */
  readonly walk: 'first-parents' | 'every-commit';
}
