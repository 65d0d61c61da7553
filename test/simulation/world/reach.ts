/** The seams of the simulated world: where the bot reaches out, what may happen to it there, and who looks on. */

/** A life of the bot. */
export interface Mortal {
  die(): void;
  isDead(): boolean;
}

/** One run of a job, or of whatever else the bot does by itself: what its requests are held against. */
export interface Task {
  /** The key of the claimed job, or words. */
  readonly name: string;
  readonly incarnation: Mortal;
  /** Null outside of lanes: the server, a start, a plan. */
  readonly lane: string | null;
  readonly fence: number;
  /** {@link World.moment} when it began. */
  readonly began: number;
  /** Its last reach: one at a time. */
  turn: Promise<unknown>;
  /** Whether a request of it went wrong on its way. */
  isStruck: boolean;
  /** Number of the pull request that its last request named, or null. */
  about: number | null;
}

/** Where the bot reached out to. `write`: a request that changes the forge. */
export type Reach =
  | { readonly kind: 'request'; readonly method: string; readonly path: string; readonly write: boolean }
  | { readonly kind: 'port'; readonly name: string };

export interface BotRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
  readonly write: boolean;
}

/** What the script does when the bot reaches out; told of each reach before it happens. */
export interface Script {
  /** Resolves when the bot may go on. */
  reached(reach: Reach, task: Task): Promise<void>;
  /** What the network makes of a request. */
  fault(request: BotRequest): RequestFault | null;
  /** After the act, before the bot hears of it. */
  acted(request: BotRequest, task: Task): Promise<void>;
}

export type RequestFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'reset' | 'time-out' | 'empty-body' }
  | { readonly kind: 'act-then-reset' }
  | { readonly kind: 'act-then-status'; readonly status: number };

export interface Monitor {
  beforeRequest(request: BotRequest, task: Task): void;
  afterRequest(request: BotRequest, task: Task): Promise<void>;
  /** Something changed that the forge tells nobody of: who may do what. */
  peopleChanged(): void;
}

export const NO_SCRIPT: Script = {
  reached: async () => undefined,
  fault: () => null,
  acted: async () => undefined,
};

export const NO_MONITOR: Monitor = {
  beforeRequest: () => undefined,
  afterRequest: async () => undefined,
  peopleChanged: () => undefined,
};

export function isMerge({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === 'PUT' && /\/(pulls|merge_requests)\/\d+\/merge\b/.test(path);
}

/** Of the pull request that a path names, or null. */
export function numberNamed(path: string): number | null {
  const named = /\/(?:pulls|merge_requests|issues)\/(\d+)\b/.exec(path)?.[1];
  return named === undefined ? null : Number(named);
}
