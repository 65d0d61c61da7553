/** Faults of the API on demand: what a network or a tired forge does to requests, and when. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

export type HttpFaultEffect =
  /** Answers with a status and does nothing. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Does nothing and never answers; the client gives up. */
  | { readonly kind: 'time-out' }
  /** Does nothing and cuts the connection. */
  | { readonly kind: 'connection-reset' }
  /** Does what was asked and cuts the connection instead of answering. */
  | { readonly kind: 'act-then-lose-answer' }
  /** Does what was asked and answers 500 (or the given status). */
  | { readonly kind: 'act-then-500'; readonly status?: number };

export interface HttpFault {
  /** Any method when not given. */
  readonly method?: string;
  /** A path where `*` stands for any characters, such as `/api/v3/repos/acme/*` or `*merge`; compared without the query. */
  readonly path: string;
  /** Strikes first at the nth matching request from now, from 1; 1 when not given. */
  readonly nth?: number;
  /** How many requests it strikes; 1 when not given. */
  readonly times?: number;
  readonly effect: HttpFaultEffect;
}

interface Planned {
  readonly fault: HttpFault;
  readonly expression: RegExp;
  seen: number;
}

export class HttpFaults {
  private planned: Planned[] = [];

  plan(fault: HttpFault): void {
    const pattern = fault.path.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    this.planned.push({ fault, expression: new RegExp(`^${pattern.join('.*')}$`), seen: 0 });
  }

  clear(): void {
    this.planned = [];
  }

  /** Those that have not struck for the last time. */
  list(): readonly HttpFault[] {
    return this.planned.map((one) => one.fault);
  }

  /** Counts a request; the fault that strikes it, if any. */
  take(method: string, path: string): HttpFaultEffect | undefined {
    for (const one of this.planned) {
      if ((one.fault.method ?? method).toUpperCase() !== method || !one.expression.test(path)) continue;
      one.seen += 1;
      const first = one.fault.nth ?? 1;
      const last = first + (one.fault.times ?? 1) - 1;
      if (one.seen === last) this.planned = this.planned.filter((other) => other !== one);
      if (one.seen >= first) return one.fault.effect;
    }
    return undefined;
  }

  /** Makes the faults strike requests to paths that start with `/api/`. */
  register(server: FastifyInstance): void {
    const afterwards = new WeakMap<FastifyRequest, HttpFaultEffect>();
    server.addHook('onRequest', async (request, reply) => {
      const path = request.url.split('?')[0] ?? '';
      const effect = path.startsWith('/api/') ? this.take(request.method, path) : undefined;
      if (effect === undefined) return undefined;
      if (effect.kind === 'act-then-lose-answer' || effect.kind === 'act-then-500') {
        afterwards.set(request, effect);
        return undefined;
      }
      return strikeBefore(effect, request, reply);
    });
    server.addHook('onSend', async (request, reply, payload) => {
      const effect = afterwards.get(request);
      if (effect?.kind === 'act-then-lose-answer') {
        request.raw.socket.destroy();
        return payload;
      }
      if (effect?.kind !== 'act-then-500') return payload;
      reply
        .code(effect.status ?? 500)
        .header('content-type', 'application/json')
        .removeHeader('content-length');
      return JSON.stringify({ message: 'Server Error' });
    });
  }
}

function strikeBefore(
  effect: Exclude<HttpFaultEffect, { readonly kind: 'act-then-lose-answer' | 'act-then-500' }>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  switch (effect.kind) {
    case 'status':
      return reply
        .code(effect.status)
        .headers(effect.headers ?? {})
        .send(effect.body ?? { message: 'Fault on demand' });
    case 'connection-reset':
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    case 'time-out':
      return reply.hijack();
  }
}
