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
import type { RemoteSources } from '../../ports/remote-sources.js';
import type { Mirror } from '../../ports/repository.js';
import { findUnsafe, LARGEST_FILE, materialise } from '../tree/materialise.js';
import { LONGEST_MESSAGE, runTool, type ToolLimits } from '../tree/run-tool.js';
import { inWorkPlace } from '../tree/work-place.js';
import { FetchedTree, isTaken, type ReadableTree } from './fetched-tree.js';
import { INSTALL, rememberKustomize, type FindKustomize, type KustomizeTool } from './kustomize-tool.js';
import { rewriteReferences } from './rewrite-references.js';

export interface KustomizeOptions {
  readonly processes: Processes;
  /** Shared by all that run it; each asks by itself when absent. */
  readonly find?: FindKustomize;
  /** What remote references may be fetched from; nowhere when absent. */
  readonly remotes?: RemoteSources | undefined;
  /** Where directories are made and removed again; the system's own place when absent. */
  readonly temporaryDirectory?: string;
  readonly limits?: ToolLimits;
}

export function createKustomizeRenderer(options: KustomizeOptions): Renderer {
  const { remotes } = options;
  const remembered: Remembered = { references: new Map(), traces: new WeakMap() };
  const trace = (source: RenderSource): Promise<Traced> => traced(source, remembered, remotes);
  const find = options.find ?? rememberKustomize(options.processes);
  return {
    name: 'kustomize',
    version: async () =>
      [(await find())?.version ?? 'none', ...(remotes === undefined ? [] : [remotes.version])].join(', '),
    render: async (source) => {
      const found = await find();
      if (found === null) return { kind: 'tool-missing', tool: 'kustomize', install: INSTALL };
      return render(options, found, source, await trace(source));
    },
    reads: async (source) => (await trace(source)).closure,
  };
}

/** What was read: a tree is asked about for every plan that starts from it, and targets share bases. */
interface Remembered {
  /** By content. */
  readonly references: Map<string, Promise<References | null>>;
  /** By directory. */
  readonly traces: WeakMap<TreeView, Map<string, Promise<Traced>>>;
}

/** Of references. */
const MOST_REMEMBERED = 10_000;

/** A build's trace, and the tree that it was traced in. */
interface Traced extends BuildTrace, ReadableTree {
  /** `not-now`: something could not be fetched, which another time may be. */
  readonly fetched: 'all' | 'not-now';
  /** With places of fetched things called by where they came from. */
  named(text: string): string;
}

async function traced(
  { mirror, tree, directory }: RenderSource,
  remembered: Remembered,
  remotes: RemoteSources | undefined,
): Promise<Traced> {
  const view = await mirror.view(tree);
  const ofTree = remembered.traces.get(view) ?? new Map<string, Promise<Traced>>();
  remembered.traces.set(view, ofTree);
  const known = ofTree.get(directory);
  if (known !== undefined) return known;
  const found = traceAll({ view, mirror, directory }, remembered, remotes);
  ofTree.set(directory, found);
  const forget = (): boolean => ofTree.delete(directory);
  found.then(({ fetched }) => (fetched === 'all' ? false : forget()), forget);
  return found;
}

/** What is fetched may name more that has to be, and that more, so many times. */
const DEEPEST_FETCHES = 10;

