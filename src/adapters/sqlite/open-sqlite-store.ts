/** Opens lockkeeper.sqlite, the one file that inbox, work queue and cache share, and brings its tables up to date. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from '../../core/problem.js';
import { APPLICATION_ID, MIGRATIONS } from './sqlite-schema.js';
import { SqliteConnection } from './sqlite-connection.js';
import { sqliteCode } from './sqlite-error.js';

export const STORE_FILE = 'lockkeeper.sqlite';

type OpenedStore =
  | { readonly kind: 'opened'; readonly store: SqliteConnection }
  /** Waiting will not help. `message` names the file or directory and what to do. */
  | { readonly kind: 'unusable'; readonly message: string };

interface StoreLocation {
  /** DATA_DIR; made if it is missing. */
  readonly directory: string;
  /** How long, in ms, a call waits for another process's write. */
  readonly busyTimeout?: number;
}

const BUSY_TIMEOUT = 5_000;
const NOT_A_DATABASE = 26;
/** In ms: about what the change takes that is waited for. */
const PAUSE = 5;

/** Rejects with `Unavailable` if another process keeps the file locked: try again. */
export function openSqliteStore(location: StoreLocation): OpenedStore {
  const directory = makeDirectory(location.directory);
  if (directory) return directory;
  const file = join(location.directory, STORE_FILE);
  let store: SqliteConnection;
  try {
    store = new SqliteConnection(file, location.busyTimeout ?? BUSY_TIMEOUT);
  } catch (error) {
    return { kind: 'unusable', message: `${file} cannot be opened: ${wordsOf(error)}` };
  }
  try {
    const problem = prepare(store, location.busyTimeout ?? BUSY_TIMEOUT);
    if (problem === null) return { kind: 'opened', store };
    store.close();
    return { kind: 'unusable', message: problem };
  } catch (error) {
    store.close();
    if (error instanceof Error && sqliteCode(error.cause) === NOT_A_DATABASE) {
      return { kind: 'unusable', message: `${file} is not an SQLite database. Move it away, or set another DATA_DIR.` };
    }
    throw error;
  }
}

function makeDirectory(directory: string): OpenedStore | null {
  try {
    mkdirSync(directory, { recursive: true });
    return null;
  } catch (error) {
    const message = `The data directory ${directory} cannot be made: ${wordsOf(error)}. Set DATA_DIR to one that may be written.`;
    return { kind: 'unusable', message };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Null if all is well, else what is wrong, in a sentence. */
function prepare(store: SqliteConnection, patience: number): string | null {
  const foreign = whoseFile(store);
  if (foreign) return foreign;
  // A write that was answered must survive a power cut: in WAL mode only FULL flushes at every commit.
  store.execute('PRAGMA synchronous = FULL');
  if (writeAhead(store, patience) !== 'wal')
    return `${store.file} cannot have a write-ahead log: is DATA_DIR on a network file system?`;
  migrate(store);
  return null;
}

/**
 * The journal mode that was had. While another process makes the same change to a new file, SQLite refuses at once instead of waiting as it
 * does elsewhere: so the waiting is done here, `patience` ms at the most.
 */
function writeAhead(store: SqliteConnection, patience: number): string | undefined {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return store.row('PRAGMA journal_mode = WAL')?.text('journal_mode');
    } catch (error) {
      if (!(error instanceof Unavailable) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/**
 * A sentence if the file belongs to another program or to a later Lockkeeper. Asked in one statement, so that the answers are of one moment:
 * another process may be making the tables of a new file right now.
 */
function whoseFile(store: SqliteConnection): string | null {
  const found = store.row(
    `SELECT (SELECT count(*) FROM sqlite_schema) AS tables,
            (SELECT application_id FROM pragma_application_id) AS id,
            (SELECT user_version FROM pragma_user_version) AS version`,
  );
  if (found?.integer('id') !== APPLICATION_ID && found?.integer('tables') !== 0) {
    return `${store.file} belongs to another program. Set another DATA_DIR.`;
  }
  const version = found.integer('version');
  if (version <= MIGRATIONS.length) return null;
  return `${store.file} was written by a newer Lockkeeper (schema ${version}, this one knows ${MIGRATIONS.length}). Run that one, or set another DATA_DIR.`;
}

function schemaVersion(store: SqliteConnection): number {
  return store.row('PRAGMA user_version')?.integer('user_version') ?? 0;
}

/** The version is read again under the write lock: two processes may start on a new file together. */
function migrate(store: SqliteConnection): void {
  if (schemaVersion(store) === MIGRATIONS.length) return;
  store.transaction(() => {
    for (const step of MIGRATIONS.slice(schemaVersion(store))) store.execute(step);
    store.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}
