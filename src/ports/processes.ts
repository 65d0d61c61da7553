/** Other programs: run with nothing inherited but what is named, within limits, and never left behind. */

export interface ProcessRequest {
  /** Looked up on the PATH that the composition root chose. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** All that the program sees beside PATH and LC_ALL=C. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it runs; the file system's top when absent. */
  readonly directory?: string;
  /** Its whole standard input; empty when absent. */
  readonly input?: string | Uint8Array;
  readonly limits: {
    readonly milliseconds: number;
    /** Standard output and standard error, each. */
    readonly outputBytes: number;
  };
  readonly signal?: AbortSignal;
}

export type ProcessOutcome =
  | { readonly kind: 'ended'; readonly status: number; readonly stdout: Uint8Array; readonly stderr: string }
  /** Ended by us, with every process it had started, or by a signal from elsewhere. */
  | { readonly kind: 'killed'; readonly why: 'time' | 'output' | 'aborted' | 'signal'; readonly stderr: string }
  /** There is no such program. */
  | { readonly kind: 'not-found' };

/** A program that answers requests for as long as it is needed. */
export interface LiveProcess {
  write(text: string): void;
  /** Settles once it has ended, for whatever reason; never rejects. `stdout` is empty. */
  readonly ended: Promise<ProcessOutcome>;
  /** Ends it and all it has started. */
  stop(): void;
}

export interface LiveProcessRequest {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  onOutput(chunk: Uint8Array): void;
}

export interface Processes {
  run(request: ProcessRequest): Promise<ProcessOutcome>;
  start(request: LiveProcessRequest): LiveProcess;
}
