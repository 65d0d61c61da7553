/** A cache in Redis: the values that were put last, up to a number of them. */
import type { Cache } from '../../ports/store.js';
import { RedisScript, type RedisConnection } from './redis-connection.js';

const MOST_VALUES = 10_000;

/** Each is a cache of its own: `cache`, or `answer` for what forges answered, so that the many answers do not push plans out. */
type CacheName = 'cache' | 'answer';

const GET = new RedisScript(`
local own = KEYS[1] .. ':' .. ARGV[2]
return redis.call('GET', own .. ':' .. ARGV[1]) or redis.call('GET', own .. '-lasting:' .. ARGV[1])
`);

const PUT_LASTING = new RedisScript(`redis.call('SET', KEYS[1] .. ':' .. ARGV[3] .. '-lasting:' .. ARGV[1], ARGV[2])`);

const PUT = new RedisScript(`
local p, name = KEYS[1], ARGV[4]
local values, order = p .. ':' .. name .. ':', p .. ':' .. name .. 'd'
redis.call('SET', values .. ARGV[1], ARGV[2])
redis.call('ZADD', order, redis.call('INCR', p .. ':last-' .. name .. 'd'), ARGV[1])
local surplus = redis.call('ZCARD', order) - tonumber(ARGV[3])
if surplus <= 0 then return end
for _, key in ipairs(redis.call('ZRANGE', order, 0, surplus - 1)) do
  redis.call('DEL', values .. key)
  redis.call('ZREM', order, key)
end
`);

export class RedisCache implements Cache {
  readonly #store: RedisConnection;
  readonly #mostValues: number;
  readonly #name: CacheName;

  constructor(store: RedisConnection, mostValues: number = MOST_VALUES, name: CacheName = 'cache') {
    this.#store = store;
    this.#mostValues = mostValues;
    this.#name = name;
  }

  async get(key: string): Promise<string | null> {
    const value = await this.#store.run(GET, key, this.#name);
    // As JSON every character comes back, half a surrogate pair too.
    return typeof value === 'string' ? (JSON.parse(value) as string) : null;
  }

  async put(key: string, value: string, stay?: 'lasting'): Promise<void> {
    if (stay === 'lasting') return void (await this.#store.run(PUT_LASTING, key, JSON.stringify(value), this.#name));
    await this.#store.run(PUT, key, JSON.stringify(value), this.#mostValues, this.#name);
  }
}
