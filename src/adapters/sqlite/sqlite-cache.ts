/** A cache in lockkeeper.sqlite: the values that were put last, up to a number of them. */
import type { Cache } from '../../ports/store.js';
import type { SqliteConnection } from './sqlite-connection.js';

const MOST_VALUES = 10_000;

/** Each table is a cache of its own. */
type CacheTable = 'cache' | 'answers';

export class SqliteCache implements Cache {
  readonly #store: SqliteConnection;
  readonly #mostValues: number;
  readonly #table: CacheTable;

  constructor(store: SqliteConnection, mostValues: number = MOST_VALUES, table: CacheTable = 'cache') {
    this.#store = store;
    this.#mostValues = mostValues;
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
      // Replacing makes a new row, whose place is the last: what is left to forget is what was put longest ago.
      this.#store.run(`INSERT OR REPLACE INTO ${this.#table} (key, value) VALUES (?, ?)`, key, JSON.stringify(value));
      const table = this.#table;
      this.#store.run(`DELETE FROM ${table} WHERE place <= (SELECT max(place) FROM ${table}) - ?`, this.#mostValues);
    });
  }

  #lastingKey(key: string): string {
    return `${this.#table} ${key}`;
  }
}
