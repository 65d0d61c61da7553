/**
 * Whether other processes work with the same data directory. Each holds a lock for as long as it lives, which the operating system takes
 * away however it ends; so whoever can have it alone knows that all claims in the store are of processes that are gone.
 */
import { join } from 'node:path';
import { SqliteConnection } from './sqlite-connection.js';
import { sqliteCode } from './sqlite-error.js';

const PRESENCE_FILE = 'lockkeeper.presence';

interface Presence {
  /** When this process came. */
  readonly company: 'alone' | 'with-others';
  leave(): void;
}

const SHARED_TIMEOUT = 5_000;
const BUSY = 5;

/**
 * An exclusive lock is tried first and turned into a shared one. Between the two another process may come and find itself alone too; that
 * does no harm as long as neither has claimed anything before this returns.
 */
export function takePresence(directory: string): Presence {
  const file = join(directory, PRESENCE_FILE);
  const company = isAlone(file) ? 'alone' : 'with-others';
  const connection = new SqliteConnection(file, SHARED_TIMEOUT);
  connection.execute('BEGIN');
  // A read within a transaction takes the shared lock, and keeps it.
  connection.rows('SELECT count(*) AS tables FROM sqlite_schema');
  let held: SqliteConnection | null = connection;
  return {
    company,
    leave() {
      // Closing alone keeps the lock until the statement that took it is collected as garbage.
      held?.execute('ROLLBACK');
      held?.close();
      held = null;
    },
  };
}

function isAlone(file: string): boolean {
  const connection = new SqliteConnection(file, 0);
  try {
    // Only with a rollback journal do readers keep a writer out.
    connection.execute('PRAGMA journal_mode = DELETE');
    connection.execute('BEGIN EXCLUSIVE');
    connection.execute('COMMIT');
    return true;
  } catch (error) {
    if (error instanceof Error && sqliteCode(error.cause) === BUSY) return false;
    throw error;
  } finally {
    connection.close();
  }
}
