/** The plain renderer: a target's manifests are the YAML and JSON files below its directory, as they are. */
import type { TreeEntry } from '../../core/forge-objects.js';
import type { Closure } from '../../core/plan/dependencies/closure.js';
import { readText } from '../../core/tree/read-text.js';
import { filesBelow, findPlace, linksOn, type TreeView } from '../../core/tree/tree-view.js';
import type { Mirror } from '../../ports/repository.js';
import type { ManifestStream, RenderResult, RenderSource, Renderer } from '../../ports/renderer.js';

interface PlainLimits {
  readonly files: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** Of all files together. */
  readonly totalBytes: number;
}

/** Room for bundles of custom resource definitions (3 MB in one file) and what people generate, not for a disk image. */
const usualLimits: PlainLimits = { files: 5_000, fileBytes: 12 * 1024 * 1024, totalBytes: 64 * 1024 * 1024 };

/** Changes when the same files would give other streams. */
const VERSION = 'plain 1';

export function createPlainRenderer(limits: PlainLimits = usualLimits): Renderer {
  return {
    name: 'plain',
    version: async () => VERSION,
    render: (source) => renderFiles(source, limits),
    reads: async ({ mirror, tree, directory }) => closureOf(await mirror.view(tree), directory),
  };
}

type Failure = Extract<RenderResult, { kind: 'failed' }>;

/** A manifest file: `name` is where it stands, `blob` where its content is (elsewhere for a symbolic link). */
interface ManifestFile {
  readonly name: string;
  readonly blob: string;
}

async function renderFiles(source: RenderSource, limits: PlainLimits): Promise<RenderResult> {
  const view = await source.mirror.view(source.tree);
  const named = manifestFiles(view, source.directory);
  if (named.length > limits.files)
    return failed(source.directory, `There are ${named.length} manifest files, more than ${limits.files}`);
  const files: ManifestFile[] = [];
  for (const entry of named) {
    const file = isLink(entry) ? followed(view, entry) : { name: entry.path, blob: entry.sha };
    if ('kind' in file) return file;
    files.push(file);
  }
  return readStreams(source.mirror, files, limits);
}

function manifestFiles(view: TreeView, directory: string): readonly TreeEntry[] {
  return filesBelow(view, directory).filter((entry) => entry.mode !== '160000' && isManifestName(entry.path));
}

/** The manifest files, and what links among them lead to. */
function closureOf(view: TreeView, directory: string): Closure {
  const paths = new Set<string>();
  for (const { path } of manifestFiles(view, directory)) {
    paths.add(path);
    for (const link of linksOn(view, path)) paths.add(link);
    const place = findPlace(view, path);
    if (place.kind === 'file') paths.add(place.entry.path);
  }
  return { paths, directories: new Set([directory]) };
}

function isManifestName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return /\.(ya?ml|json)$/i.test(name) && !name.startsWith('.lockkeeper');
}

function isLink(entry: TreeEntry): boolean {
  return entry.mode === '120000';
}

function followed(view: TreeView, link: TreeEntry): ManifestFile | Failure {
  const place = findPlace(view, link.path);
  switch (place.kind) {
    case 'file':
      return { name: link.path, blob: place.entry.sha };
    case 'outside':
      return failed(link.path, 'The symbolic link leads out of the repository');
    case 'directory':
    case 'nowhere':
      return failed(link.path, 'The symbolic link leads to no file');
  }
}

async function readStreams(mirror: Mirror, files: readonly ManifestFile[], limits: PlainLimits): Promise<RenderResult> {
  const blobs = await mirror.blobs(
    files.map((file) => file.blob),
    { maxBytes: limits.fileBytes },
  );
  const streams: ManifestStream[] = [];
  let total = 0;
  for (const { name, blob } of files) {
    const bytes = blobs.get(blob);
    if (bytes === undefined) return failed(name, `The file is larger than ${limits.fileBytes} bytes`);
    total += bytes.length;
    if (total > limits.totalBytes)
      return failed(name, `The manifests are larger than ${limits.totalBytes} bytes together`);
    const text = readText(bytes);
    if (text === null) return { ...failed(name, 'The file is not UTF-8 text'), line: firstBrokenLine(bytes) };
    streams.push({ name, text });
  }
  return { kind: 'rendered', streams, notes: [] };
}

const LINE_END = 10;

/** From 1: no character of UTF-8 goes over a line end, so that each line is text for itself. */
function firstBrokenLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const end = bytes.indexOf(LINE_END, start);
    const stop = end < 0 ? bytes.length : end;
    if (readText(bytes.subarray(start, stop)) === null) return line;
    start = stop + 1;
  }
  return line;
}

function failed(file: string, message: string): Failure {
  return { kind: 'failed', file, message };
}
