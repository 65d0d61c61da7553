/**
 * The work queue's steps, each carried out by Redis as one. Keys, all below one prefix:
 *
 *     last-id, last-fence    counters
 *     job:ID                 a hash: lane, key, subject, state (waiting, claimed, dead), due, attempts, failures; fence and holder while claimed
 *     waiting:LANE           the lane's waiting jobs by when they become due; IDs have leading zeros, so that equals keep their order
 *     twins:LANE             key → the waiting job with it
 *     leases                 lanes that are held, by when their lease ends
 *     held                   lane → the job it is held for
 *     ready, heads           the first waiting job of each lane that is not held, by when it is due; lane → that job
 *     dead, dead-twins       buried jobs by when they were; lane and key → that job
 */
import { RedisScript } from './redis-connection.js';

/** What every script of the queue begins with; `now` is the first value, or empty for Redis's own time. */
export const LANES = `
local p = KEYS[1]
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local function job(id) return p .. ':job:' .. id end
local function waiting(lane) return p .. ':waiting:' .. lane end
local function twins(lane) return p .. ':twins:' .. lane end
local function whole(number) return string.format('%.0f', number) end

-- The lane's first waiting job stands among those that can be claimed, unless the lane is held. Gives when it is due, or false.
local function show_head(lane)
  local old = redis.call('HGET', p .. ':heads', lane)
  local first = {}
  if redis.call('HEXISTS', p .. ':held', lane) == 0 then
    first = redis.call('ZRANGE', waiting(lane), 0, 0, 'WITHSCORES')
  end
  if old and old ~= first[1] then redis.call('ZREM', p .. ':ready', old) end
  if not first[1] then
    if old then redis.call('HDEL', p .. ':heads', lane) end
    return false
  end
  redis.call('ZADD', p .. ':ready', first[2], first[1])
  redis.call('HSET', p .. ':heads', lane, first[1])
  return first[2]
end

local function wait(id, lane, key, due)
  redis.call('HSET', job(id), 'state', 'waiting', 'due', whole(due))
  redis.call('ZADD', waiting(lane), whole(due), id)
  redis.call('HSET', twins(lane), key, id)
end

local function wait_no_more(id, lane, key)
  redis.call('ZREM', waiting(lane), id)
  redis.call('HDEL', twins(lane), key)
end

-- The job with that key that waits. A Redis that drops keys when its memory is full may have dropped the job and left its places.
local function waiting_twin(lane, key)
  local id = redis.call('HGET', twins(lane), key)
  if not id or redis.call('EXISTS', job(id)) == 1 then return id end
  wait_no_more(id, lane, key)
  return false
end

-- A new job, or the twin that waits already. Gives its id.
local function enqueue(lane, key, subject, due)
  local twin = waiting_twin(lane, key)
  if twin then
    redis.call('HSET', job(twin), 'subject', subject)
    wait(twin, lane, key, math.min(due, tonumber(redis.call('HGET', job(twin), 'due'))))
    return twin
  end
  local id = string.format('%016d', redis.call('INCR', p .. ':last-id'))
  redis.call('HSET', job(id), 'lane', lane, 'key', key, 'subject', subject, 'attempts', 0)
  wait(id, lane, key, due)
  return id
end

-- The same from outside. Gives when it is due if it is its lane's first and the lane is free, else false.
local function add(lane, key, subject, not_before)
  local id = enqueue(lane, key, subject, math.max(now, tonumber(not_before) or now))
  local due = show_head(lane)
  return redis.call('HGET', p .. ':heads', lane) == id and due
end

-- The first waiting job of a lane is no more, see waiting_twin: which lane's is found by looking through all.
local function drop_head(id)
  redis.call('ZREM', p .. ':ready', id)
  local heads = redis.call('HGETALL', p .. ':heads')
  for at = 1, #heads, 2 do
    if heads[at + 1] == id then
      redis.call('ZREM', waiting(heads[at]), id)
      show_head(heads[at])
    end
  end
end

local function free(lane)
  redis.call('HDEL', p .. ':held', lane)
  redis.call('ZREM', p .. ':leases', lane)
end

-- A claimed job waits again. With a twin that waits already the two become one, as if the twin had come now.
local function put_back(id, due)
  local lane, key = unpack(redis.call('HMGET', job(id), 'lane', 'key'))
  local twin = waiting_twin(lane, key)
  if twin then
    local subject, twin_due = unpack(redis.call('HMGET', job(twin), 'subject', 'due'))
    wait_no_more(twin, lane, key)
    redis.call('DEL', job(twin))
    redis.call('HSET', job(id), 'subject', subject)
    due = math.min(due, tonumber(twin_due))
  end
  free(lane)
  wait(id, lane, key, due)
  return show_head(lane)
end

-- Buried jobs are one for each lane and key.
local function dead_place(lane, key) return #lane .. ':' .. lane .. key end

local function forget_dead(lane, key)
  local id = redis.call('HGET', p .. ':dead-twins', dead_place(lane, key))
  if not id then return end
  redis.call('ZREM', p .. ':dead', id)
  redis.call('HDEL', p .. ':dead-twins', dead_place(lane, key))
  redis.call('DEL', job(id))
end

local function is_held(id, fence)
  local state, its, lane = unpack(redis.call('HMGET', job(id), 'state', 'fence', 'lane'))
  if state ~= 'claimed' or its ~= fence then return false end
  local lease = redis.call('ZSCORE', p .. ':leases', lane)
  return lease and tonumber(lease) > now
end
`;

