/** One child process that leads a process group, so that whatever it starts ends with it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { KillReason } from '../../ports/processes.js';

/** How long, in ms, a program may tidy up (git removes its lock files) between SIGTERM and SIGKILL. */
const GRACE = 2_000;

export interface ChildRequest {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory?: string;
}

export type ChildEnd =
  | { readonly kind: 'ended'; readonly status: number }
  | { readonly kind: 'killed'; readonly why: KillReason }
  | { readonly kind: 'not-found' };

export class ChildGroup {
  readonly child: ChildProcessWithoutNullStreams;
  /** Settles once the child has ended and its output is read. Rejects if it could not be started though it is there. */
  readonly ended: Promise<ChildEnd>;
  #why: KillReason | null = null;
  #grace: NodeJS.Timeout | null = null;

  constructor(request: ChildRequest) {
    this.child = spawn(request.program, [...request.arguments], {
      cwd: request.directory ?? '/',
      env: { ...request.environment },
      // Its own session: a group that can be signalled as one, without a terminal to prompt on.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // A program may end without reading its input; its exit status says how that went.
    this.child.stdin.on('error', () => this.child.stdin.destroy());
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') resolve({ kind: 'not-found' });
        else reject(error);
      });
      // What it left running would keep its output open for ever.
      this.child.on('exit', () => this.#signal('SIGKILL'));
      this.child.on('close', (status) => {
        if (this.#grace !== null) clearTimeout(this.#grace);
        if (this.#why === null && status !== null) resolve({ kind: 'ended', status });
        else resolve({ kind: 'killed', why: this.#why ?? 'signal' });
      });
    });
  }

  /** Asks the group to end, then makes it; what multiplies is not asked. The first reason counts. */
  end(why: KillReason): void {
    if (this.#why !== null) return;
    this.#why = why;
    this.#signal(why === 'processes' ? 'SIGKILL' : 'SIGTERM');
    this.#grace = setTimeout(() => this.#signal('SIGKILL'), GRACE);
  }

  #signal(name: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch (error) {
      // ESRCH: none of the group is left. EPERM: macOS says so of one that is about to end.
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }
}
