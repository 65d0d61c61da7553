/** One connection to one SQLite file: prepared statements, transactions, and what its failures mean. */
import Database from 'libsql';
import { Unavailable } from '../../core/problem.js';
import type { Instant } from '../../core/ids.js';

export type SqlValue = string | number | null;

/** Typed access to a row's columns: the schema is ours, so a wrong type is a bug. */
export class SqlRow {
  readonly #columns: Readonly<Record<string, unknown>>;

  constructor(columns: Readonly<Record<string, unknown>>) {
    this.#columns = columns;
  }

  text(column: string): string {
    const value = this.#columns[column];
    if (typeof value !== 'string') throw new TypeError(`column ${column} holds no text`);
    return value;
  }

  integer(column: string): number {
    const value = this.#columns[column];
    if (typeof value !== 'number') throw new TypeError(`column ${column} holds no number`);
    return value;
  }

  isNull(column: string): boolean {
    return this.#columns[column] === null;
  }
}

/** SQLite result codes after which the same call may succeed later: busy, locked, out of memory, I/O, disk full, cannot open. */
const TRANSIENT_CODES = new Set([5, 6, 7, 10, 13, 14]);

/** SQLite's primary result code of an error, or null where the error is not SQLite's. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('rawCode' in error) || typeof error.rawCode !== 'number') return null;
  return error.rawCode & 0xff;
}

/** So many are committed together at most: reading and answering waits for as long as that takes, some milliseconds. */
const MOST_TOGETHER = 256;

/** One of those that are committed together. */
interface GroupMember {
  /** May run twice: in the group, and alone where that failed. */
  readonly run: () => void;
  readonly settle: () => void;
  readonly reject: (error: unknown) => void;
}

export class SqliteConnection {
  readonly file: string;
  readonly #database: Database.Database;
  readonly #group: GroupMember[] = [];
  readonly #statements = new Map<string, Database.Statement<SqlValue[]>>();

  /** @param busyTimeout how long, in ms, a call waits for another connection's write before it fails */
  constructor(file: string, busyTimeout: number) {
    this.file = file;
    this.#database = new Database(file, { timeout: busyTimeout });
  }

  /**
   * All rows at once. Reading to the end is what ends SQLite's read transaction: a statement left in the middle would go on
   * seeing the file as it was.
   */
  rows(sql: string, ...values: SqlValue[]): readonly SqlRow[] {
    const found = this.#guard(() => this.#statement(sql).all(...values));
    return found.map((row) => new SqlRow(Object(row) as Record<string, unknown>));
  }

  /** The first row, or null. For statements that read. */
  row(sql: string, ...values: SqlValue[]): SqlRow | null {
    return this.rows(sql, ...values)[0] ?? null;
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#guard(() => this.#statement(sql).run(...values).changes);
  }

  /** Several statements without parameters, or a pragma. */
  execute(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  /**
   * Runs `work` with the file's write lock held: everything of it is kept, or nothing. `work` must not wait for anything.
   *
   * The first error is the one that is passed on: after a full disk SQLite has rolled back by itself, and a second rollback would
   * fail with an error that hides the cause.
   */
  transaction<T>(work: () => T): T {
    this.execute('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.execute('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * Runs `work` in one transaction with what else was asked for in this turn of the event loop, in the order of asking: they are flushed to
   * the disk together, which takes as long as one alone. Resolves once that is done. `work` must not wait for anything; where another
   * one's fails, it is run again.
   */
  grouped<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let outcome: T | null = null;
      this.#group.push({
        run: () => {
          outcome = work();
        },
        settle: () => resolve(outcome as T),
        reject,
      });
      if (this.#group.length === 1) setImmediate(() => this.#flush());
    });
  }

  /** Proves that the file can be written: rejects like any other write if not. */
  probe(at: Instant): void {
    this.run('UPDATE last_probe SET at = ?', at);
  }

  close(): void {
    if (!this.#database.open) return;
    while (this.#group.length > 0) this.#flush();
    this.#statements.clear();
    this.#database.close();
  }

  #flush(): void {
    const group = this.#group.splice(0, MOST_TOGETHER);
    if (this.#group.length > 0) setImmediate(() => this.#flush());
    let stage: 'to-begin' | 'begun' = 'to-begin';
    try {
      this.transaction(() => {
        stage = 'begun';
        for (const { run } of group) run();
      });
    } catch (error) {
      // Nothing of it was kept. Where another process keeps the file locked, each alone would wait for it as long again.
      if (stage === 'to-begin' || group.length === 1) return group.forEach(({ reject }) => reject(error));
      // Each alone, so that one that can't be done does not take the others with it.
      return group.forEach((member) => this.#runAlone(member));
    }
    for (const { settle } of group) settle();
  }

  #runAlone({ run, settle, reject }: GroupMember): void {
    try {
      this.transaction(run);
    } catch (error) {
      return reject(error);
    }
    settle();
  }

  #statement(sql: string): Database.Statement<SqlValue[]> {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare<SqlValue[]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** SQLite's own words, and the file they are about. */
  #named(error: unknown): unknown {
    const code = sqliteCode(error);
    if (code === null || !(error instanceof Error)) return error;
    const message = `${this.file}: ${error.message}`;
    return TRANSIENT_CODES.has(code)
      ? new Unavailable(message, null, { cause: error })
      : new Error(message, { cause: error });
  }
}
