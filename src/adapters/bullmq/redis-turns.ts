/** What one of several processes does for all of them, by when it was last done. */
import type { Turns } from '../../ports/store.js';
import { RedisScript, type RedisConnection } from './redis-connection.js';

/** By Redis's own time. A turn is remembered for a day after it was taken, which is longer than any interval. */
const TAKE = new RedisScript(`
local key = KEYS[1] .. ':turn:' .. ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('GET', key))
if last and now - last < tonumber(ARGV[2]) then return 0 end
redis.call('SET', key, string.format('%.0f', now), 'PX', math.max(86400000, tonumber(ARGV[2])))
return 1
`);

export class RedisTurns implements Turns {
  readonly #store: RedisConnection;

  constructor(store: RedisConnection) {
    this.#store = store;
  }

  async take(name: string, interval: number): Promise<'taken' | 'done-lately'> {
    return (await this.#store.run(TAKE, name, interval)) === 1 ? 'taken' : 'done-lately';
  }
}
