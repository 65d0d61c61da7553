/** A cache in lockkeeper.sqlite: the values that were put last, up to a number and a size of them. */
import { CACHE_LIMITS, type Cache, type CacheLimits } from '../../ports/store.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** Each table is a cache of its own. */
type CacheTable = 'cache' | 'answers';

export class SqliteCache implements Cache {
  readonly #store: SqliteConnection;
  readonly #limits: CacheLimits;
  readonly #table: CacheTable;

  constructor(store: SqliteConnection, limits: CacheLimits = CACHE_LIMITS, table: CacheTable = 'cache') {
    this.#store = store;
    this.#limits = limits;
    this.#table = table;
  }

  async get(key: string): Promise<string | null> {
    const row =
      this.#store.row(`SELECT value FROM ${this.#table} WHERE key = ?`, key) ??
      this.#store.row('SELECT value FROM lasting WHERE key = ?', this.#lastingKey(key));
    // JSON keeps every character: libsql cuts text at a NUL.
    return row && (JSON.parse(row.text('value')) as string);
  }

  async put(key: string, value: string, stay?: 'lasting'): Promise<void> {
    if (stay === 'lasting') {
      const row = [this.#lastingKey(key), JSON.stringify(value)];
      this.#store.run('INSERT OR REPLACE INTO lasting (key, value) VALUES (?, ?)', ...row);
      return;
    }
    this.#store.transaction(() => {
      const before = this.#sizeOf('key = ?', key);
      // Replacing makes a new row, whose place is the last: what is left to forget is what was put longest ago.
      this.#store.run(`INSERT OR REPLACE INTO ${this.#table} (key, value) VALUES (?, ?)`, key, JSON.stringify(value));
      this.#count(this.#sizeOf('key = ?', key) - before);
      this.#forgetSurplus();
    });
  }

  /** Within a transaction. */
  #forgetSurplus(): void {
    const { values, bytes } = this.#limits;
    const last = this.#store.row(`SELECT max(place) AS place FROM ${this.#table}`)?.integer('place') ?? 0;
    this.#forget('place <= ?', last - values);
    for (let size = this.#bytes(); size > bytes; size = this.#bytes()) {
      const oldest = this.#store.row(`SELECT min(place) AS place FROM ${this.#table}`)?.integer('place') ?? last;
      if (oldest >= last) return;
      this.#forget('place = ?', oldest);
    }
  }

  #forget(which: 'place <= ?' | 'place = ?', place: number): void {
    const size = this.#sizeOf(which, place);
    if (this.#store.run(`DELETE FROM ${this.#table} WHERE ${which}`, place) > 0) this.#count(-size);
  }

  #sizeOf(which: 'key = ?' | 'place <= ?' | 'place = ?', value: string | number): number {
    const query = `SELECT coalesce(sum(length(value)), 0) AS size FROM ${this.#table} WHERE ${which}`;
    return this.#store.row(query, value)?.integer('size') ?? 0;
  }

  #bytes(): number {
    return this.#store.row('SELECT bytes FROM cache_bytes WHERE name = ?', this.#table)?.integer('bytes') ?? 0;
  }

  #count(change: number): void {
    this.#store.run('UPDATE cache_bytes SET bytes = bytes + ? WHERE name = ?', change, this.#table);
  }

  #lastingKey(key: string): string {
    return `${this.#table} ${key}`;
  }
}
