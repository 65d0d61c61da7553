/** How many entries of all merge queues wait for what, and since when the first of each: for those who watch many repositories at once. */
import type { Instant } from '../ids.js';
import type { EntryWait, QueueView } from './queue-view.js';

export interface EntryCount {
  readonly wait: EntryWait['kind'];
  readonly entries: number;
  /** When the first of them joined its queue; null where there is none. */
  readonly oldest: Instant | null;
}

/** Every kind of wait, in the order in which entries come nearer to their merge. */
const ENTRY_WAITS: readonly EntryWait['kind'][] = [
  'itself',
  'gates',
  'entry',
  'next-batch',
  'ahead',
  'its-batch',
  'merging',
];

export function countEntries(queues: readonly QueueView[]): readonly EntryCount[] {
  const entries = queues.flatMap((queue) => queue.entries);
  return ENTRY_WAITS.map((wait) => {
    const since = entries.filter((entry) => entry.wait.kind === wait).map((entry) => entry.since);
    return { wait, entries: since.length, oldest: since.length === 0 ? null : Math.min(...since) };
  });
}
