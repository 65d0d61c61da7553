/** A cache in Redis: the values that were put last, up to a number and a size of them. */
import { CACHE_LIMITS, type Cache, type CacheLimits } from '../../ports/store.js';
import { RedisScript, type RedisConnection } from './redis-connection.js';

/** Each is a cache of its own: `cache`, or `answer` for what forges answered, so that the many answers do not push plans out. */
type CacheName = 'cache' | 'answer';

const GET = new RedisScript(`
local own = KEYS[1] .. ':' .. ARGV[2]
return redis.call('GET', own .. ':' .. ARGV[1]) or redis.call('GET', own .. '-lasting:' .. ARGV[1])
`);

const PUT_LASTING = new RedisScript(`redis.call('SET', KEYS[1] .. ':' .. ARGV[3] .. '-lasting:' .. ARGV[1], ARGV[2])`);

const PUT = new RedisScript(`
local p, name = KEYS[1], ARGV[5]
local values, order, bytes = p .. ':' .. name .. ':', p .. ':' .. name .. 'd', p .. ':' .. name .. '-bytes'
-- Of a store that did not count yet.
if redis.call('EXISTS', bytes) == 0 then
  local all = 0
  for _, key in ipairs(redis.call('ZRANGE', order, 0, -1)) do all = all + redis.call('STRLEN', values .. key) end
  redis.call('SET', bytes, all)
end
local size = redis.call('INCRBY', bytes, #ARGV[2] - redis.call('STRLEN', values .. ARGV[1]))
redis.call('SET', values .. ARGV[1], ARGV[2])
redis.call('ZADD', order, redis.call('INCR', p .. ':last-' .. name .. 'd'), ARGV[1])
local surplus = redis.call('ZCARD', order) - tonumber(ARGV[3])
while surplus > 0 or size > tonumber(ARGV[4]) do
  local key = redis.call('ZRANGE', order, 0, 0)[1]
  if not key or key == ARGV[1] then return end
  size = redis.call('DECRBY', bytes, redis.call('STRLEN', values .. key))
  redis.call('DEL', values .. key)
  redis.call('ZREM', order, key)
  surplus = surplus - 1
end
`);

export class RedisCache implements Cache {
  readonly #store: RedisConnection;
  readonly #limits: CacheLimits;
  readonly #name: CacheName;

  constructor(store: RedisConnection, limits: CacheLimits = CACHE_LIMITS, name: CacheName = 'cache') {
    this.#store = store;
    this.#limits = limits;
    this.#name = name;
  }

  async get(key: string): Promise<string | null> {
    const value = await this.#store.run(GET, key, this.#name);
    // As JSON every character comes back, half a surrogate pair too.
    return typeof value === 'string' ? (JSON.parse(value) as string) : null;
  }

  async put(key: string, value: string, stay?: 'lasting'): Promise<void> {
    if (stay === 'lasting') return void (await this.#store.run(PUT_LASTING, key, JSON.stringify(value), this.#name));
    const { values, bytes } = this.#limits;
    await this.#store.run(PUT, key, JSON.stringify(value), values, bytes, this.#name);
  }
}
