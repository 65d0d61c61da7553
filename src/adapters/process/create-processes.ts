/** Child processes of this machine: each in a process group of its own, with a stripped environment, ended as a group. */
import type {
  LiveProcess,
  LiveProcessRequest,
  ProcessOutcome,
  ProcessRequest,
  Processes,
} from '../../ports/processes.js';
import { ChildGroup } from './child-group.js';
import { Descendants } from './descendants.js';

/** Standard error that is kept of a live process, in bytes. */
const LIVE_STDERR = 64 * 1024;

/** `path`: where programs are looked for, as in the PATH variable. */
export function createProcesses(options: { readonly path: string }): Processes {
  const descendants = new Descendants();
  const base = { PATH: options.path, LC_ALL: 'C' };
  return {
    run: (request) => run({ ...request, environment: { ...base, ...request.environment } }, descendants),
    start: (request) => start({ ...request, environment: { ...base, ...request.environment } }),
  };
}

async function run(request: ProcessRequest, descendants: Descendants): Promise<ProcessOutcome> {
  if (request.signal?.aborted === true) return { kind: 'killed', why: 'aborted', stderr: '' };
  const group = new ChildGroup(request);
  const { limits, signal } = request;
  const stdout = new Collected(limits.outputBytes, () => group.end('output'));
  const stderr = new Collected(limits.outputBytes, () => group.end('output'));
  group.child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  group.child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  group.child.stdin.end(request.input ?? '');
  const timer = setTimeout(() => group.end('time'), limits.milliseconds);
  const unwatch = watch(group, limits.processes, descendants);
  const abort = (): void => group.end('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return withOutput(await group.ended, stdout.bytes(), stderr.text());
  } finally {
    clearTimeout(timer);
    unwatch();
    signal?.removeEventListener('abort', abort);
  }
}

function watch(group: ChildGroup, most: number | undefined, descendants: Descendants): () => void {
  if (most === undefined) return () => undefined;
  const watched = group.child.started.then((pid) =>
    pid === null ? () => undefined : descendants.watch({ pid, most, onExcess: () => group.end('processes') }),
  );
  return () => void watched.then((unwatch) => unwatch());
}

function start(request: LiveProcessRequest): LiveProcess {
  const group = new ChildGroup(request);
  const stderr = new Collected(LIVE_STDERR, () => undefined);
  group.child.stdout.on('data', (chunk: Buffer) => request.onOutput(chunk));
  group.child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
  return {
    write: (text) => void group.child.stdin.write(text),
    ended: group.ended.then(
      (end) => withOutput(end, new Uint8Array(), stderr.text()),
      // Whoever talks to it hears the reason as its last words.
      (cause: Error) => ({ kind: 'killed', why: 'signal', stderr: stderr.text() + cause.message }),
    ),
    stop: () => group.end('aborted'),
  };
}

type GroupEnd = Awaited<ChildGroup['ended']>;

function withOutput(end: GroupEnd, stdout: Uint8Array, stderr: string): ProcessOutcome {
  switch (end.kind) {
    case 'ended':
      return { ...end, stdout, stderr };
    case 'killed':
      return { ...end, stderr };
    case 'not-found':
      return end;
  }
}

/** Output up to a size; what is over is dropped and reported once. */
class Collected {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    private readonly limit: number,
    private readonly onExcess: () => void,
  ) {}

  add(chunk: Buffer): void {
    const room = this.limit - this.#size;
    if (room <= 0 && chunk.length > 0) return;
    this.#chunks.push(chunk.subarray(0, room));
    this.#size += Math.min(room, chunk.length);
    if (chunk.length > room) this.onExcess();
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
