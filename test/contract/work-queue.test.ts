import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import { SqliteWorkQueue } from '../../src/adapters/sqlite/sqlite-work-queue.js';
import { TemporaryStore } from './temporary-store.js';
import { describeWorkQueue } from './work-queue-contract.js';

const LEASE = 50;

describeWorkQueue('memory', () => {
  const clock = new ManualClock();
  const queue = new MemoryWorkQueue({ clock, lease: LEASE });
  return { clock, lease: LEASE, randomRuns: 300, worker: () => queue, close: () => undefined };
});

describeWorkQueue('SQLite, every worker with a connection of its own', () => {
  const clock = new ManualClock();
  const folder = new TemporaryStore();
  return {
    clock,
    lease: LEASE,
    randomRuns: 40,
    worker: () => new SqliteWorkQueue(folder.connect(), { clock, lease: LEASE }),
    close: () => folder.remove(),
  };
});
