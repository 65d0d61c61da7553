/** The kustomize renderer: the real tool on what a build can reach, in a directory of its own, without the network. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewTree, type TreeView } from '../../core/tree/tree-view.js';
import type { ProcessOutcome, Processes } from '../../ports/processes.js';
import type { Renderer, RenderResult, RenderSource } from '../../ports/renderer.js';
import { failed, gatherRoots, type Failure } from './gather-roots.js';
import { findKustomize, INSTALL, type KustomizeTool } from './kustomize-tool.js';
import { materialise } from './materialise.js';

export interface KustomizeOptions {
  readonly processes: Processes;
  /** Where directories are made and removed again; the system's own place when absent. */
  readonly temporaryDirectory?: string;
  readonly limits?: { readonly milliseconds: number; readonly outputBytes: number };
}

/** A build of hundreds of resources takes a second or two. */
const usualLimits = { milliseconds: 60_000, outputBytes: 32 * 1024 * 1024 };
/** Address space of the tool, in KiB: 4 GiB. */
const MEMORY = 4 * 1024 * 1024;
/** Of the tool's own words, in characters. */
const LONGEST_MESSAGE = 4_000;
/** A link's target that is longer than any path, in bytes, leads nowhere. */
const LONGEST_TARGET = 4_096;

export function createKustomizeRenderer(options: KustomizeOptions): Renderer {
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
      return render(options, found, source);
    },
  };
}

async function render(options: KustomizeOptions, tool: KustomizeTool, source: RenderSource): Promise<RenderResult> {
  const view = await readView(source);
  const roots = await gatherRoots(source.mirror, view, source.directory);
  if (roots.kind === 'failed') return roots;
  const place = await mkdtemp(join(options.temporaryDirectory ?? tmpdir(), 'lockkeeper-kustomize-'));
  try {
    const work = await realpath(place);
    const tree = join(work, 'tree');
    await Promise.all([mkdir(tree), mkdir(join(work, 'home'))]);
    const written = await materialise(source.mirror, view, roots.directories, tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    const outcome = await runTool(options, tool, work, source.directory);
    return toResult(outcome, work, written.leftOut);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function readView({ mirror, tree }: RenderSource): Promise<TreeView> {
  const entries = await mirror.entries(tree);
  const links = entries.filter((entry) => entry.mode === '120000');
  const blobs = await mirror.blobs(
    links.map((link) => link.sha),
    { maxBytes: LONGEST_TARGET },
  );
  const targets = links.flatMap((link) => {
    const bytes = blobs.get(link.sha);
    return bytes === undefined ? [] : [[link.path, new TextDecoder().decode(bytes)] as const];
  });
  return viewTree(entries, new Map(targets));
}

/** Nobody listens there: what should reach the network in spite of our reading fails at once. */
const NOWHERE = 'http://127.0.0.1:9';

function runTool(
  options: KustomizeOptions,
  tool: KustomizeTool,
  work: string,
  directory: string,
): Promise<ProcessOutcome> {
  const home = join(work, 'home');
  // The shell only sets the limit, which is not inherited from here, and becomes the tool.
  const limited = [`ulimit -v ${MEMORY} 2>/dev/null; exec "$@"`, 'sh', tool.program];
  return options.processes.run({
    program: 'sh',
    arguments: ['-c', ...limited, ...tool.build, `./${directory}`],
    directory: join(work, 'tree'),
    environment: {
      HOME: home,
      TMPDIR: home,
      XDG_CONFIG_HOME: home,
      KUBECONFIG: '/dev/null',
      GIT_ALLOW_PROTOCOL: '',
      http_proxy: NOWHERE,
      https_proxy: NOWHERE,
      all_proxy: NOWHERE,
      HTTP_PROXY: NOWHERE,
      HTTPS_PROXY: NOWHERE,
      ALL_PROXY: NOWHERE,
    },
    limits: options.limits ?? usualLimits,
  });
}

function toResult(outcome: ProcessOutcome, work: string, leftOut: readonly string[]): RenderResult {
  switch (outcome.kind) {
    case 'not-found':
      return failed(null, 'There is no shell to run kustomize in');
    case 'killed':
      return failed(null, killedWords[outcome.why]);
    case 'ended': {
      if (outcome.status !== 0) return toolFailed(outcome.stderr, work, leftOut);
      return { kind: 'rendered', streams: [{ name: 'kustomize', text: new TextDecoder().decode(outcome.stdout) }] };
    }
  }
}

const killedWords = {
  time: 'kustomize took too long and was ended',
  output: 'kustomize printed too much and was ended',
  aborted: 'kustomize was ended, since Lockkeeper is stopping',
  signal: 'kustomize was ended by a signal',
} as const;

function toolFailed(stderr: string, work: string, leftOut: readonly string[]): Failure {
  if (/out of memory|cannot allocate memory/i.test(stderr))
    return failed(null, `kustomize needed more than ${MEMORY / 1024 / 1024} GiB of memory and was ended`);
  const notes = leftOut.length === 0 ? '' : `Left out, being too large: ${leftOut.slice(0, 5).join(', ')}\n`;
  const words = stderr
    .replaceAll(`${join(work, 'tree')}/`, '')
    .replaceAll(join(work, 'tree'), '.')
    .replaceAll(work, '')
    .trim();
  return failed(null, `${notes}${words || 'kustomize failed and said nothing'}`.slice(0, LONGEST_MESSAGE));
}
