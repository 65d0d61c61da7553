/** The use cases for one question of a command: with a folder and a store of their own, which are gone afterwards, so that no bot is disturbed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.js';
import { networkSettings } from '../adapters/git/git-environment.js';
import { MemoryCache } from '../adapters/memory/memory-cache.js';
import { MemoryInbox } from '../adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../adapters/memory/memory-work-queue.js';
import type { App } from '../app/app.js';
import { createApp } from './create-app.js';
import { createLog } from './log.js';
import type { BotSettings } from './settings.js';

/** Rejects with `Forbidden` where a forge does not accept the settings, and with whatever `use` rejects with. */
export async function withApp<T>(
  settings: BotSettings,
  environment: NodeJS.ProcessEnv,
  use: (app: App) => Promise<T>,
): Promise<T> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'lockkeeper-asks-'));
  try {
    const options = {
      settings: { ...settings, dataDirectory },
      clock: systemClock,
      log: createLog('silent'),
      path: environment['PATH'] ?? '',
      network: networkSettings(environment),
      pace: 'forge',
    } as const;
    const queue = new MemoryWorkQueue({ clock: systemClock });
    const { app, mirrors } = await createApp(options, {
      queue,
      inbox: new MemoryInbox(queue),
      cache: new MemoryCache(),
      answers: new MemoryCache(),
    });
    try {
      return await use(app);
    } finally {
      await mirrors.close();
    }
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}
