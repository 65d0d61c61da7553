/** The cache of what forges answered, in lockkeeper.sqlite, on a connection of its own. */
import { ANSWER_LIMITS } from '../../ports/store.js';
import { SqliteCache } from './sqlite-cache.js';
import { SqliteConnection } from './sqlite-connection.js';

const BUSY_TIMEOUT = 5_000;

interface OpenedAnswers {
  readonly answers: SqliteCache;
  close(): void;
}

/** `file`: of a store that was opened before, so that its tables are there. */
export function openAnswers(file: string): OpenedAnswers {
  const connection = new SqliteConnection(file, BUSY_TIMEOUT);
  // Answers come by the hundred and may be lost in a power cut: their commits do not wait for the disk, as those of the store do.
  connection.execute('PRAGMA synchronous = NORMAL');
  return { answers: new SqliteCache(connection, ANSWER_LIMITS, 'answers'), close: () => connection.close() };
}
