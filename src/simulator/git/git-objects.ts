/** What the simulator reads from and writes to git, as values. */

export const zeroSha = '0'.repeat(40);

export interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: Date;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  /** Whole message as stored, without the final newline. */
  readonly message: string;
}

export interface TreeEntry {
  /** `100644`, `100755`, `120000`, `040000`, `160000` */
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Path from the root of the tree that was listed. */
  readonly path: string;
  /** Bytes; blobs only. */
  readonly size?: number;
}

/** An entry to put in a tree, at a path; `sha: null` removes what is there. */
export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  readonly sha: string | null;
}

export interface FileDifference {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed';
  readonly path: string;
  readonly previousPath: string;
  readonly oldMode: string;
  readonly newMode: string;
  /** 40 zeros when there is none on that side. */
  readonly oldSha: string;
  readonly newSha: string;
  readonly additions: number;
  readonly deletions: number;
  /** From the first `@@`; undefined for binary files and pure mode changes or renames. */
  readonly patch?: string;
}

export interface Ref {
  /** Full name, `refs/heads/main`. */
  readonly name: string;
  readonly sha: string;
  readonly type: 'commit' | 'tag' | 'blob' | 'tree';
}

export type MergeResult =
  { readonly kind: 'clean'; readonly tree: string } | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}
