/**
 * Starts children through a small program of its own (run-children.js), which is started when it is first needed, ends with this process
 * however that ends, and is replaced when it has ended before.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SpawnedChild, type Child, type ChildRequest } from './child.js';
import { FrameReader, frame } from './frames.js';
import type { ChildId, Order, Report } from './messages.js';
import { signalGroup } from './signal-group.js';
import { everyFiveSeconds, Watchdog, type Every } from './watchdog.js';

const PROGRAM = fileURLToPath(new URL('./run-children.js', import.meta.url));

export class Spawner {
  #running: RunningProgram | null = null;

  /** `every`: how often it is looked whether the program still answers. */
  constructor(private readonly every: Every = everyFiveSeconds) {}

  start(request: ChildRequest): Child {
    if (this.#running?.takesOrders !== true) this.#running = new RunningProgram(this.every);
    return this.#running.start(request);
  }
}

/** The program while it runs. It keeps this process from ending as long as it has children, and no longer. */
class RunningProgram {
  /** False once it ends, or could not be started. */
  takesOrders = true;
  readonly #program: ChildProcess;
  readonly #socket: Socket | null;
  readonly #children = new Map<ChildId, SpawnedChild>();
  readonly #watchdog: Watchdog;
  #last = 0;

  constructor(every: Every) {
    this.#program = spawn(process.execPath, [PROGRAM], {
      cwd: '/',
      // Nothing of our environment, which holds secrets: each child is given its own.
      env: {},
      // Its own session: what a terminal sends to us would else be sent to it as well.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    });
    this.#program.unref();
    this.#program.on('error', (error) => this.#lose(`could not be started: ${error.message}`));
    this.#program.on('close', (status, signal) => this.#lose(`has ended (${signal ?? status})`));
    this.#socket = this.#connect();
    this.#watchdog = new Watchdog(
      every,
      () => this.#send({ kind: 'ask' }),
      () => this.#replace(),
    );
  }

  start(request: ChildRequest): Child {
    this.#last += 1;
    const id = this.#last;
    const child = new SpawnedChild(id, (order, bytes, taken) => this.#send(order, bytes, taken));
    if (this.#children.size === 0) this.#watchdog.watch();
    this.#children.set(id, child);
    this.#socket?.ref();
    const environment = { PATH: process.env.PATH ?? '', ...request.environment };
    this.#send({ kind: 'start', directory: '/', ...request, environment, id });
    return child;
  }

  /** Null where the system had no place for one more program: `error` tells. */
  #connect(): Socket | null {
    const socket = this.#program.stdio?.[3];
    if (!(socket instanceof Socket)) return null;
    const reports = new FrameReader<Report>((report, bytes) => this.#hear(report, bytes));
    socket.on('data', (chunk: Buffer) => reports.read(chunk));
    // The program ends when it hears nothing more from us.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => (this.takesOrders = false));
    socket.unref();
    return socket;
  }

  #send(order: Order, bytes?: Uint8Array, taken: () => void = () => undefined): void {
    const socket = this.#socket;
    if (socket === null || !this.takesOrders) return taken();
    // What is ordered at one time, mostly a start and its whole input, is written at once.
    socket.cork();
    const [head, body] = frame(order, bytes);
    if (body === undefined) socket.write(head, taken);
    else {
      socket.write(head);
      socket.write(body, taken);
    }
    process.nextTick(() => socket.uncork());
  }

  #hear(report: Report, bytes: Buffer): void {
    this.#watchdog.heard();
    if (report.kind === 'here') return;
    const child = this.#children.get(report.id);
    if (report.kind === 'ended' || report.kind === 'failed') this.#forget(report.id);
    child?.hear(report, bytes);
  }

  #forget(id: ChildId): void {
    this.#children.delete(id);
    if (this.#children.size > 0) return;
    this.#watchdog.rest();
    this.#socket?.unref();
  }

  /** Stopped, it would heed no other signal. */
  #replace(): void {
    this.#program.kill('SIGKILL');
    this.#lose('did not answer any more');
  }

  /** Its children are ended in its place, or they would run on for nobody. */
  #lose(what: string): void {
    this.takesOrders = false;
    for (const [id, child] of this.#children) {
      if (child.pid !== null) signalGroup(child.pid, 'SIGKILL');
      this.#forget(id);
      child.finish({ kind: 'lost', why: `The program that starts others ${what}` });
    }
  }
}
