/** The kustomize renderer: the real tool on what a build can reach, in a directory of its own, without the network. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closure } from '../../core/plan/dependencies/closure.js';
import { locateBuildFailure } from '../../core/plan/dependencies/locate-build-failure.js';
import { readConfiguration, readKustomization, type References } from '../../core/plan/dependencies/read-references.js';
import { traceBuild, type BuildTrace, type ReadReferences } from '../../core/plan/dependencies/trace-build.js';
import { filesBelow, type TreeView } from '../../core/tree/tree-view.js';
import type { Processes } from '../../ports/processes.js';
import type { Renderer, RenderResult, RenderSource } from '../../ports/renderer.js';
import type { Mirror } from '../../ports/repository.js';
import { findUnsafe, LARGEST_FILE, materialise } from '../tree/materialise.js';
import { LONGEST_MESSAGE, runTool, type ToolLimits } from '../tree/run-tool.js';
import { inWorkPlace } from '../tree/work-place.js';
import { findKustomize, INSTALL, type KustomizeTool } from './kustomize-tool.js';

export interface KustomizeOptions {
  readonly processes: Processes;
  /** Where directories are made and removed again; the system's own place when absent. */
  readonly temporaryDirectory?: string;
  readonly limits?: ToolLimits;
}

export function createKustomizeRenderer(options: KustomizeOptions): Renderer {
  const remembered: Remembered = { references: new Map(), traces: new WeakMap() };
  let tool: Promise<KustomizeTool | null> | null = null;
  const find = async (): Promise<KustomizeTool | null> => {
    const found = await (tool ??= findKustomize(options.processes));
    // Looked for again next time: it may be installed while we run.
    if (found === null) tool = null;
    return found;
  };
  return {
    name: 'kustomize',
    version: async () => (await find())?.version ?? 'none',
    render: async (source) => {
      const found = await find();
      if (found === null) return { kind: 'tool-missing', tool: 'kustomize', install: INSTALL };
      return render(options, found, source, await trace(source, remembered));
    },
    reads: async (source) => (await trace(source, remembered)).closure,
  };
}

/** What was read: a tree is asked about for every plan that starts from it, and targets share bases. */
interface Remembered {
  /** By content. */
  readonly references: Map<string, Promise<References | null>>;
  /** By directory. */
  readonly traces: WeakMap<TreeView, Map<string, Promise<BuildTrace>>>;
}

/** Of references. */
const MOST_REMEMBERED = 10_000;

async function trace({ mirror, tree, directory }: RenderSource, remembered: Remembered): Promise<BuildTrace> {
  const view = await mirror.view(tree);
  const ofTree = remembered.traces.get(view) ?? new Map<string, Promise<BuildTrace>>();
  remembered.traces.set(view, ofTree);
  const known = ofTree.get(directory);
  if (known !== undefined) return known;
  const traced = traceBuild(view, directory, remembering(mirror, remembered.references));
  ofTree.set(directory, traced);
  traced.catch(() => ofTree.delete(directory));
  return traced;
}

function remembering(mirror: Mirror, references: Remembered['references']): ReadReferences {
  return (blob, as) => {
    const key = `${as} ${blob}`;
    const known = references.get(key);
    if (known !== undefined) return known;
    const read = readReferences(mirror, blob, as);
    // What failed is read again.
    read.catch(() => references.delete(key));
    references.set(key, read);
    const [oldest] = references.keys();
    if (references.size > MOST_REMEMBERED && oldest !== undefined) references.delete(oldest);
    return read;
  };
}

/** Null when it is so large that it is not materialised: kustomize will not find it either. */
async function readReferences(
  mirror: Mirror,
  blob: string,
  as: 'kustomization' | 'configuration',
): Promise<References | null> {
  const bytes = (await mirror.blobs([blob], { maxBytes: LARGEST_FILE })).get(blob);
  if (bytes === undefined) return null;
  const text = new TextDecoder().decode(bytes);
  return as === 'kustomization' ? readKustomization(text) : readConfiguration(text);
}

async function render(
  options: KustomizeOptions,
  tool: KustomizeTool,
  source: RenderSource,
  { closure, roots, refusal }: BuildTrace,
): Promise<RenderResult> {
  const { processes, temporaryDirectory, limits } = options;
  const { mirror, directory, signal } = source;
  if (refusal !== null) return failed(refusal.file, refusal.message);
  const view = await mirror.view(source.tree);
  const unsafe = findUnsafe(view, roots);
  if (unsafe !== null) return failed(unsafe.file, unsafe.message);
  return inWorkPlace({ tool: 'kustomize', temporaryDirectory }, async (place) => {
    // Nothing but what the closure names: if it lacked something, the build would fail and not be mistaken for another.
    const written = await materialise(mirror, view, [...closure.paths, ...closure.directories], place.tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    // A directory of which nothing is read is still there for the tool to say so.
    for (const root of roots) await mkdir(join(place.tree, root), { recursive: true });
    const { program } = tool;
    const args = [...tool.build, `./${directory}`];
    const outcome = await runTool({ processes, place, tool: 'kustomize', program, arguments: args, limits, signal });
    switch (outcome.kind) {
      case 'printed':
        return { kind: 'rendered', streams: [{ name: 'kustomize', text: outcome.text }], notes: [] };
      case 'missing':
        return { kind: 'tool-missing', tool: 'kustomize', install: INSTALL };
      case 'failed':
        return {
          kind: 'failed',
          message: `${leftOutWords(written.leftOut)}${outcome.message}`.slice(0, LONGEST_MESSAGE),
          ...(await locate(source, view, closure, outcome.message)),
        };
    }
  });
}

/** Of what the build could read, at most; beyond it only the kustomization is told. */
const MOST_LOOKED_AT = 500;
/** Of each, in bytes. */
const LARGEST_LOOKED_AT = 256 * 1024;

async function locate(
  { mirror, directory }: RenderSource,
  view: TreeView,
  { paths, directories }: Closure,
  message: string,
): Promise<{ readonly file: string | null; readonly line: number | null }> {
  const read = [...paths, ...[...directories].flatMap((each) => filesBelow(view, each).map(({ path }) => path))];
  const entries = read.slice(0, MOST_LOOKED_AT).flatMap((path) => view.entries.get(path) ?? []);
  const texts = await mirror.blobs([...new Set(entries.map(({ sha }) => sha))], { maxBytes: LARGEST_LOOKED_AT });
  const files = new Map(
    entries.flatMap(({ path, sha }) => {
      const bytes = texts.get(sha);
      return bytes === undefined ? [] : [[path, new TextDecoder().decode(bytes)] as const];
    }),
  );
  return locateBuildFailure({ message, directory, files }) ?? { file: null, line: null };
}

function leftOutWords(leftOut: readonly string[]): string {
  return leftOut.length === 0 ? '' : `Left out, being too large: ${leftOut.slice(0, 5).join(', ')}\n`;
}

function failed(file: string | null, message: string): RenderResult {
  return { kind: 'failed', file, message };
}
