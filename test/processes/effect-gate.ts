/**
 * Stands between the bot and the forge's API and holds each effect, a request that changes the forge, before the forge hears of it and
 * after it has acted: a test kills the bot there.
 */
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Method and path, without what differs from one effect of its kind to the next. */
export type EffectKind = string;

export type Boundary = 'before' | 'after';

export interface EffectWatcher {
  /** Resolves when the request may go on. `dead`: who sent it is no more, and it goes no further. */
  at(boundary: Boundary, effect: EffectKind): Promise<'go-on' | 'dead'>;
}

interface ForgeAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class EffectGate {
  readonly #server: Server;

  private constructor(
    private readonly forgeUrl: string,
    private readonly watcher: EffectWatcher,
  ) {
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(forgeUrl: string, watcher: EffectWatcher): Promise<EffectGate> {
    const gate = new EffectGate(forgeUrl, watcher);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const effect = effectKind(request);
    if (effect !== null && (await this.watcher.at('before', effect)) === 'dead') return void response.destroy();
    const answer = await this.#ask(request, body);
    if (effect !== null && (await this.watcher.at('after', effect)) === 'dead') return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  async #ask(request: IncomingMessage, body: string): Promise<ForgeAnswer> {
    const { method = 'GET', headers } = request;
    const sent = send(new URL(request.url ?? '/', this.forgeUrl), { method, headers });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const { 'transfer-encoding': _chunked, ...others } = answer.headers;
    return { status: answer.statusCode ?? 502, headers: others, body: await text(answer) };
  }
}

/** Null: it changes nothing. */
function effectKind({ method = 'GET', url = '/' }: IncomingMessage): EffectKind | null {
  if (method === 'GET' || method === 'HEAD' || url.includes('/access_tokens')) return null;
  const path = url.replace(/\?.*$/, '').replace(/^\/api\/v\d/, '');
  const kind = path
    .replace(/^\/(repos\/[^/]+\/[^/]+|projects\/[^/]+)/, '')
    .replace(/\/(\d+|[0-9a-f]{40})(?=\/|$)/g, '/N')
    .replace(/(\/git\/refs\/heads|\/repository\/branches)(\/|%2F).*/, '$1/BRANCH');
  return `${method} ${kind}`;
}
