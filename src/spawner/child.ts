/** One child of the spawner, as the process that wanted it sees it. */
import { Readable, Writable } from 'node:stream';
import type { ChildReport, GroupSignal, Order, OutputName } from './messages.js';

/** Bytes of input in one frame: what is longer is cut, so that it does not keep other children's orders waiting. */
const MOST_BYTES = 256 * 1024;

export type ChildEnd =
  /** `status` is null when a signal ended it. */
  | { readonly kind: 'ended'; readonly status: number | null }
  /** It was not started. `code`: `ENOENT` when there is no such program or directory. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** The spawner ended, and the child with it or before it. `why`: a sentence without its full stop. */
  | { readonly kind: 'lost'; readonly why: string };

/** What is started, in a process group of its own. */
export interface ChildRequest {
  /** Looked for on the PATH that it is given. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** All that the program sees; its PATH is ours when none is named. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it runs; the file system's top when absent. */
  readonly directory?: string;
}

export interface Child {
  readonly stdin: Writable;
  /** Must be read, or else told to flow: the end is told after both outputs have been. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Its process id; null when it was not started. */
  readonly started: Promise<number | null>;
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** To the whole group, if it still runs. */
  signal(name: GroupSignal): void;
}

/** Sends an order; `taken` is called when it is on its way. */
export type Send = (order: Order, bytes?: Uint8Array, taken?: () => void) => void;

/** A {@link Child} and what its spawner reports of it. */
export class SpawnedChild implements Child {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly started: Promise<number | null>;
  readonly ended: Promise<ChildEnd>;
  /** Null before it is started, and once it has ended. */
  pid: number | null = null;
  #tellStarted: (pid: number | null) => void = () => undefined;
  #tellEnded: (end: ChildEnd) => void = () => undefined;
  /** What its reader does not keep up with. */
  readonly #full = new Set<OutputName>();
  /** Input waits until the child has read what it has. */
  #held = false;
  #waiting: (() => void) | null = null;

  constructor(
    private readonly id: number,
    private readonly send: Send,
  ) {
    this.started = new Promise((resolve) => (this.#tellStarted = resolve));
    this.ended = new Promise((resolve) => (this.#tellEnded = resolve));
    this.stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => this.#input(chunk, done),
      final: (done) => {
        this.send({ kind: 'input-end', id });
        done();
      },
    });
    this.stdout = this.#output('stdout');
    this.stderr = this.#output('stderr');
  }

  signal(signal: GroupSignal): void {
    this.send({ kind: 'signal', id: this.id, signal });
  }

  /** What the spawner says. */
  hear(report: ChildReport, bytes: Buffer): void {
    switch (report.kind) {
      case 'started':
        this.pid = report.pid;
        this.#tellStarted(report.pid);
        return;
      case 'output':
        this.#print(report.output, bytes);
        return;
      case 'hold-input':
        this.#held = true;
        return;
      case 'more-input':
        this.#held = false;
        this.#goOn();
        return;
      case 'ended':
        this.finish({ kind: 'ended', status: report.status });
        return;
      case 'failed':
        this.finish({ kind: 'failed', code: report.code, message: report.message });
        return;
    }
  }

  finish(end: ChildEnd): void {
    this.pid = null;
    this.#tellStarted(null);
    this.#held = false;
    this.#goOn();
    this.stdin.destroy();
    let open = 2;
    const closed = (): void => {
      open -= 1;
      if (open === 0) this.#tellEnded(end);
    };
    for (const output of [this.stdout, this.stderr]) {
      if (output.closed) closed();
      else output.once('close', closed).push(null);
    }
  }

  #print(output: OutputName, bytes: Buffer): void {
    const stream = this[output];
    if (stream.destroyed || stream.push(bytes) || this.#full.has(output)) return;
    this.#full.add(output);
    this.send({ kind: 'hold-output', id: this.id, output });
  }

  #output(output: OutputName): Readable {
    const more = (): void => {
      if (this.#full.delete(output)) this.send({ kind: 'more-output', id: this.id, output });
    };
    const destroy = (error: Error | null, done: (error: Error | null) => void): void => {
      // Nobody reads it any more, but it must not keep the child from its end.
      more();
      done(error);
    };
    return new Readable({ read: more, destroy });
  }

  /** In parts, each sent when the one before is on its way and wanted. */
  #input(chunk: Buffer, done: () => void): void {
    if (this.stdin.destroyed) return done();
    const rest = chunk.subarray(MOST_BYTES);
    const next = rest.length === 0 ? done : (): void => this.#input(rest, done);
    this.send({ kind: 'input', id: this.id }, chunk.subarray(0, MOST_BYTES), () => {
      this.#waiting = next;
      if (!this.#held) this.#goOn();
    });
  }

  #goOn(): void {
    const next = this.#waiting;
    this.#waiting = null;
    next?.();
  }
}
