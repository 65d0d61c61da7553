/**
 * Objects of a bare repository by id, through one long-lived `git cat-file --batch-command`.
 *
 * It never goes to the network: a missing object is answered as missing. It is started when needed, ends when it has been idle,
 * and looks at packs anew whenever an object is not found, so that what a fetch brings is seen.
 */
import { Unavailable } from '../../core/problem.js';
import type { Sha } from '../../core/ids.js';
import type { LiveProcess } from '../../ports/processes.js';
import { gitWords, type GitContext } from './git-command.js';
import { localEnvironment } from './git-environment.js';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

interface ObjectInfo {
  readonly type: ObjectType;
  readonly size: number;
}

export interface StoredObject extends ObjectInfo {
  readonly bytes: Uint8Array;
}

interface Pending {
  readonly wants: 'info' | 'contents';
  resolve(found: StoredObject | null): void;
  reject(error: Error): void;
}

/** How long, in ms, an unused process stays. */
const IDLE = 30_000;
const NEWLINE = 10;

export class ObjectReader {
  #process: LiveProcess | null = null;
  #pending: Pending[] = [];
  #received: Buffer = Buffer.alloc(0);
  #more: Buffer[] = [];
  #length = 0;
  /** Bytes that must have come before the next answer can be read. */
  #needed = 1;
  #idle: NodeJS.Timeout | null = null;
  /** Questions of this moment: what is asked together goes out together, and comes back in few pieces. */
  #outgoing: string[] = [];

  /** `onDeath`: told git's words when the process ends by itself. */
  constructor(
    private readonly context: GitContext,
    private readonly onDeath: (stderr: string) => void,
  ) {}

  info(sha: Sha): Promise<ObjectInfo | null> {
    return this.#ask('info', sha);
  }

  /** The whole object is held in memory: ask for its size first. */
  contents(sha: Sha): Promise<StoredObject | null> {
    return this.#ask('contents', sha);
  }

  /** Ends the process; the next question starts another. */
  async close(): Promise<void> {
    const process = this.#process;
    this.#drop(new Unavailable(`git cat-file of ${this.context.label} was ended`));
    process?.stop();
    await process?.ended;
  }

  #ask(wants: Pending['wants'], sha: Sha): Promise<StoredObject | null> {
    const { signal, label } = this.context;
    if (signal.aborted) return Promise.reject(new Unavailable(`git cat-file of ${label}: Lockkeeper is stopping`));
    return new Promise((resolve, reject) => {
      const process = this.#process ?? this.#start();
      if (this.#idle !== null) clearTimeout(this.#idle);
      this.#pending.push({ wants, resolve, reject });
      this.#outgoing.push(`${wants} ${sha}\n`);
      if (this.#outgoing.length === 1) queueMicrotask(() => this.#send(process));
    });
  }

  #send(process: LiveProcess): void {
    // Dropped meanwhile: whoever asked knows.
    if (this.#process !== process) return;
    process.write(`${this.#outgoing.join('')}flush\n`);
    this.#outgoing = [];
  }

  #start(): LiveProcess {
    const { processes, directory, label } = this.context;
    const started = processes.start({
      program: 'git',
      arguments: [`--git-dir=${directory}`, 'cat-file', '--batch-command', '--buffer'],
      environment: localEnvironment(),
      onOutput: (chunk) => {
        if (this.#process === started) this.#receive(Buffer.from(chunk));
      },
    });
    this.#process = started;
    void started.ended.then((outcome) => {
      if (this.#process !== started) return;
      const stderr = outcome.kind === 'not-found' ? 'git is not installed' : outcome.stderr;
      this.#drop(new Unavailable(`git cat-file of ${label} ended: ${gitWords(stderr, [])}`));
      this.onDeath(stderr);
    });
    return started;
  }

  #drop(reason: Unavailable): void {
    const pending = this.#pending;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#process = null;
    this.#pending = [];
    this.#outgoing = [];
    this.#received = Buffer.alloc(0);
    this.#more = [];
    this.#length = 0;
    this.#needed = 1;
    for (const each of pending) each.reject(reason);
  }

  /** Chunks are joined only once enough have come: a large object comes in thousands. */
  #receive(chunk: Buffer): void {
    this.#more.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    this.#received = Buffer.concat([this.#received, ...this.#more]);
    this.#more = [];
    while (this.#answerNext());
    this.#length = this.#received.length;
    if (this.#pending.length === 0) this.#startIdling();
  }

  /** False when the next answer is not complete yet. */
  #answerNext(): boolean {
    const [next] = this.#pending;
    const end = this.#received.indexOf(NEWLINE);
    if (next === undefined || end === -1) {
      this.#needed = this.#received.length + 1;
      return false;
    }
    const [, type = '', size = ''] = this.#received.toString('latin1', 0, end).split(' ');
    const found = type === 'commit' || type === 'tree' || type === 'blob' || type === 'tag';
    const length = Number(size);
    const bodyEnd = end + 1 + (found && next.wants === 'contents' ? length + 1 : 0);
    if (this.#received.length < bodyEnd) {
      this.#needed = bodyEnd;
      return false;
    }
    // A copy: a view would keep every other object of the same chunk alive.
    const bytes = Uint8Array.from(this.#received.subarray(end + 1, Math.max(end + 1, bodyEnd - 1)));
    this.#received = this.#received.subarray(bodyEnd);
    this.#needed = 1;
    this.#pending.shift();
    next.resolve(found ? { type, size: length, bytes } : null);
    return true;
  }

  #startIdling(): void {
    this.#idle = setTimeout(() => void this.close(), IDLE);
    this.#idle.unref();
  }
}
