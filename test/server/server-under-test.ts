/** The real server on a free port, with a memory inbox, into which all is taken, and a small real webhook reader. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import type { ForgeKind } from '../../src/core/ids.js';
import type { Log } from '../../src/ports/log.js';
import type { WebhookReader, WebhookReading } from '../../src/ports/webhooks.js';
import { createServer } from '../../src/server/create-server.js';
import type { ServerOptions } from '../../src/server/server-options.js';

export const SECRET = 'a webhook secret';
export const TOKEN = 'an-api-token';

export function sign(body: string | Uint8Array, secret = SECRET): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** `x-signature` over the bytes, `x-id` and `x-event` as headers, `{"number": n}` as body; the event `ping` is ignored. */
export class HmacReader implements WebhookReader {
  readonly source: ForgeKind;

  constructor(source: ForgeKind) {
    this.source = source;
  }

  async read(headers: Readonly<Record<string, string | undefined>>, body: Buffer): Promise<WebhookReading> {
    const given = headers['x-signature'];
    if (given === undefined) return { kind: 'unsigned' };
    const [left, right] = [Buffer.from(given), Buffer.from(sign(body))];
    if (left.length !== right.length || !timingSafeEqual(left, right)) return { kind: 'bad-signature' };
    const number = numberIn(body.toString());
    if (number === null) return { kind: 'malformed', reason: 'The body is not JSON.' };
    const [id, name] = [headers['x-id'] ?? '', headers['x-event'] ?? ''];
    if (name === 'ping') return { kind: 'ignored', id, name };
    const repository = { forge: this.source, path: 'acme/config' } as const;
    return {
      kind: 'delivery',
      delivery: { id, source: this.source, name, event: { kind: 'pull-request', repository, number } },
    };
  }
}

function numberIn(text: string): number | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'number' in value ? Number(value.number) : null;
  } catch {
    return null;
  }
}

/** Remembers every line with its fields. */
export class RecordedLog implements Log {
  readonly lines: string[];
  readonly #fields: object;

  constructor(lines: string[] = [], fields: object = {}) {
    this.lines = lines;
    this.#fields = fields;
  }

  debug(fields: object, message: string): void {
    this.#add('debug', fields, message);
  }
  info(fields: object, message: string): void {
    this.#add('info', fields, message);
  }
  warn(fields: object, message: string): void {
    this.#add('warn', fields, message);
  }
  error(fields: object, message: string): void {
    this.#add('error', fields, message);
  }
  child(fields: object): Log {
    return new RecordedLog(this.lines, { ...this.#fields, ...fields });
  }

  #add(level: string, fields: object, message: string): void {
    this.lines.push(`${level} ${message} ${JSON.stringify({ ...this.#fields, ...fields })}`);
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export class ServerUnderTest {
  readonly server: FastifyInstance;
  readonly inbox: MemoryInbox;
  readonly clock = new ManualClock(1_000);
  readonly log = new RecordedLog();
  readonly url: string;

  private constructor(server: FastifyInstance, parts: Pick<ServerUnderTest, 'inbox' | 'clock' | 'log'>) {
    this.server = server;
    this.inbox = parts.inbox;
    this.clock = parts.clock;
    this.log = parts.log;
    this.url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  }

  static async start(change: Partial<ServerOptions> = {}): Promise<ServerUnderTest> {
    const clock = new ManualClock(1_000);
    const inbox = new MemoryInbox(new MemoryWorkQueue({ clock }));
    const parts = { inbox, clock, log: new RecordedLog() };
    const server = createServer({
      readers: [new HmacReader('github'), new HmacReader('gitlab')],
      inbox: parts.inbox,
      clock: parts.clock,
      log: parts.log,
      apiToken: TOKEN,
      takeIn: (delivery) => inbox.record(delivery),
      readiness: async () => [{ name: 'store', state: 'ready', detail: 'It can be written.' }],
      version: '0.1.0-test',
      ...change,
    });
    await server.listen({ host: '127.0.0.1', port: 0 });
    return new ServerUnderTest(server, parts);
  }

  async request(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
  }

  webhook(body: string, headers: Record<string, string> = {}, forge: ForgeKind = 'github'): Promise<Answer> {
    return this.request(`/api/${forge}/webhooks`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-id': 'd1', 'x-event': 'pull_request', ...headers },
    });
  }

  /** Signed as it should be. */
  signed(body: string, headers: Record<string, string> = {}, forge: ForgeKind = 'github'): Promise<Answer> {
    return this.webhook(body, { 'x-signature': sign(body), ...headers }, forge);
  }

  bump(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request('/api/v1/bumps', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });
  }

  /** Ends this one and starts another with other choices. */
  async restart(change: Partial<ServerOptions>): Promise<ServerUnderTest> {
    await this.stop();
    return ServerUnderTest.start(change);
  }

  stop(): Promise<void> {
    return this.server.close();
  }
}