const script = (lua: string): RedisScript => new RedisScript(`${LANES}${lua}`);

/** now, lane, key, subject, not before (or empty) → when it is due if it is its lane's first and the lane is free, else nil. */
export const ENQUEUE = script(`
return add(ARGV[2], ARGV[3], ARGV[4], ARGV[5])
`);

/** now, lease, connection → id, lane, key, subject, attempt, failures, fence; nil where nothing is due. */
export const CLAIM = script(`
-- The clock may have been set back: no claim holds for longer than one that is given now.
local latest = whole(now + tonumber(ARGV[2]))
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', p .. ':leases', '(' .. latest, '+inf')) do
  redis.call('ZADD', p .. ':leases', latest, lane)
end
for _, lane in ipairs(redis.call('ZRANGEBYSCORE', p .. ':leases', '-inf', whole(now))) do
  local id = redis.call('HGET', p .. ':held', lane)
  local due = id and redis.call('HGET', job(id), 'due')
  if due then
    put_back(id, math.min(now, tonumber(due)))
  else
    free(lane)
    show_head(lane)
  end
end
local id, lane, key, subject, failures
repeat
  id = redis.call('ZRANGEBYSCORE', p .. ':ready', '-inf', whole(now), 'LIMIT', 0, 1)[1]
  if not id then return false end
  lane, key, subject, failures = unpack(redis.call('HMGET', job(id), 'lane', 'key', 'subject', 'failures'))
  if not lane then drop_head(id) end
until lane
-- The first fence is the time: fences grow even where Redis has lost everything.
if redis.call('EXISTS', p .. ':last-fence') == 0 then redis.call('SET', p .. ':last-fence', whole(now)) end
local fence = redis.call('INCR', p .. ':last-fence')
local attempt = redis.call('HINCRBY', job(id), 'attempts', 1)
wait_no_more(id, lane, key)
redis.call('HSET', job(id), 'state', 'claimed', 'fence', whole(fence), 'holder', ARGV[3])
redis.call('HSET', p .. ':held', lane, id)
redis.call('ZADD', p .. ':leases', latest, lane)
show_head(lane)
return { id, lane, key, subject, attempt, failures or 0, whole(fence) }
`);

/** now, id, fence → 1 while the claim is held. */
export const IS_HELD = script(`return is_held(ARGV[2], ARGV[3]) and 1 or 0`);

