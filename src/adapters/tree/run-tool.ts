/** Runs a rendering tool in its work place: no network, nothing of our environment, capped time, memory, output and words. */
import { join } from 'node:path';
import type { Disk, ProcessOutcome, Processes } from '../../ports/processes.js';
import type { WorkPlace } from './work-place.js';

export interface ToolLimits {
  readonly milliseconds: number;
  readonly outputBytes: number;
}

interface ToolRun {
  readonly processes: Processes;
  readonly place: WorkPlace;
  /** As messages call it. */
  readonly tool: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** From the top of the tree; the top itself when absent. */
  readonly directory?: string;
  /** Beside what every tool gets. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: ToolLimits | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where it may write what a later run reads; only where it is forgotten when absent. */
  readonly writes?: 'work-place';
  /** Directories beside the work place that it reads. */
  readonly reads?: readonly string[];
}

export type ToolOutcome =
  | { readonly kind: 'printed'; readonly text: string }
  /** `message`: the tool's own words without our directories, capped. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'missing' };

/** A build of hundreds of resources takes a second or two. */
const usualLimits: ToolLimits = { milliseconds: 60_000, outputBytes: 32 * 1024 * 1024 };
/** Address space of the tool, in KiB: 4 GiB. */
const MEMORY = 4 * 1024 * 1024;
/** A tool and its plugins are a handful; a fork bomb is ended when it is this many. */
const MOST_PROCESSES = 100;
/** Of the tool's own words, in characters. */
export const LONGEST_MESSAGE = 4_000;
/** Nobody listens there: what should reach the network in spite of our reading fails at once. */
const NOWHERE = 'http://127.0.0.1:9';
/**
 * Kustomize, helm and terraform are Go's, live for a tenth of a second, and spend a third of it on collecting garbage (measured: 164 ms of
 * CPU a build, 118 so). Near the limit, which is soft, they collect as they must. https://pkg.go.dev/runtime#hdr-Environment_Variables
 */
const SELDOM_COLLECTING = { GOGC: '800', GOMEMLIMIT: '512MiB' } as const;
/** How a shell says that the program it should become is not there. */
const NOT_FOUND = 127;

export async function runTool(run: ToolRun): Promise<ToolOutcome> {
  const { place, limits } = run;
  const outcome = await run.processes.run({
    program: 'sh',
    // The shell only sets the limit, which is not inherited from here, and becomes the tool.
    arguments: ['-c', `ulimit -v ${MEMORY} 2>/dev/null; exec "$@"`, 'sh', run.program, ...run.arguments],
    directory: join(place.tree, run.directory ?? ''),
    environment: { ...environmentOf(place), ...run.environment },
    limits: { processes: MOST_PROCESSES, ...(limits ?? usualLimits) },
    disk: diskOf(run),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  return toOutcome(outcome, run);
}

function diskOf({ place, program, writes, reads = [] }: ToolRun): Disk {
  const programs = [program];
  if (writes === 'work-place') return { read: reads, write: [place.root], scratch: [], programs };
  return { read: [place.tree, place.inputs, ...reads], write: [], scratch: [place.home], programs };
}

function environmentOf({ home }: WorkPlace): Readonly<Record<string, string>> {
  return {
    HOME: home,
    TMPDIR: home,
    XDG_CONFIG_HOME: home,
    KUBECONFIG: '/dev/null',
    ...SELDOM_COLLECTING,
    GIT_ALLOW_PROTOCOL: '',
    http_proxy: NOWHERE,
    https_proxy: NOWHERE,
    all_proxy: NOWHERE,
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    ALL_PROXY: NOWHERE,
  };
}

function toOutcome(outcome: ProcessOutcome, { tool, program, place }: ToolRun): ToolOutcome {
  switch (outcome.kind) {
    case 'not-found':
      return { kind: 'failed', message: `There is no shell to run ${tool} in` };
    case 'killed':
      return { kind: 'failed', message: `${tool} ${killedWords[outcome.why]}` };
    case 'ended': {
      if (outcome.status === 0) return printed(outcome.stdout, tool);
      if (outcome.status === NOT_FOUND && outcome.stderr.includes(`${program}: not found`)) return { kind: 'missing' };
      // Not every tool complains where complaints belong.
      const words = outcome.stderr.trim() === '' ? new TextDecoder().decode(outcome.stdout) : outcome.stderr;
      return { kind: 'failed', message: toolWords(words, tool, place) };
    }
  }
}

function printed(bytes: Uint8Array, tool: string): ToolOutcome {
  try {
    return { kind: 'printed', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'failed', message: `${tool} printed what is no UTF-8 text` };
  }
}

const killedWords = {
  time: 'took too long and was ended',
  output: 'printed too much and was ended',
  processes: 'started too many processes and was ended',
  aborted: 'was ended before it was done: its result is no longer wanted',
  signal: 'was ended by a signal',
} as const;

function toolWords(stderr: string, tool: string, place: WorkPlace): string {
  if (/out of memory|cannot allocate memory/i.test(stderr))
    return `${tool} needed more than ${MEMORY / 1024 / 1024} GiB of memory and was ended`;
  const words = stderr.replaceAll(`${place.tree}/`, '').replaceAll(place.tree, '.').replaceAll(place.root, '').trim();
  return (unframed(words) || `${tool} failed and said nothing`).slice(0, LONGEST_MESSAGE);
}

/** kubectl says its last words as a log line with the time and its process's number: a plan's digest would never be the same twice. */
const LOG_FRAME = /^[EFIW]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] (?:"command failed" err=)?/gm;

function unframed(words: string): string {
  const said = words.replace(LOG_FRAME, '');
  if (said === words) return words;
  const lines = /^<\n([^]*)\n >$/.exec(said)?.[1];
  return (lines?.replace(/^\t/gm, '') ?? /^"([^]*)"$/.exec(said)?.[1]?.replace(/\\(["\\])/g, '$1') ?? said).trim();
}
