/** One child process that leads a process group, so that whatever it starts ends with it. */
import { Unavailable } from '../../core/problem.js';
import type { KillReason } from '../../ports/processes.js';
import type { Child, ChildEnd as SpawnedEnd, ChildRequest } from '../../spawner/child.js';
import { startChild } from '../../spawner/start-child.js';

/** How long, in ms, a program may tidy up (git removes its lock files) between SIGTERM and SIGKILL. */
const GRACE = 2_000;

export type ChildEnd =
  | { readonly kind: 'ended'; readonly status: number }
  | { readonly kind: 'killed'; readonly why: KillReason }
  | { readonly kind: 'not-found' };

export class ChildGroup {
  readonly child: Child;
  /** Settles once the child has ended and its output is read. Rejects if it could not be started though it is there. */
  readonly ended: Promise<ChildEnd>;
  #why: KillReason | null = null;
  #grace: NodeJS.Timeout | null = null;

  constructor(request: ChildRequest) {
    this.child = startChild(request);
    this.ended = this.child.ended.then((end) => {
      if (this.#grace !== null) clearTimeout(this.#grace);
      return this.#outcome(end);
    });
  }

  /** Asks the group to end, then makes it; what multiplies is not asked. The first reason counts. */
  end(why: KillReason): void {
    if (this.#why !== null) return;
    this.#why = why;
    this.child.signal(why === 'processes' ? 'SIGKILL' : 'SIGTERM');
    this.#grace = setTimeout(() => this.child.signal('SIGKILL'), GRACE);
  }

  #outcome(end: SpawnedEnd): ChildEnd {
    switch (end.kind) {
      case 'ended':
        if (this.#why === null && end.status !== null) return { kind: 'ended', status: end.status };
        return { kind: 'killed', why: this.#why ?? 'signal' };
      case 'failed':
        if (end.code === 'ENOENT') return { kind: 'not-found' };
        throw new Error(end.message);
      case 'lost':
        throw new Unavailable(end.why);
    }
  }
}
