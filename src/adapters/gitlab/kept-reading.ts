/**
 * Lets reads be conditional: each is sent with the ETag of the answer before it, and a 304 brings that answer back. GitLab counts a 304 as
 * any other request; it spares it the sending, and us the reading.
 */
import { createHash } from 'node:crypto';
import type { RequestOptions } from '@gitbeaker/requester-utils';
import {
  answerKey,
  decodeAnswer,
  encodeAnswer,
  keptAnswer,
  mergedHeaders,
  type KeptAnswer,
} from '../../core/traffic/kept-answer.js';
import type { Cache } from '../../ports/store.js';

interface KeptReading {
  /** To be sent with the request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a 304 means; null where nothing was kept, for which GitLab answers none. */
  unchanged(fresh: Headers): { readonly headers: Readonly<Record<string, string>>; readonly body: string } | null;
  /** After a 200. */
  keep(headers: Headers, text: string): Promise<void>;
}

/** Of what is no reading, or where nothing is kept. */
export const NOTHING_KEPT: KeptReading = { headers: {}, unchanged: () => null, keep: async () => undefined };

export async function readAnswer(answers: Cache, url: URL, request: RequestOptions): Promise<KeptReading> {
  if ((request.method ?? 'GET') !== 'GET') return NOTHING_KEPT;
  const sent = new Headers(request.headers ?? {});
  // Made of the token itself, so that what one was shown is never taken for what another may see.
  const token = sent.get('private-token') ?? sent.get('authorization') ?? sent.get('job-token') ?? '';
  const identity = createHash('sha256').update(token).digest('hex');
  const key = answerKey({ identity, url: url.href, accept: sent.get('accept') ?? '' });
  const text = await answers.get(key);
  const kept: KeptAnswer | null = text === null ? null : decodeAnswer(text);
  return {
    headers: kept === null ? {} : { 'if-none-match': kept.etag },
    unchanged: (fresh) =>
      kept === null ? null : { headers: mergedHeaders(kept, Object.fromEntries(fresh)), body: kept.body },
    async keep(headers, body) {
      if (!isJson(headers)) return;
      const next = keptAnswer(url.href, { headers: Object.fromEntries(headers), body });
      if (next !== null) await answers.put(key, encodeAnswer(next));
    },
  };
}

function isJson(headers: Headers): boolean {
  return (headers.get('content-type') ?? '').includes('json');
}