/** now, id, fence, lease, connection → 1, or 0 where the claim was lost. */
export const EXTEND = script(`
if not is_held(ARGV[2], ARGV[3]) then return 0 end
redis.call('HSET', job(ARGV[2]), 'holder', ARGV[5])
redis.call('ZADD', p .. ':leases', whole(now + tonumber(ARGV[4])), redis.call('HGET', job(ARGV[2]), 'lane'))
return 1
`);

/** now, id, fence, until → as EXTEND. */
export const LAPSE = script(`
if not is_held(ARGV[2], ARGV[3]) then return 0 end
redis.call('ZADD', p .. ':leases', 'LT', ARGV[4], redis.call('HGET', job(ARGV[2]), 'lane'))
return 1
`);

/** now, id, fence → nil where the claim was lost, else when the lane's next job is due, or empty. */
export const FINISH = script(`
if not is_held(ARGV[2], ARGV[3]) then return false end
local lane, key = unpack(redis.call('HMGET', job(ARGV[2]), 'lane', 'key'))
redis.call('DEL', job(ARGV[2]))
forget_dead(lane, key)
free(lane)
return show_head(lane) or ''
`);

/** now, id, fence, at, why → as FINISH. */
export const RETRY = script(`
if not is_held(ARGV[2], ARGV[3]) then return false end
if ARGV[5] == 'failed' then redis.call('HINCRBY', job(ARGV[2]), 'failures', 1) end
return put_back(ARGV[2], math.max(now, tonumber(ARGV[4]))) or ''
`);

/** now, id, fence, reason → as FINISH. */
export const BURY = script(`
local id = ARGV[2]
if not is_held(id, ARGV[3]) then return false end
local lane, key = unpack(redis.call('HMGET', job(id), 'lane', 'key'))
forget_dead(lane, key)
redis.call('HSET', job(id), 'state', 'dead', 'reason', ARGV[4], 'died', whole(now))
redis.call('ZADD', p .. ':dead', whole(now), id)
redis.call('HSET', p .. ':dead-twins', dead_place(lane, key), id)
free(lane)
return show_head(lane) or ''
`);

/** now, id → nil where no such job is buried, else its lane. */
export const UNBURY = script(`
local id = ARGV[2]
local state, lane, key, subject = unpack(redis.call('HMGET', job(id), 'state', 'lane', 'key', 'subject'))
if state ~= 'dead' then return false end
forget_dead(lane, key)
-- What was enqueued since is newer: the twin that waits, or else the one that runs.
local twin = waiting_twin(lane, key)
local running = redis.call('HGET', p .. ':held', lane)
if not twin and running and redis.call('HGET', job(running), 'key') == key then twin = running end
enqueue(lane, key, twin and redis.call('HGET', job(twin), 'subject') or subject, now)
show_head(lane)
return lane
`);

/** now → for each buried job id, lane, key, subject, reason, when. */
export const DEAD = script(`
local found = {}
for _, id in ipairs(redis.call('ZRANGE', p .. ':dead', 0, -1)) do
  local fields = redis.call('HMGET', job(id), 'lane', 'key', 'subject', 'reason', 'died')
  if fields[1] then found[#found + 1] = { id, unpack(fields) } end
end
return found
`);

/** now → when something may be claimed next, at the earliest now; nil when nothing waits. */
export const NEXT_DUE = script(`
local next = nil
for _, key in ipairs({ p .. ':leases', p .. ':ready' }) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if first and (not next or tonumber(first) < next) then next = tonumber(first) end
end
return next and whole(math.max(now, next))
`);

/** now, how much later, names of connections that are alive → how many claims of others lapse then, at the latest. */
export const LAPSE_ABANDONED = script(`
local alive = {}
for at = 3, #ARGV do alive[ARGV[at]] = true end
local count = 0
local holders = redis.call('HGETALL', p .. ':held')
for at = 1, #holders, 2 do
  if not alive[redis.call('HGET', job(holders[at + 1]), 'holder')] then
    count = count + redis.call('ZADD', p .. ':leases', 'LT', 'CH', whole(now + tonumber(ARGV[2])), holders[at])
  end
end
return count
`);
