/** The cache in lockkeeper.sqlite: the values that were put last, up to a number of them. */
import type { Cache } from '../../ports/store.js';
import type { SqliteConnection } from './sqlite-connection.js';

const MOST_VALUES = 10_000;

export class SqliteCache implements Cache {
  readonly #store: SqliteConnection;
  readonly #mostValues: number;

  constructor(store: SqliteConnection, mostValues: number = MOST_VALUES) {
    this.#store = store;
    this.#mostValues = mostValues;
  }

  async get(key: string): Promise<string | null> {
    const row = this.#store.row('SELECT value FROM cache WHERE key = ?', key);
    // JSON keeps every character: libsql cuts text at a NUL.
    return row && (JSON.parse(row.text('value')) as string);
  }

  async put(key: string, value: string): Promise<void> {
    this.#store.transaction(() => {
      // Replacing makes a new row, whose place is the last: what is left to forget is what was put longest ago.
      this.#store.run('INSERT OR REPLACE INTO cache (key, value) VALUES (?, ?)', key, JSON.stringify(value));
      this.#store.run('DELETE FROM cache WHERE place <= (SELECT max(place) FROM cache) - ?', this.#mostValues);
    });
  }
}
