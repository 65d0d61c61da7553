/** Makes the tree of a commit from its parent's: known blobs by id, small texts inside the request, everything else as a blob first. */
import type { Sha } from '../../core/ids.js';
import { readExactText } from '../../core/tree/read-text.js';
import type { FileChange } from '../../ports/contents.js';
import type { LaneLock } from '../../ports/lane-lock.js';
import { holdLane, once, type Client, type Place } from './client.js';

/** Bytes of a text that travels inside the tree request; a few dozen of them stay far below GitHub's limits on a request. */
const inlineLimit = 100_000;

/** As GitHub's tree API takes it: `sha: null` deletes. */
type TreeEntryInput = {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  readonly type: 'blob';
} & ({ readonly sha: Sha | null } | { readonly content: string });

interface TreeRequest {
  readonly place: Place;
  /** The commit whose tree is changed. */
  readonly parent: Sha;
  readonly changes: readonly FileChange[];
}

export async function writeTree(client: Client, lock: LaneLock, { place, parent, changes }: TreeRequest): Promise<Sha> {
  const base = (await client.rest.git.getCommit({ ...place, commit_sha: parent })).data.tree.sha;
  if (changes.length === 0) return base;
  const tree: TreeEntryInput[] = [];
  for (const change of changes) tree.push(await entryOf(client, lock, { place, change }));
  await holdLane(lock);
  return (await client.rest.git.createTree({ ...place, base_tree: base, tree, ...once })).data.sha;
}

async function entryOf(
  client: Client,
  lock: LaneLock,
  { place, change }: { readonly place: Place; readonly change: FileChange },
): Promise<TreeEntryInput> {
  const { path } = change;
  if (change.kind === 'delete') return { path, mode: '100644', type: 'blob', sha: null };
  const { mode } = change;
  if (change.blob !== null) return { path, mode, type: 'blob', sha: change.blob };
  const text = mode === '120000' ? null : inlineText(change.content);
  if (text !== null) return { path, mode, type: 'blob', content: text };
  await holdLane(lock);
  const content = Buffer.from(change.content).toString('base64');
  const made = await client.rest.git.createBlob({ ...place, content, encoding: 'base64', ...once });
  return { path, mode, type: 'blob', sha: made.data.sha };
}

/** The content as text if it survives JSON byte for byte: valid UTF-8, no NUL, small. */
function inlineText(content: Uint8Array): string | null {
  return content.byteLength > inlineLimit ? null : readExactText(content);
}
