/** Connects to the Redis that inbox, work queue and cache share, and sees whether it is fit to keep them. */
import { Unavailable } from '../../core/problem.js';
import { RedisConnection, type RedisLocation } from './redis-connection.js';

export type OpenedRedis =
  | {
      readonly kind: 'opened';
      readonly store: RedisConnection;
      /** Whole sentences: how this Redis could lose what it was given. */
      readonly warnings: readonly string[];
    }
  /** `message` says what to do, and holds no password. */
  | { readonly kind: 'unusable'; readonly message: string };

/** `ZADD … LT` and `client list` with names are there since. */
const OLDEST = [6, 2] as const;

export async function openRedisStore(location: RedisLocation): Promise<OpenedRedis> {
  const store = new RedisConnection(location);
  try {
    await store.connect();
    const facts = readInfo(String(await store.send('INFO')));
    await store.probe();
    const problem = tooOld(store, facts);
    if (problem === null) return { kind: 'opened', store, warnings: warningsOf(facts) };
    store.close();
    return { kind: 'unusable', message: problem };
  } catch (cause) {
    store.close();
    if (!(cause instanceof Error)) throw cause;
    return { kind: 'unusable', message: `${cause.message}. ${adviceFor(cause)}` };
  }
}

function adviceFor(cause: Error): string {
  const words = cause.message;
  if (/NOAUTH|WRONGPASS|invalid username-password/i.test(words))
    return 'The user and password stand in REDIS_URL: rediss://USER:PASSWORD@HOST:PORT.';
  if (/NOPERM/.test(words))
    return 'Its user may not do what the bot needs: commands and scripts on keys of its own, and INFO.';
  if (/certificate|self.signed/i.test(words))
    return 'Its certificate is not trusted: set NODE_EXTRA_CA_CERTS to the file of the authority that issued it.';
  if (cause instanceof Unavailable)
    return 'REDIS_URL says where it is: is it running, and can it be reached from here?';
  return 'REDIS_URL says where it is.';
}

type RedisFacts = ReadonlyMap<string, string>;

function readInfo(text: string): RedisFacts {
  return new Map([...text.matchAll(/^([a-z_0-9]+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
}

function tooOld(store: RedisConnection, facts: RedisFacts): string | null {
  const version = facts.get('redis_version') ?? '0';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return `Redis at ${store.address} is version ${version}; Lockkeeper needs ${OLDEST.join('.')} or later.`;
}

function warningsOf(facts: RedisFacts): readonly string[] {
  const warnings: string[] = [];
  if (facts.get('aof_enabled') !== '1')
    warnings.push(
      'Redis keeps no append-only file: what it was given is lost when it ends. Set “appendonly yes” in its configuration.',
    );
  const policy = facts.get('maxmemory_policy') ?? 'noeviction';
  if (policy !== 'noeviction')
    warnings.push(
      `Redis drops keys when its memory is full (maxmemory-policy ${policy}), jobs among them. Set “maxmemory-policy noeviction”.`,
    );
  return warnings;
}
