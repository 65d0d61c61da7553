/**
 * Programs that run on what people push: in bubblewrap where it works, else with limits only.
 *
 * Either way nothing of our environment is seen, and time, output, memory, processes, CPU and the size of files are capped. Without
 * bubblewrap the program can still read what our user reads and reach the network: the plan's check says which of the two it was.
 */
import type { ProcessOutcome, ProcessRequest, Processes, SandboxKind } from '../../ports/processes.js';
import { bubblewrapArguments } from './bubblewrap.js';
import { directoriesOf, findProgram } from './find-program.js';
import { Slots } from './slots.js';

interface Sandbox extends Processes {
  /** Found out once. */
  describe(): Promise<SandboxKind>;
}

interface SandboxOptions {
  /** Where programs are looked for, as in the PATH variable: the same as of the processes that are wrapped. */
  readonly path: string;
  /** Programs that run at once, whoever asks. */
  readonly parallel: number;
  /** `off`: as if bubblewrap were not there. */
  readonly bubblewrap?: 'off';
}

const LIMITS = {
  /** Of one file, in blocks of 512 bytes: 256 MiB. */
  fileBlocks: 524_288,
  /** Of CPU time, in seconds: longer than any time limit, times cores, of a program that does not burn them. */
  cpuSeconds: 300,
  /** Address space in KiB: 4 GiB. Go programs reserve much more than they use. */
  memory: 4 * 1024 * 1024,
  /** Processes and threads of one user: a backstop, since it counts others of ours too. */
  tasks: 4_096,
} as const;

/** Set in the sandbox by a shell that then becomes the program. Each by itself: a system that lacks one has the others. */
const SET_LIMITS = [
  `ulimit -c 0`,
  `ulimit -f ${LIMITS.fileBlocks}`,
  `ulimit -t ${LIMITS.cpuSeconds}`,
  `ulimit -v ${LIMITS.memory}`,
  `{ ulimit -u ${LIMITS.tasks} || ulimit -p ${LIMITS.tasks}; }`,
]
  .map((limit) => `${limit} 2>/dev/null`)
  .join('; ');

/** Where a program runs that is not told where. */
const NO_DISK = { read: [], write: [], scratch: [], programs: [] } as const;

export function sandboxed(processes: Processes, options: SandboxOptions): Sandbox {
  const slots = new Slots(options.parallel);
  let kind: Promise<SandboxKind> | null = null;
  const describe = (): Promise<SandboxKind> => (kind ??= probe(processes, options));
  return {
    describe,
    run: (request) =>
      slots.with(async () => {
        const found = await findProgram(request.program, options.path);
        if (found === null) return { kind: 'not-found' };
        const inside = (await describe()) === 'bubblewrap' ? await confined(request, options) : limited(request);
        return processes.run(inside);
      }),
    start: () => {
      throw new Error('Programs that stay are not run in a sandbox');
    },
  };
}

function limited(request: ProcessRequest): ProcessRequest {
  const args = ['-c', `${SET_LIMITS}; exec "$@"`, 'sh', request.program, ...request.arguments];
  return { ...request, program: 'sh', arguments: args };
}

async function confined(request: ProcessRequest, { path }: SandboxOptions): Promise<ProcessRequest> {
  const disk = request.disk ?? NO_DISK;
  const { program, arguments: args } = limited(request);
  const programs = await Promise.all(
    [request.program, ...disk.programs].map(async (name) => (await findProgram(name, path)) ?? []),
  );
  const { directory: asked, ...rest } = request;
  const directory = asked ?? '/';
  const places = { disk, programs: programs.flat(), path: directoriesOf(path), directory };
  return { ...rest, program: 'bwrap', arguments: [...bubblewrapArguments(places), program, ...args] };
}

/** User namespaces may be forbidden, or bubblewrap old: only trying tells. */
async function probe(processes: Processes, options: SandboxOptions): Promise<SandboxKind> {
  if (options.bubblewrap === 'off') return 'limits-only';
  const request: ProcessRequest = {
    program: 'sh',
    arguments: ['-c', 'echo works'],
    environment: {},
    limits: { milliseconds: 10_000, outputBytes: 10_000 },
  };
  const outcome: ProcessOutcome = await processes.run(await confined(request, options));
  const works = outcome.kind === 'ended' && outcome.status === 0 && String(Buffer.from(outcome.stdout)) === 'works\n';
  return works ? 'bubblewrap' : 'limits-only';
}
