/** What the failures of SQLite mean. */
import { Unavailable } from '../../core/problem.js';

/** SQLite result codes after which the same call may succeed later: busy, locked, out of memory, read-only, I/O, disk full, cannot open. */
const TRANSIENT_CODES = new Set([5, 6, 7, 8, 10, 13, 14]);

/** SQLite's primary result code of an error, or null where the error is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('rawCode' in error) || typeof error.rawCode !== 'number') return null;
  return error.rawCode & 0xff;
}

/** SQLite's own words, and the file they are about. */
export function namedSqliteError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === null || !(error instanceof Error)) return error;
  const message = `${file}: ${error.message}`;
  return TRANSIENT_CODES.has(code)
    ? new Unavailable(message, null, { cause: error })
    : new Error(message, { cause: error });
}
