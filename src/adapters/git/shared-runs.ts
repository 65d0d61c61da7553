/** One run at a time, shared by whoever asked before it began. */

/**
 * Runs `work` so that every caller gets a run that began after its call: while one runs, all who come wait for a single next one.
 * `after` follows each run before the next begins; callers do not wait for it.
 */
export class SharedRuns {
  #running: Promise<void> | null = null;
  #next: Waiting | null = null;

  constructor(
    private readonly work: () => Promise<void>,
    private readonly after: () => Promise<void>,
  ) {}

  take(): Promise<void> {
    if (this.#running === null) return this.#begin();
    this.#next ??= waiting();
    return this.#next.promise;
  }

  /** Resolves once nothing runs and nothing waits. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  #begin(): Promise<void> {
    const run = this.work();
    this.#running = run.then(this.after).then(
      () => this.#over(),
      () => this.#over(),
    );
    return run;
  }

  /** In one step: a caller in between would begin a run beside the next one. */
  #over(): void {
    const next = this.#next;
    this.#running = null;
    this.#next = null;
    if (next !== null) this.#begin().then(next.resolve, next.reject);
  }
}

interface Waiting {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(reason: unknown): void;
}

function waiting(): Waiting {
  let resolve = (): void => undefined;
  let reject: Waiting['reject'] = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
