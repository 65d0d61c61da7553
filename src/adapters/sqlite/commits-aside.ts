/**
 * A connection on which groups of writes are made, and committed by another thread: while the disk takes its time, requests go on being read
 * and answered. Reads, and writes that are made at once, are the business of the first connection to the file.
 *
 * Of a group only the commit is done aside. Were its beginning too, the write lock would be held while this thread may be waiting for it on
 * the other connection.
 */
import Database from 'libsql/promise';
import type { CommitPlace, SqlValue } from './group-commit.js';
import { namedSqliteError } from './sqlite-error.js';

/** libsql's declarations leave out what it answers. In one list: it takes values one by one, too, but flattens them first. */
interface Statement {
  run(values: readonly SqlValue[]): { readonly changes: number };
}

type OpenDatabase = Database & { readonly inTransaction: boolean };

interface AsideOptions {
  readonly file: string;
  /** How long, in ms, the beginning of a group waits for another connection's write before it fails. */
  readonly busyTimeout?: number;
  /** All that groups are made of. */
  readonly statements: readonly string[];
}

const BUSY_TIMEOUT = 5_000;
const [BEGIN, COMMIT, ROLLBACK] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'];

export class CommitsAside implements CommitPlace {
  readonly #file: string;
  readonly #database: OpenDatabase;
  readonly #statements: Map<string, Statement>;

  private constructor(file: string, database: OpenDatabase, statements: Map<string, Statement>) {
    this.#file = file;
    this.#database = database;
    this.#statements = statements;
  }

  /** The file is there, with its tables. */
  static async open({ file, busyTimeout = BUSY_TIMEOUT, statements }: AsideOptions): Promise<CommitsAside> {
    try {
      const database = new Database(file, { timeout: busyTimeout }) as OpenDatabase;
      // A write that was answered must survive a power cut: in WAL mode only FULL flushes at every commit.
      await database.exec('PRAGMA synchronous = FULL');
      const prepared = new Map<string, Statement>();
      for (const sql of [BEGIN, ROLLBACK, ...statements]) prepared.set(sql, (await database.prepare(sql)) as Statement);
      return new CommitsAside(file, database, prepared);
    } catch (error) {
      throw namedSqliteError(error, file);
    }
  }

  begin(): void {
    this.run(BEGIN);
  }

  run(sql: string, ...values: SqlValue[]): number {
    const statement = this.#statements.get(sql);
    if (statement === undefined) throw new Error(`A statement was not prepared for groups: ${sql}`);
    try {
      return statement.run(values).changes;
    } catch (error) {
      throw namedSqliteError(error, this.#file);
    }
  }

  async commit(): Promise<void> {
    try {
      await this.#database.exec(COMMIT);
    } catch (error) {
      throw namedSqliteError(error, this.#file);
    }
  }

  rollback(): void {
    if (this.#database.inTransaction) this.run(ROLLBACK);
  }

  /** A commit that is under way is finished all the same. */
  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}
