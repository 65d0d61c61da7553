/** How many jobs in Redis are in which state, and since when: for metrics. Reads only. */
import { JOB_STATES, type JobCount } from '../../ports/metrics.js';
import type { BullmqWorkQueue } from './bullmq-work-queue.js';
import { LANES } from './lane-scripts.js';
import { RedisScript } from './redis-connection.js';

/** now → state, jobs, lanes, oldest or empty, for each state. By lanes, of which there are no more than are due or held. */
const COUNT = new RedisScript(`${LANES}
local counts = {}
local function count(state, jobs, since)
  local has = counts[state] or { 0, 0 }
  counts[state] = has
  if jobs == 0 then return end
  has[1] = has[1] + jobs
  has[2] = has[2] + 1
  since = tonumber(since) or now
  if not has[3] or since < has[3] then has[3] = since end
end
local lanes = {}
for _, lane in ipairs(redis.call('HKEYS', p .. ':heads')) do lanes[lane] = true end
local held = redis.call('HGETALL', p .. ':held')
for at = 1, #held, 2 do
  lanes[held[at]] = true
  count('running', 1, redis.call('HGET', job(held[at + 1]), 'due'))
end
for lane in pairs(lanes) do
  local first = redis.call('ZRANGE', waiting(lane), 0, 0, 'WITHSCORES')[2]
  local due = redis.call('ZCOUNT', waiting(lane), '-inf', whole(now))
  count('due', due, first)
  count('later', redis.call('ZCARD', waiting(lane)) - due, now)
end
local buried = {}
for _, id in ipairs(redis.call('ZRANGE', p .. ':dead', 0, -1)) do buried[redis.call('HGET', job(id), 'lane')] = true end
count('buried', redis.call('ZCARD', p .. ':dead'), redis.call('ZRANGE', p .. ':dead', 0, 0, 'WITHSCORES')[2])
if counts['buried'][1] > 0 then
  counts['buried'][2] = 0
  for _ in pairs(buried) do counts['buried'][2] = counts['buried'][2] + 1 end
end
local found = {}
for state, has in pairs(counts) do
  found[#found + 1] = { state, has[1], has[2], has[3] and whole(has[3]) or '' }
end
return found
`);

export async function countJobs(queue: Pick<BullmqWorkQueue, 'run'>): Promise<readonly JobCount[]> {
  const found = (await queue.run(COUNT)) as readonly (readonly (string | number)[])[];
  const counts = new Map(found.map(([state, ...values]) => [String(state), values]));
  return JOB_STATES.map((state) => {
    const [jobs = 0, lanes = 0, oldest = ''] = counts.get(state) ?? [];
    const isTold = state !== 'later' && oldest !== '';
    return { state, jobs: Number(jobs), lanes: Number(lanes), oldest: isTold ? Number(oldest) : null };
  });
}
