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
    /** It and all that it starts, at one time; as many as the system lets it when absent. */
    readonly processes?: number;
  };
  readonly signal?: AbortSignal;
  /** What a sandbox lets it see; the system's own programs and nothing else when absent. Without a sandbox, the whole disk. */
  readonly disk?: Disk;
}

/** Directories by their absolute paths. */
export interface Disk {
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Seen empty, written to, and forgotten afterwards. */
  readonly scratch: readonly string[];
  /** Names of programs beside the one that is run, which must be seen too. */
  readonly programs: readonly string[];
}

/** What programs are run in: a disk of their own without a network, or ours within limits of time, memory, output and number. */
export type SandboxKind = 'bubblewrap' | 'limits-only';

/** `processes`: there were too many at one time. */
export type KillReason = 'time' | 'output' | 'processes' | 'aborted' | 'signal';

export type ProcessOutcome =
  | { readonly kind: 'ended'; readonly status: number; readonly stdout: Uint8Array; readonly stderr: string }
  /** Ended by us, with every process it had started, or by a signal from elsewhere. */
  | { readonly kind: 'killed'; readonly why: KillReason; readonly stderr: string }
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
