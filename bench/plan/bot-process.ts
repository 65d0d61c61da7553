/** The bot as it is shipped, with its SQLite store, in a process of its own. */
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { createLog } from '../../src/cli/log.js';
import type { BotSettings } from '../../src/cli/settings.js';
import { startBot } from '../../src/cli/start-bot.js';

process.once('message', (settings: BotSettings) => void start(settings));

async function start(settings: BotSettings): Promise<void> {
  const log = createLog(settings.logLevel, { file: `${settings.dataDirectory}.log` });
  const path = process.env['PATH'] ?? '';
  const bot = await startBot({ settings, clock: systemClock, log, version: 'bench', path, pace: 'none' });
  // Whatever is asked: how much memory it took at most, in bytes.
  process.on('message', () => process.send?.({ peak: process.resourceUsage().maxRSS * 1024 }));
  process.once('disconnect', () => void bot.close().then(() => process.exit(0)));
  process.send?.({ url: bot.url });
}
