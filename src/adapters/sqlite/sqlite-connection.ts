/** One connection to one SQLite file: prepared statements, transactions, and what its failures mean. */
import Database from 'libsql';
import type { Instant } from '../../core/ids.js';
import type { CommitsAside } from './commits-aside.js';
import { GroupCommit, type CommitPlace, type SqlValue, type SqlWriter } from './group-commit.js';
import { namedSqliteError } from './sqlite-error.js';

/** Takes its values in one list: libsql takes them one by one, too, but flattens them first, which costs as much as to bind them. */
type Statement = Database.Statement<[readonly SqlValue[]]>;

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

export class SqliteConnection implements SqlWriter {
  readonly file: string;
  readonly #database: Database.Database;
  readonly #groups: GroupCommit;
  #aside: CommitsAside | null = null;
  readonly #statements = new Map<string, Statement>();

  /** @param busyTimeout how long, in ms, a call waits for another connection's write before it fails */
  constructor(file: string, busyTimeout: number) {
    this.file = file;
    this.#database = new Database(file, { timeout: busyTimeout });
    this.#groups = new GroupCommit(this.#place());
  }

  /** Groups are written on that connection from now on, which is closed with this one. */
  commitOn(aside: CommitsAside): void {
    this.#aside = aside;
    this.#groups.moveTo(aside);
  }

  /**
   * All rows at once. Reading to the end is what ends SQLite's read transaction: a statement left in the middle would go on
   * seeing the file as it was.
   */
  rows(sql: string, ...values: SqlValue[]): readonly SqlRow[] {
    const found = this.#guard(() => this.#statement(sql).all(values));
    return found.map((row) => new SqlRow(Object(row) as Record<string, unknown>));
  }

  /** The first row, or null. For statements that read. */
  row(sql: string, ...values: SqlValue[]): SqlRow | null {
    return this.rows(sql, ...values)[0] ?? null;
  }

  /** Returns how many rows were changed. */
  run(sql: string, ...values: SqlValue[]): number {
    return this.#guard(() => this.#statement(sql).run(values).changes);
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
   * Runs `work` in one transaction with what else is asked for at the time, in the order of asking. Resolves once it is durable. `work` must not
   * wait for anything, writes by what it is given only, and may be run twice.
   */
  grouped<T>(work: (writer: SqlWriter) => T): Promise<T> {
    return this.#groups.add(work);
  }

  /** Proves that the file can be written: rejects like any other write if not. */
  probe(at: Instant): void {
    this.run('UPDATE last_probe SET at = ?', at);
  }

  close(): void {
    if (!this.#database.open) return;
    // Here, where what is committed is durable at once.
    this.#groups.moveTo(this.#place());
    this.#groups.flush();
    this.#aside?.close();
    this.#statements.clear();
    this.#database.close();
  }

  #place(): CommitPlace {
    return {
      begin: () => this.execute('BEGIN IMMEDIATE'),
      run: (sql, ...values) => this.run(sql, ...values),
      commit: () => this.execute('COMMIT'),
      rollback: () => {
        if (this.#database.inTransaction) this.execute('ROLLBACK');
      },
    };
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare<[readonly SqlValue[]]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw namedSqliteError(error, this.file);
    }
  }
}
