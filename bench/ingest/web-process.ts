/** The bot as it is shipped, in the role that takes webhooks, in a process of its own. */
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { createLog } from '../../src/cli/log.js';
import type { BotSettings } from '../../src/cli/settings.js';
import { startBot } from '../../src/cli/start-bot.js';
import { tellProcessorTime } from './processor-time.js';

process.once('message', (settings: BotSettings) => void start(settings));

async function start(settings: BotSettings): Promise<void> {
  const log = createLog('info', { file: `${settings.dataDirectory}.log` });
  const path = process.env['PATH'] ?? '';
  const bot = await startBot({ settings, clock: systemClock, log, version: 'bench', path, pace: 'none', role: 'web' });
  process.once('disconnect', () => void bot.close().then(() => process.exit(0)));
  tellProcessorTime();
  process.send?.({ url: bot.url });
}
