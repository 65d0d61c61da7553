/** Makes a branch of the bot's own anew, as one signed commit on the tip, or finds that it may not. */
import type { Sha } from '../../core/ids.js';
import type { FileChange } from '../../ports/contents.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import type { App } from '../app.js';
import type { ConfiguredRepository } from '../pull-request/gather-repository.js';
import { branchOwner, effectiveChanges, signedMessage } from './own-branch.js';

interface BranchWrite {
  readonly branch: string;
  readonly changes: readonly FileChange[];
  readonly message: string;
  readonly trailers: readonly string[];
}

type BranchWritten =
  | { readonly kind: 'written'; readonly commit: Sha }
  /** People's commits are on it: it is theirs (I6). */
  | { readonly kind: 'touched' }
  /** It moved between reading and writing: read again. */
  | { readonly kind: 'moved' };

export async function writeBranch(
  app: App,
  lock: LaneLock,
  repository: ConfiguredRepository,
  write: BranchWrite,
): Promise<BranchWritten> {
  const { mirror, tip, forge } = repository;
  const head = await mirror.branch(write.branch);
  if (head !== null && (await branchOwner(app, mirror, { branch: write.branch, tip, head })) === 'touched')
    return { kind: 'touched' };
  const changes = await effectiveChanges(mirror, tip, write.changes);
  if (changes.length === 0 && head !== null) return { kind: 'written', commit: head };
  const message = signedMessage(app, { branch: write.branch, parent: tip, changes }, write.message, write.trailers);
  const outcome = await forge.contents.commit(lock, {
    repository: repository.repository,
    branch: write.branch,
    expected: head,
    parent: tip,
    message,
    changes,
  });
  return outcome.kind === 'committed' ? { kind: 'written', commit: outcome.commit } : { kind: 'moved' };
}
