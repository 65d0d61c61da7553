/**
 * Policies that were compiled with `opa build --target wasm`, run without `opa`: by a process of their own.
 *
 * A compiled policy reaches what it is handed and nothing else: its input, its memory, and a few functions that compute (`sprintf`,
 * `yaml`, `json.is_valid`, `regex.split`). What needs more (`http.send`, `opa.runtime`, `time.now_ns`) is refused before it runs. Rejected: a
 * worker thread, whose limit on memory ends the whole program where a policy asks for much at once.
 */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RegoOutcome } from '../../core/rego/rego.js';
import type { ProcessOutcome, Processes } from '../../ports/processes.js';
import type { Rego, RegoRequest } from '../../ports/rego.js';
import type { CompiledWork } from './evaluate-compiled.js';

export interface OpaWasmOptions {
  readonly processes: Processes;
  /** The program that runs this one: `/usr/bin/node`. */
  readonly node: string;
  /** The path of compiled-process, compiled; the one beside this file when not given. */
  readonly program?: string;
  readonly limits?: Partial<CompiledLimits>;
}

interface CompiledLimits {
  /** Of one request, the start of the process included. */
  readonly milliseconds: number;
  /** Of each policy, its input included, in MiB. */
  readonly memoryMegabytes: number;
  /** Of what reads input and answers, in MiB. */
  readonly heapMegabytes: number;
}

/** As `opa` has it: rules over a large plan take tens of ms; what loops is ended. */
const LIMITS: CompiledLimits = { milliseconds: 20_000, memoryMegabytes: 512, heapMegabytes: 512 };

/** Of the answer: messages are counted and capped before. */
const MOST_OUTPUT = 1024 * 1024;

export function createOpaWasm(options: OpaWasmOptions): Rego {
  return {
    version: () => Promise.resolve('WebAssembly'),
    evaluate: (request) => evaluate(options, request),
  };
}

async function evaluate(options: OpaWasmOptions, request: RegoRequest): Promise<RegoOutcome> {
  const { processes, node, program, limits } = options;
  const { milliseconds, memoryMegabytes, heapMegabytes } = { ...LIMITS, ...limits };
  const work: CompiledWork = { ...request, memoryMegabytes };
  const outcome = await processes.run({
    program: 'sh',
    arguments: [...WITHOUT_CORE, node, `--max-old-space-size=${String(heapMegabytes)}`, ...commandLine(program)],
    environment: {},
    input: JSON.stringify(work),
    limits: { milliseconds, outputBytes: MOST_OUTPUT },
  });
  return toOutcome(outcome);
}

/** Node aborts where memory ends, which would leave all of it on the disk. */
const WITHOUT_CORE = ['-c', 'ulimit -c 0 2>/dev/null; exec "$@"', 'sh'];

function toOutcome(outcome: ProcessOutcome): RegoOutcome {
  if (outcome.kind === 'ended' && outcome.status === 0)
    return JSON.parse(new TextDecoder().decode(outcome.stdout)) as RegoOutcome;
  return { kind: 'failed', message: `compiled policies ${endWords(outcome)}` };
}

function endWords(outcome: ProcessOutcome): string {
  if (outcome.kind === 'not-found') return 'could not be run: there is no `sh`';
  if (outcome.kind === 'killed' && outcome.why === 'time') return 'took too long and were ended';
  if (/out of memory|allocation failed/i.test(outcome.stderr)) return 'took more memory than they may and were ended';
  return 'ended without an answer';
}

/** Run from source, as the demo can be, the process first loads what this program was loaded with: Node takes no TypeScript. */
function commandLine(program: string | undefined): readonly string[] {
  if (program !== undefined) return [program];
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return [fileURLToPath(new URL('./compiled-process.js', here))];
  const loader = pathToFileURL(createRequire(here).resolve('tsx'));
  return ['--import', loader.href, fileURLToPath(new URL('./compiled-process.ts', here))];
}
