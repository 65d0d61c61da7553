import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { takePresence } from '../../src/adapters/sqlite/sqlite-presence.js';
import { createLog } from '../../src/cli/log.js';
import { readSettings } from '../../src/cli/settings.js';
import { startBot } from '../../src/cli/start-bot.js';

function start(dataDirectory: string): ReturnType<typeof startBot> {
  const environment = {
    APP_ID: '7',
    PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----',
    WEBHOOK_SECRET: 'secret',
    DATA_DIR: dataDirectory,
    PORT: '0',
  };
  const reading = readSettings(environment, () => null);
  if (reading.kind === 'invalid') throw new Error(reading.problems.join('\n'));
  const { settings } = reading;
  return startBot({ settings, clock: systemClock, log: createLog('silent'), version: '0', path: '', pace: 'none' });
}

it('names the setting where its directory can’t be made', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lockkeeper-start-'));
  try {
    await writeFile(join(directory, 'file'), '');
    const words = /^The data directory .* cannot be made: .* Set DATA_DIR to one that may be written\.$/;
    await expect(start(join(directory, 'file', 'data'))).rejects.toThrow(words);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

it('lets go of the store where a forge’s client can’t be made, so that the program ends', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lockkeeper-start-'));
  try {
    await expect(start(directory)).rejects.toThrow('The private key of the GitHub App is no PEM private key');
    const presence = takePresence(directory);
    presence.leave();
    expect(presence.company).toBe('alone');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
