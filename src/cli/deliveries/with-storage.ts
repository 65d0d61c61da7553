/** Opens the store that a running bot uses, for one command, and lets go of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STORE_FILE } from '../../adapters/sqlite/open-sqlite-store.js';
import { systemClock } from '../../adapters/clock/system-clock.js';
import { Unavailable } from '../../core/problem.js';
import { readFromEnvironment } from '../read-from-environment.js';
import { createLog } from '../log.js';
import { openStorage } from '../open-storage.js';
import type { Storage } from '../storage.js';
import { SettingsReader } from '../settings-reader.js';
import { readStorageSettings, type StorageSettings } from '../storage-settings.js';

interface CommandRequest {
  /** Said before each problem: `lockkeeper deliveries`. */
  readonly command: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** `use` gives the exit status; 2 where the settings are wrong, 1 where there is no store. Problems go to standard error. */
export async function withStorage(
  { command, environment }: CommandRequest,
  use: (storage: Storage) => Promise<number>,
): Promise<number> {
  const complain = (problem: string): void => console.error(`${command}: ${problem}`);
  const reading = readFromEnvironment(environment, readStorage);
  if (reading.kind === 'invalid') {
    reading.problems.forEach(complain);
    return 2;
  }
  const { settings } = reading;
  const missing = missingStore(settings);
  if (missing !== null) {
    complain(missing);
    return 1;
  }
  let storage: Storage | null = null;
  try {
    // Warnings are for who runs the bot; a command's answer is all that is wanted here.
    const log = createLog('error');
    storage = await openStorage({ settings, clock: systemClock, log, pace: 'forge', purpose: 'look' });
    return await use(storage);
  } catch (cause) {
    if (!(cause instanceof Unavailable) && storage !== null) throw cause;
    complain(cause instanceof Error ? cause.message : String(cause));
    return 1;
  } finally {
    await storage?.close();
  }
}

function readStorage(environment: NodeJS.ProcessEnv): Reading {
  const read = new SettingsReader(environment);
  const settings = readStorageSettings(read);
  return read.problems.length === 0 ? { kind: 'valid', settings } : { kind: 'invalid', problems: read.problems };
}

type Reading =
  | { readonly kind: 'valid'; readonly settings: StorageSettings }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Making an empty one would answer “nothing” to a question about another. */
function missingStore({ dataDirectory, redis }: StorageSettings): string | null {
  const file = join(dataDirectory, STORE_FILE);
  if (redis !== null || existsSync(file)) return null;
  return `There is no ${file}. Set DATA_DIR, or REDIS_URL, as the bot has them.`;
}
