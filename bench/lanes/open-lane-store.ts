/** The store that the workers of a benchmark share, as each process of it opens it. */
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { createLog } from '../../src/cli/log.js';
import { openStorage } from '../../src/cli/open-storage.js';
import type { Storage } from '../../src/cli/storage.js';
import type { StorageSettings } from '../../src/cli/storage-settings.js';

export function openLaneStore(settings: StorageSettings): Promise<Storage> {
  return openStorage({ settings, clock: systemClock, log: createLog('silent'), pace: 'none', purpose: 'look' });
}
