/** Connections to one Redis, each test with a prefix of its own. */
import { RedisConnection } from '../../src/adapters/bullmq/redis-connection.js';

export class RedisUnderTest {
  static #tests = 0;
  readonly #prefix = `test-${(RedisUnderTest.#tests += 1)}`;
  readonly #open: RedisConnection[] = [];

  constructor(private readonly url: string) {}

  get location(): { readonly url: string; readonly prefix: string } {
    return { url: this.url, prefix: this.#prefix };
  }

  async connect(): Promise<RedisConnection> {
    const store = new RedisConnection(this.location);
    await store.connect();
    this.#open.push(store);
    return store;
  }

  close(): void {
    for (const store of this.#open.splice(0)) store.close();
  }
}
