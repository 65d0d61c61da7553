/**
 * The inbox in Redis. A delivery is a hash; two sorted sets, by state, hold the deliveries' places by when they were received. Settled and
 * waiting ones change sets in one step with their hash.
 */
import type { Event } from '../../core/event.js';
import type { Instant } from '../../core/ids.js';
import { dueInstant } from '../../ports/due-instant.js';
import type { Delivery, DeliveryWork, Inbox, InboxEntry, InboxQuery } from '../../ports/store.js';
import type { BullmqWorkQueue } from './bullmq-work-queue.js';
import { LANES } from './lane-scripts.js';
import { RedisScript, type RedisConnection } from './redis-connection.js';

/** As JSON: no search looks into it, and it keeps every character. */
interface Content {
  readonly name: string;
  readonly event: Event;
}

const COMMON = `
local p = KEYS[1]
local function delivery(source, id) return p .. ':delivery:' .. source .. ':' .. id end
local function entry(member)
  -- SOURCE:ID, after the sixteen digits of its place among those received at once
  return { member, unpack(redis.call('HMGET', p .. ':delivery:' .. string.sub(member, 18), 'received', 'content', 'state', 'outcome')) }
end
local function move(source, id, from, to)
  local place, received = unpack(redis.call('HMGET', delivery(source, id), 'place', 'received'))
  redis.call('ZREM', p .. ':deliveries:' .. from, place)
  redis.call('ZADD', p .. ':deliveries:' .. to, received, place)
  redis.call('HSET', delivery(source, id), 'state', to)
end
`;

const script = (lua: string): RedisScript => new RedisScript(`${COMMON}${lua}`);

/** now, source, id, received, content, outcome or empty, then of each job lane, key, subject, not before → what each gave; nil: a duplicate. */
const RECORD = new RedisScript(`${LANES}${COMMON}
local source, id, received, content, outcome = unpack(ARGV, 2, 6)
if redis.call('EXISTS', delivery(source, id)) == 1 then return false end
local place = string.format('%016d', redis.call('INCR', p .. ':last-delivery')) .. ':' .. source .. ':' .. id
local state = outcome == '' and 'waiting' or 'settled'
redis.call('HSET', delivery(source, id), 'place', place, 'received', received, 'content', content, 'state', state)
if outcome ~= '' then redis.call('HSET', delivery(source, id), 'outcome', outcome) end
redis.call('ZADD', p .. ':deliveries:' .. state, received, place)
local given = {}
for at = 7, #ARGV, 4 do given[#given + 1] = add(unpack(ARGV, at, at + 3)) or '' end
return given
`);

const FIND = script(`
local place = redis.call('HGET', delivery(ARGV[1], ARGV[2]), 'place')
return place and entry(place)
`);

const WAITING = script(`
local found = {}
for _, member in ipairs(redis.call('ZRANGE', p .. ':deliveries:waiting', 0, -1)) do found[#found + 1] = entry(member) end
return found
`);

/** The newest of each state; the caller merges them. */
const LATEST = script(`
local found = {}
for at = 2, #ARGV do
  for _, member in ipairs(redis.call('ZREVRANGE', p .. ':deliveries:' .. ARGV[at], 0, tonumber(ARGV[1]) - 1)) do
    found[#found + 1] = entry(member)
  end
end
return found
`);

const SETTLE = script(`
local source, id, outcome = unpack(ARGV)
if redis.call('HGET', delivery(source, id), 'state') ~= 'waiting' then return 0 end
move(source, id, 'waiting', 'settled')
redis.call('HSET', delivery(source, id), 'outcome', outcome)
return 1
`);

const REOPEN = script(`
local source, id = unpack(ARGV)
if redis.call('HGET', delivery(source, id), 'state') ~= 'settled' then return 0 end
move(source, id, 'settled', 'waiting')
redis.call('HDEL', delivery(source, id), 'outcome')
return 1
`);

