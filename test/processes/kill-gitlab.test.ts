import { afterEach, expect, it } from 'vitest';
import { RedisServer } from '../tools/redis-server.js';
import { describeWithTool } from '../tools/require-tool.js';
import { killAtEffects } from './kill-at-effects.js';

describeWithTool(
  'redis-server',
  'a release on gitlab with Redis while the bot is killed at every kind of effect',
  () => {
    let redis: RedisServer | null = null;
    afterEach(async () => {
      await redis?.close();
      redis = null;
    });

    it('arrives, and nothing is doubled, though Redis is killed at times as well', { timeout: 600_000 }, async () => {
      redis = await RedisServer.start();
      await expect(killAtEffects({ forge: 'gitlab', redis })).resolves.toBeUndefined();
    });
  },
);
