/** The cache in Redis: the values that were put last, up to a number of them. */
import type { Cache } from '../../ports/store.js';
import { RedisScript, type RedisConnection } from './redis-connection.js';

const MOST_VALUES = 10_000;

const GET = new RedisScript(`return redis.call('GET', KEYS[1] .. ':cache:' .. ARGV[1])`);

const PUT = new RedisScript(`
local p = KEYS[1]
redis.call('SET', p .. ':cache:' .. ARGV[1], ARGV[2])
redis.call('ZADD', p .. ':cached', redis.call('INCR', p .. ':last-cached'), ARGV[1])
local surplus = redis.call('ZCARD', p .. ':cached') - tonumber(ARGV[3])
if surplus <= 0 then return end
for _, key in ipairs(redis.call('ZRANGE', p .. ':cached', 0, surplus - 1)) do
  redis.call('DEL', p .. ':cache:' .. key)
  redis.call('ZREM', p .. ':cached', key)
end
`);

export class RedisCache implements Cache {
  readonly #store: RedisConnection;
  readonly #mostValues: number;

  constructor(store: RedisConnection, mostValues: number = MOST_VALUES) {
    this.#store = store;
    this.#mostValues = mostValues;
  }

  async get(key: string): Promise<string | null> {
    const value = await this.#store.run(GET, key);
    // As JSON every character comes back, half a surrogate pair too.
    return typeof value === 'string' ? (JSON.parse(value) as string) : null;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#store.run(PUT, key, JSON.stringify(value), this.#mostValues);
  }
}
