/** What a request of the bot's comes back with when something on its way goes wrong. */
import { FORGE_ADDRESS } from '../ground.js';
import type { BotRequest, RequestFault } from './reach.js';

export interface ForgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer of a request that never reaches the forge, or null: it does. */
export function answerBefore(fault: RequestFault): (() => Response) | null {
  switch (fault.kind) {
    case 'status':
      return () =>
        new Response('{"message":"Fault on demand"}', {
          status: fault.status,
          headers: { 'content-type': 'application/json', ...fault.headers },
        });
    case 'reset':
      return () => {
        throw lostConnection();
      };
    case 'time-out':
      return () => {
        throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
      };
    default:
      return null;
  }
}

/** What the bot hears of what the forge answered. */
export function answerAfter(request: BotRequest, answer: ForgeAnswer, fault: RequestFault | null): Response {
  if (fault?.kind === 'act-then-reset') throw lostConnection();
  const status = fault?.kind === 'act-then-status' ? fault.status : answer.status;
  const isEmpty = fault?.kind === 'empty-body' || answer.body === '' || status === 204 || status === 304;
  const text = fault?.kind === 'act-then-status' ? '{"message":"Server Error"}' : answer.body;
  const init = { status, headers: withoutLength(answer.headers) };
  return new WholeResponse(isEmpty ? '' : text, init, `${FORGE_ADDRESS}${request.path}`);
}

/** An answer that is all there: read without a stream, which costs more than the forge's work. */
class WholeResponse extends Response {
  override readonly url: string;
  override readonly text: () => Promise<string>;
  override readonly json: () => Promise<unknown>;
  override readonly arrayBuffer: () => Promise<ArrayBuffer>;

  constructor(whole: string, init: ResponseInit, url: string) {
    super(null, init);
    this.url = url;
    this.text = async () => whole;
    this.json = async () => JSON.parse(whole) as unknown;
    this.arrayBuffer = async () => new TextEncoder().encode(whole).buffer;
  }
}

function lostConnection(): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) });
}

function withoutLength(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !['content-length', 'connection', 'transfer-encoding'].includes(name)),
  );
}

export function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
