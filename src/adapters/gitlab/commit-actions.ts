/** File changes as the actions of GitLab's commits API: https://docs.gitlab.com/api/commits/#commits-api-actions. */
import type { Sha } from '../../core/ids.js';
import { Forbidden } from '../../core/problem.js';
import { blobId } from '../../core/tree/blob-id.js';
import { readExactText } from '../../core/tree/read-text.js';
import type { FileChange } from '../../ports/contents.js';

/** What the parent's tree holds at a path. */
export interface StandingFile {
  readonly mode: string;
  readonly blob: Sha;
  /** The commit that changed it last, where others may push to the branch: GitLab then refuses if another one has since. */
  readonly lastCommit: Sha | null;
}

export interface CommitAction {
  readonly action: 'create' | 'update' | 'delete' | 'chmod';
  readonly filePath: string;
  readonly content?: string;
  readonly encoding?: 'text' | 'base64';
  readonly executeFilemode?: boolean;
  readonly lastCommitId?: string;
}

const SYMLINK = '120000';
const EXECUTABLE = '100755';

/**
 * Rejects with `Forbidden` what this API can't do: symbolic links.
 *
 * GitLab keeps text files with line feeds only: a carriage return before one is dropped on its way in, as it would be in its web editor.
 */
export function commitActions(
  changes: readonly FileChange[],
  standing: ReadonlyMap<string, StandingFile>,
): readonly CommitAction[] {
  return changes.flatMap((change): readonly CommitAction[] => {
    const file = standing.get(change.path) ?? null;
    const guard = file === null || file.lastCommit === null ? {} : { lastCommitId: file.lastCommit };
    if (change.kind === 'delete') {
      return file === null ? [] : [{ action: 'delete', filePath: change.path, ...guard }];
    }
    if (change.mode === SYMLINK || file?.mode === SYMLINK) {
      throw new Forbidden(`GitLab's API cannot write symbolic links: change ${change.path} with git instead.`);
    }
    return writeActions(change, file).map((action) => ({ ...action, ...guard }));
  });
}

function writeActions(
  change: Extract<FileChange, { readonly kind: 'write' }>,
  file: StandingFile | null,
): readonly CommitAction[] {
  const filePath = change.path;
  const executable = change.mode === EXECUTABLE;
  const actions: CommitAction[] = [];
  if (file === null) {
    actions.push({ action: 'create', filePath, ...encoded(change.content) });
  } else if (file.blob !== blobId(change.content, file.blob)) {
    actions.push({ action: 'update', filePath, ...encoded(change.content) });
  }
  // Only `chmod` heeds the mode; a new file starts as an ordinary one.
  if (executable !== (file?.mode === EXECUTABLE)) {
    actions.push({ action: 'chmod', filePath, executeFilemode: executable });
  }
  return actions;
}

function encoded(content: Uint8Array): { readonly content: string; readonly encoding: 'text' | 'base64' } {
  const text = plainText(content);
  return text === null
    ? { content: Buffer.from(content).toString('base64'), encoding: 'base64' }
    : { content: text, encoding: 'text' };
}

/** Null where sending it as text would change a byte, or might: not UTF-8, or with control characters besides tab and line feed. */
function plainText(content: Uint8Array): string | null {
  const isControl = (byte: number) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || byte === 0x7f;
  return content.some(isControl) ? null : readExactText(content);
}