/** A part at a time: Redis does nothing else meanwhile. */
const FORGET = script(`
local old = redis.call('ZRANGEBYSCORE', p .. ':deliveries:settled', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(old) do
  redis.call('DEL', p .. ':delivery:' .. string.sub(member, 18))
  redis.call('ZREM', p .. ':deliveries:settled', member)
end
return #old
`);

const FORGET_AT_ONCE = 500;

export class RedisInbox implements Inbox {
  readonly #store: RedisConnection;
  readonly #queue: BullmqWorkQueue;

  /** @param queue of the same store */
  constructor(store: RedisConnection, queue: BullmqWorkQueue) {
    this.#store = store;
    this.#queue = queue;
  }

  async record(delivery: Delivery, work?: DeliveryWork): Promise<'recorded' | 'duplicate'> {
    const { source, id, receivedAt, name, event } = delivery;
    const content: Content = { name, event };
    const outcome = work?.outcome ?? null;
    const jobs = work?.jobs ?? [];
    const given = await this.#queue.run(
      RECORD,
      source,
      id,
      receivedAt,
      JSON.stringify(content),
      outcome === null ? '' : JSON.stringify(outcome),
      ...jobs.flatMap(({ lane, key, subject, notBefore }) => [
        lane,
        key,
        JSON.stringify(subject),
        notBefore === undefined ? '' : dueInstant(notBefore),
      ]),
    );
    if (!Array.isArray(given)) return 'duplicate';
    jobs.forEach(({ lane }, at) => this.#queue.announce(lane, given[at]));
    return 'recorded';
  }

  async find(source: Delivery['source'], id: string): Promise<InboxEntry | null> {
    const row = await this.#store.run(FIND, source, id);
    return row === null ? null : toEntry(row);
  }

  async waiting(): Promise<readonly InboxEntry[]> {
    return rowsOf(await this.#store.run(WAITING)).map(toEntry);
  }

  async latest({ most, state }: InboxQuery): Promise<readonly InboxEntry[]> {
    const states = state === undefined ? ['waiting', 'settled'] : [state];
    const rows = rowsOf(await this.#store.run(LATEST, most, ...states)).map((row) => ({
      entry: toEntry(row),
      place: placeOf(row),
    }));
    return rows
      .toSorted((a, b) => b.entry.receivedAt - a.entry.receivedAt || (a.place < b.place ? 1 : -1))
      .slice(0, most)
      .map(({ entry }) => entry);
  }

  async settle(source: Delivery['source'], id: string, outcome: string): Promise<void> {
    await this.#store.run(SETTLE, source, id, JSON.stringify(outcome));
  }

  async reopen(source: Delivery['source'], id: string): Promise<'reopened' | 'unknown'> {
    return (await this.#store.run(REOPEN, source, id)) === 1 ? 'reopened' : 'unknown';
  }

  async forget(before: Instant): Promise<number> {
    let [all, forgotten] = [0, 0];
    do {
      forgotten = Number(await this.#store.run(FORGET, before, FORGET_AT_ONCE));
      all += forgotten;
    } while (forgotten === FORGET_AT_ONCE);
    return all;
  }
}

function rowsOf(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : [];
}

function placeOf(row: unknown): string {
  return Array.isArray(row) ? String(row[0]) : '';
}

/** @param row place, received, content, state, outcome or null */
function toEntry(row: unknown): InboxEntry {
  const [place, received, content, state, outcome] = row as readonly (string | null)[];
  if (typeof place !== 'string' || typeof content !== 'string') throw new TypeError('a delivery without content');
  const [, source = '', id = ''] = /^\d{16}:([a-z]+):(.*)$/s.exec(place) ?? [];
  const { name, event } = JSON.parse(content) as Content;
  return {
    id,
    source: source as Delivery['source'],
    name,
    receivedAt: Number(received),
    event,
    state: state as InboxEntry['state'],
    outcome: typeof outcome === 'string' ? (JSON.parse(outcome) as string) : null,
  };
}
