/** What a process and the program that starts children for it tell each other: closed unions, one frame each. */

/** Chosen by who asks; never used twice in the life of one spawner. */
export type ChildId = number;

export type OutputName = 'stdout' | 'stderr';

/** To the spawner. Bytes, where there are any, travel beside the message. */
export type Order =
  | {
      readonly kind: 'start';
      readonly id: ChildId;
      readonly program: string;
      readonly arguments: readonly string[];
      readonly environment: Readonly<Record<string, string>>;
      readonly directory: string;
    }
  /** The bytes are for its standard input. */
  | { readonly kind: 'input'; readonly id: ChildId }
  | { readonly kind: 'input-end'; readonly id: ChildId }
  /** For the child and all of its group. */
  | { readonly kind: 'signal'; readonly id: ChildId; readonly signal: GroupSignal }
  /** Whoever reads the output does not keep up, or does again. */
  | { readonly kind: 'hold-output' | 'more-output'; readonly id: ChildId; readonly output: OutputName }
  /** To be answered with `here`. */
  | { readonly kind: 'ask' };

export type GroupSignal = 'SIGTERM' | 'SIGKILL';

/** From the spawner. */
export type Report = ChildReport | { readonly kind: 'here' };

/** Of one child. */
export type ChildReport =
  | { readonly kind: 'started'; readonly id: ChildId; readonly pid: number }
  /** The bytes are what it printed. */
  | { readonly kind: 'output'; readonly id: ChildId; readonly output: OutputName }
  /** The child does not read its input as fast as it comes, or does again. */
  | { readonly kind: 'hold-input' | 'more-input'; readonly id: ChildId }
  /** The last of a child that was started: both outputs have been reported whole. */
  | { readonly kind: 'ended'; readonly id: ChildId; readonly status: number | null }
  /** The last of a child that was not: `ENOENT`, `EACCES`, … */
  | { readonly kind: 'failed'; readonly id: ChildId; readonly code: string; readonly message: string };
