/** `lockkeeper serve`: the bot for real forges, configured by its environment and by `.env` in the working directory. */
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../adapters/clock/system-clock.js';
import { networkSettings } from '../adapters/git/git-environment.js';
import { createLog } from './log.js';
import { readFromEnvironment } from './read-from-environment.js';
import { readTextFile } from './read-text-file.js';
import { readSettings, type BotSettings } from './settings.js';
import type { Log } from '../ports/log.js';
import { startBot, type BotRole, type RunningBot } from './start-bot.js';
import { untilStopped } from './until-stopped.js';
import { packageVersion } from './package-version.js';

/** Runs until SIGTERM or SIGINT. Resolves to the exit status. */
export async function serve(role: BotRole, environment: NodeJS.ProcessEnv): Promise<number> {
  const reading = readFromEnvironment(environment, (read) => readSettings(read, readTextFile));
  if (reading.kind === 'invalid') {
    console.error(`lockkeeper serve can’t start:\n${reading.problems.map((problem) => `  - ${problem}`).join('\n')}`);
    return 2;
  }
  const { settings } = reading;
  const log = createLog(settings.logLevel);
  try {
    const pace = isOnThisMachine(settings) ? 'none' : 'forge';
    const bot = await startBot({
      settings,
      clock: systemClock,
      log,
      version: packageVersion(),
      path: environment['PATH'] ?? '',
      network: networkSettings(environment),
      pace,
      role,
    });
    // Before the line that says so: whoever reads it may send the signal at once.
    const stopped = untilStopped();
    log.info(
      { url: bot.url, role, github: settings.github !== null, gitlab: settings.gitlab !== null },
      'Lockkeeper is listening',
    );
    const signal = await stopped;
    log.info({ signal }, 'Stopping: finishing what is under way');
    return await closeWithin(CLOSE_LIMIT, bot, log);
  } catch (cause) {
    console.error(`lockkeeper serve can’t start: ${cause instanceof Error ? cause.message : String(cause)}`);
    return 1;
  }
}

/** In ms: less than the 30 s that supervisors wait before they kill. */
const CLOSE_LIMIT = 25_000;

/** The exit status. What could not be finished is taken up again at the next start, as after a crash. */
async function closeWithin(limit: number, bot: RunningBot, log: Log): Promise<number> {
  const waiting = new AbortController();
  const late = pause(limit, 'late' as const, { signal: waiting.signal });
  const ended = await Promise.race([bot.close(), late]);
  if (ended !== 'settled') {
    log.warn({ limit }, 'Stopped before everything under way was finished; the next start takes it up');
    process.exit(1);
  }
  waiting.abort();
  await late.catch(() => undefined);
  return 0;
}

/** The pace of writes that the public forges ask for need not be kept by a forge of one's own on this machine. */
function isOnThisMachine({ github, gitlab }: BotSettings): boolean {
  const urls = [...(github === null ? [] : [github.apiUrl]), ...(gitlab === null ? [] : [gitlab.url])];
  return urls.every((url) => url !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname));
}
