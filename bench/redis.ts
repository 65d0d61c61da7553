/** Redis for a benchmark: started for it, or left out where the machine has none. */
import { RedisServer } from '../test/tools/redis-server.js';
import { findTool } from '../test/tools/require-tool.js';

/** `null`, and a line that says so, where there is no redis-server. */
export async function startRedis(): Promise<RedisServer | null> {
  const tool = findTool('redis-server');
  if (tool.found) return RedisServer.start(['--maxmemory-policy', 'noeviction', '--appendfsync', 'everysec']);
  console.log(`redis-server is missing, so Redis is left out: ${tool.getIt}`);
  return null;
}
