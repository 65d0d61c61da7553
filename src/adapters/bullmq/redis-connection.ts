/** One connection to Redis: scripts and single commands, each sent once, and what their failures mean. */
import { createHash, randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { Unavailable } from '../../core/problem.js';

/** Lua that Redis runs as one step. `KEYS[1]` is the prefix of all our keys. */
export class RedisScript {
  readonly sha: string;
  constructor(readonly lua: string) {
    this.sha = createHash('sha1').update(lua).digest('hex');
  }
}

export interface RedisLocation {
  /** `redis://` or `rediss://`, with user and password if it wants them. Secret. */
  readonly url: string;
  /** First word of every key: bots with different ones share a Redis without meeting. */
  readonly prefix: string;
}

/** Replies after which the same call may succeed later. Anything else that Redis answers is a bug of ours. */
const TRANSIENT_REPLIES =
  /^(LOADING|OOM|READONLY|MISCONF|BUSY|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|UNKILLABLE|NOAUTH|WRONGPASS|NOPERM)\b/;

/** A call waits this long, in ms, for a connection that was lost to be there again, and for its answer. */
const PATIENCE = 2_000;
const ANSWER_LIMIT = 10_000;
const CONNECT_LIMIT = 5_000;

/**
 * Nothing is sent twice and nothing is kept to be sent later: a claim that Redis carried out after its caller had given up would close a
 * lane for nobody.
 */
const SENT_ONCE = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: CONNECT_LIMIT,
  commandTimeout: ANSWER_LIMIT,
  retryStrategy: (attempt: number) => Math.min(1_000, 50 * attempt),
} satisfies RedisOptions;

export class RedisConnection {
  /** For people: without user and password. */
  readonly address: string;
  /** In braces, so that a cluster keeps all of our keys together. */
  readonly prefix: string;
  readonly #client: Redis;
  readonly #process = randomUUID();
  #connections = 0;
  /** The connection on which what is sent in this turn of the event loop is gathered. */
  #gathering: Redis['stream'] | null = null;
  /** What keeps the connection from being made, or null. */
  #trouble: string | null = null;

  constructor(readonly location: RedisLocation) {
    const { protocol, hostname, port, pathname } = new URL(location.url);
    this.address = `${protocol}//${hostname}:${port === '' ? '6379' : port}${pathname === '/' ? '' : pathname}`;
    this.prefix = `{${location.prefix}}`;
    this.#client = new Redis(location.url, SENT_ONCE);
    // Why there is no connection is told here only: a call merely hears that there is none.
    this.#client.on('error', (error: Error) => (this.#trouble = wordsOf(error)));
    this.#client.on('ready', () => this.#introduce());
  }

  /** Connects for the first time. Rejects if that does not succeed at once. */
  async connect(): Promise<void> {
    await this.#guard(() => this.#client.connect());
  }

  /** Another one for each time that the connection was made: a claim bears the name of the connection it was made by. */
  get connectionName(): string {
    return `lockkeeper-${this.#process}-${this.#connections}`;
  }

  async run(script: RedisScript, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.#guard(async () => {
      try {
        return await this.#client.evalsha(script.sha, 1, this.prefix, ...values);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return this.#client.eval(script.lua, 1, this.prefix, ...values);
      }
    });
  }

  /** One command. Keys are written out by the caller. */
  async send(command: string, ...values: readonly (string | number)[]): Promise<unknown> {
    return this.#guard(() => this.#client.call(command, ...values));
  }

  /** Proves that it can be written. */
  async probe(): Promise<void> {
    await this.send('SET', `${this.prefix}:probe`, Date.now(), 'PX', 60_000);
  }

  close(): void {
    this.#client.disconnect();
  }

  #introduce(): void {
    this.#connections += 1;
    this.#trouble = null;
    // Where naming is not allowed, claims of processes that are gone lapse with their leases only.
    void this.#client.client('SETNAME', this.connectionName).catch(() => undefined);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      if (this.#client.status !== 'wait') await this.#ready();
      this.#gather();
      return await work();
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** What is sent in one turn of the event loop goes to the socket in one write: under load that writing costs more than all else of a call. */
  #gather(): void {
    const { status, stream } = this.#client;
    if (status !== 'ready' || this.#gathering === stream) return;
    this.#gathering = stream;
    stream.cork();
    setImmediate(() => {
      this.#gathering = null;
      stream.uncork();
    });
  }

  async #ready(): Promise<void> {
    const client = this.#client;
    if (client.status === 'ready' || client.status === 'end') return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        client.off('ready', done);
        resolve();
      };
      const timer = setTimeout(done, PATIENCE);
      client.on('ready', done);
    });
  }

  /** Redis's own words and where it is. Its words hold no password; ioredis's do not name the address with one. */
  #named(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const isReply = error.name === 'ReplyError';
    const message = `Redis at ${this.address}: ${(isReply ? null : this.#trouble) ?? wordsOf(error)}`;
    return isReply && !TRANSIENT_REPLIES.test(error.message)
      ? new Error(message, { cause: error })
      : new Unavailable(message, null, { cause: error });
  }
}

/** Without the full stop, and the reason of the first of several addresses. */
function wordsOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  const words = first instanceof Error ? first.message : error.message;
  return words.replace(/\.$/, '');
}
