/** Writes of files and branches through the forge's API: commits are the forge's (signed where it signs), ref updates compare and swap. */
import type { RepositoryId, Sha } from '../core/ids.js';
import type { LaneLock } from './lane-lock.js';

export type FileChange =
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly content: Uint8Array;
      readonly mode: '100644' | '100755' | '120000';
      /** The content's blob where the repository is known to hold it already, so that it need not be sent. */
      readonly blob: Sha | null;
    }
  | { readonly kind: 'delete'; readonly path: string };

export interface CommitRequest {
  readonly repository: RepositoryId;
  /** Made if `expected` is null. */
  readonly branch: string;
  /** Where the branch must stand now; null: it must not exist. */
  readonly expected: Sha | null;
  /** The new commit's parent. Differs from `expected` only to remake a branch of the bot's own. */
  readonly parent: Sha;
  readonly message: string;
  readonly changes: readonly FileChange[];
}

export type CommitOutcome =
  { readonly kind: 'committed'; readonly commit: Sha } | { readonly kind: 'branch-moved'; readonly actual: Sha | null };

export interface Contents {
  commit(lock: LaneLock, request: CommitRequest): Promise<CommitOutcome>;
  /** Nothing happens if the branch is gone or stands elsewhere. */
  deleteBranch(
    lock: LaneLock,
    repository: RepositoryId,
    branch: { readonly name: string; readonly expected: Sha },
  ): Promise<void>;
}
