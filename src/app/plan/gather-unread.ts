/** Which of the changed files a target's plan can't show, and whether they are text. */
import type { TreeEntry } from '../../core/forge-objects.js';
import type { HiddenPart } from '../../core/plan/plan.js';
import { suspectFiles, unreadParts } from '../../core/plan/unread-files.js';
import { readText } from '../../core/tree/read-text.js';
import type { TargetSides } from './render-targets.js';
import type { SideReading } from './target-inputs.js';

export interface Sides {
  readonly before: SideReading;
  readonly after: SideReading;
  readonly changedPaths: readonly string[];
}

interface UnreadFiles {
  readonly parts: readonly HiddenPart[];
  /** Of all targets, each once. */
  readonly paths: readonly string[];
}

/** Larger files are nothing that people read as text. */
const LARGEST_TEXT = 1024 * 1024;

export async function gatherUnread(sides: Sides, targets: readonly TargetSides[]): Promise<UnreadFiles> {
  const suspects = targets.map((each) => ({ target: each.target.name, files: suspectsOf(sides, each) }));
  const paths = [...new Set(suspects.flatMap(({ files }) => [...files.unread, ...files.perhaps]))];
  const isText = await textsAmong(sides, paths);
  return {
    parts: suspects.flatMap(({ target, files }) => unreadParts(target, files, isText)),
    paths: [...new Set(suspects.flatMap(({ files }) => files.unread))],
  };
}

function suspectsOf({ changedPaths }: Sides, { target, before, after }: TargetSides): ReturnType<typeof suspectFiles> {
  const inputs = [before, after].flatMap((each) => each ?? []);
  return suspectFiles(changedPaths, {
    directory: target.directory,
    renderer: inputs.at(-1)?.renderer.name ?? 'plain',
    read: inputs.map(({ read }) => read),
    declared: inputs.map(({ closure }) => closure),
  });
}

/** What is absent on a side, a link or a submodule has nothing there that would not be text. */
async function textsAmong({ before, after }: Sides, paths: readonly string[]): Promise<(path: string) => boolean> {
  const blobsOf = (path: string): readonly TreeEntry[] =>
    [before, after].flatMap(({ view }) => view.entries.get(path) ?? []).filter(({ mode }) => mode.startsWith('100'));
  const wanted = [...new Set(paths.flatMap((path) => blobsOf(path).map(({ sha }) => sha)))];
  const blobs = wanted.length === 0 ? null : await after.mirror.blobs(wanted, { maxBytes: LARGEST_TEXT });
  const texts = new Set(wanted.filter((sha) => isReadable(blobs?.get(sha))));
  return (path) => blobsOf(path).every(({ sha }) => texts.has(sha));
}

/** Undefined: too large. */
function isReadable(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && readText(bytes) !== null;
}
