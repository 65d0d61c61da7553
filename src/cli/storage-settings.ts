/** Where the bot keeps its inbox, its jobs and what it has computed: what `serve` and the commands that look into it are told alike. */
import type { SettingsReader } from './settings-reader.js';

export interface StorageSettings {
  /** DATA_DIR: the SQLite file, unless Redis is used, and the git mirrors. */
  readonly dataDirectory: string;
  /** Null: SQLite. */
  readonly redis: RedisSettings | null;
  /** How long, in ms, settled deliveries are kept. */
  readonly keepDeliveries: number;
}

export interface RedisSettings {
  /** Secret: it may hold a password. */
  readonly url: string;
  readonly prefix: string;
}

const DAY = 24 * 60 * 60 * 1000;

/** Problems are left with the reader. */
export function readStorageSettings(read: SettingsReader): StorageSettings {
  return {
    dataDirectory: read.text('DATA_DIR') ?? './data',
    redis: readRedis(read),
    // Forges redeliver within days, and people ask about last week's.
    keepDeliveries: read.duration('KEEP_DELIVERIES', 30 * DAY),
  };
}

function readRedis(read: SettingsReader): RedisSettings | null {
  const url = read.text('REDIS_URL');
  const prefix = read.text('REDIS_PREFIX') ?? 'lockkeeper';
  if (url === null) {
    if (read.has('REDIS_PREFIX')) read.problems.push('REDIS_PREFIX is set but REDIS_URL is not.');
    return null;
  }
  if (!/^[\w.-]{1,64}$/.test(prefix))
    read.problems.push('REDIS_PREFIX is not a word of at most 64 letters, digits, dots, dashes and underscores.');
  if (!isRedisUrl(url))
    read.problems.push(
      'REDIS_URL is not an address such as redis://127.0.0.1:6379, or rediss://user:password@redis.acme.com:6380/0 with TLS.',
    );
  return { url, prefix };
}

function isRedisUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') return false;
  return /^rediss?:$/.test(url.protocol) && /^(\/\d{0,4})?$/.test(url.pathname) && url.search === '' && url.hash === '';
}