async function traceAll(
  own: ReadableTree & { readonly directory: string },
  { references }: Remembered,
  remotes: RemoteSources | undefined,
): Promise<Traced> {
  const { directory } = own;
  const first = await traceBuild(own.view, directory, remembering(own.mirror, references), remotes && new Map());
  if (remotes === undefined || first.wanted.size === 0)
    return { ...first, ...own, fetched: 'all', named: (text) => text };
  const fetched = new FetchedTree(own, remotes);
  const taken = isTaken(own.view) ? `The repository has the name that what is fetched is put below` : null;
  let last: BuildTrace = taken === null ? first : { ...first, refusal: { file: null, message: taken } };
  for (let round = 1; last.refusal === null && last.wanted.size > 0; round += 1) {
    if (round > DEEPEST_FETCHES)
      last = {
        ...last,
        refusal: { file: null, message: `Remote bases name others more than ${DEEPEST_FETCHES} deep` },
      };
    else {
      await Promise.all([...last.wanted].map((reference) => fetched.fetch(reference)));
      const { view, mirror } = fetched.tree();
      last = await traceBuild(view, directory, remembering(mirror, references), fetched.places);
    }
  }
  return {
    ...last,
    ...fetched.tree(last.fetchedFiles),
    fetched: fetched.failed ? 'not-now' : 'all',
    named: (text) => fetched.named(text),
  };
}

function remembering(mirror: Pick<Mirror, 'blobs'>, references: Remembered['references']): ReadReferences {
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
  mirror: Pick<Mirror, 'blobs'>,
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
  traced: Traced,
): Promise<RenderResult> {
  const { processes, temporaryDirectory, limits } = options;
  const { directory, signal } = source;
  const { closure, roots, refusal, view, mirror, rewrites } = traced;
  if (refusal !== null) return failed(refusal.file && traced.named(refusal.file), traced.named(refusal.message));
  const unsafe = findUnsafe(view, roots);
  if (unsafe !== null) return failed(unsafe.file, unsafe.message);
  return inWorkPlace({ tool: 'kustomize', temporaryDirectory }, async (place) => {
    // Nothing but what the closure names: if it lacked something, the build would fail and not be mistaken for another.
    const written = await materialise(mirror, view, [...closure.paths, ...closure.directories], place.tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    // A directory of which nothing is read is still there for the tool to say so.
    for (const root of roots) await mkdir(join(place.tree, root), { recursive: true });
    await rewriteReferences({ view, mirror }, rewrites, place);
    const { program } = tool;
    const args = [...tool.build, `./${directory}`];
    const outcome = await runTool({ processes, place, tool: 'kustomize', program, arguments: args, limits, signal });
    switch (outcome.kind) {
      case 'printed':
        return { kind: 'rendered', streams: [{ name: 'kustomize', text: outcome.text }], notes: [] };
      case 'missing':
        return { kind: 'tool-missing', tool: 'kustomize', install: INSTALL };
      case 'failed':
        return buildFailure(traced, { directory, message: outcome.message, leftOut: written.leftOut });
    }
  });
}

async function buildFailure(
  { view, mirror, closure, named }: Traced,
  failure: { readonly directory: string; readonly message: string; readonly leftOut: readonly string[] },
): Promise<RenderResult> {
  const { directory, message, leftOut } = failure;
  const { file, line } = await locate({ mirror, directory }, view, closure, message);
  const words = `${leftOutWords(leftOut)}${named(message)}`.slice(0, LONGEST_MESSAGE) + pluginWords(message);
  return { kind: 'failed', message: words, file: file && named(file), line };
}

/** Of what the build could read, at most; beyond it only the kustomization is told. */
const MOST_LOOKED_AT = 500;
/** Of each, in bytes. */
const LARGEST_LOOKED_AT = 256 * 1024;

async function locate(
  { mirror, directory }: { readonly mirror: Pick<Mirror, 'blobs'>; readonly directory: string },
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

/** Kustomize says only that they are disabled, and not what to do. */
function pluginWords(message: string): string {
  if (!message.includes('external plugins disabled')) return '';
  return '\nPlugins that run programs or containers are not run: let `render: { command: … }` name a command that the server defines (LOCKKEEPER_RENDER_COMMANDS)';
}

function leftOutWords(leftOut: readonly string[]): string {
  return leftOut.length === 0 ? '' : `Left out, being too large: ${leftOut.slice(0, 5).join(', ')}\n`;
}

function failed(file: string | null, message: string): RenderResult {
  return { kind: 'failed', file, message };
}
