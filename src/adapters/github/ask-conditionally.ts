/**
 * Lets a client's reads be conditional: each is sent with the ETag of the answer before it, and a 304 brings that answer back.
 *
 * The outermost hook of the client, so that paging, pacing and re-sending see it like every answer. GitHub makes its ETags of the token
 * too: the token of an installation is another one every hour, and the first read after that comes whole.
 */
import type { ProbotOctokit } from 'probot';
import {
  answerKey,
  decodeAnswer,
  encodeAnswer,
  keptAnswer,
  mergedHeaders,
  type KeptAnswer,
} from '../../core/traffic/kept-answer.js';
import type { Cache } from '../../ports/store.js';
import { answered } from './errors.js';

/** `identity`: as whom the client asks; answers to one are never given to another. */
export function askConditionally<T extends ProbotOctokit>(client: T, cache: Cache, identity: string): T {
  client.hook.wrap('request', async (request, options) => {
    if (options.method !== 'GET') return request(options);
    const { url, headers } = client.request.endpoint(options);
    const key = answerKey({ identity, url, accept: String(headers.accept ?? '') });
    const kept = await keptUnder(cache, key);
    if (kept === null) return keep(cache, key, await request(options));
    // In place: the hooks further in see this very object, whatever they are called with.
    options.headers['if-none-match'] = kept.etag;
    try {
      return await keep(cache, key, await request(options));
    } catch (error) {
      if (!answered(error, 304)) throw error;
      const merged = mergedHeaders(kept, inText(error.response?.headers ?? {}));
      return { status: 200, url, headers: merged, data: JSON.parse(kept.body) as unknown };
    }
  });
  return client;
}

async function keptUnder(cache: Cache, key: string): Promise<KeptAnswer | null> {
  const text = await cache.get(key);
  return text === null ? null : decodeAnswer(text);
}

interface Answer {
  readonly status: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** Before anybody above reads the answer, for paging takes it apart. */
async function keep<T extends Answer>(cache: Cache, key: string, answer: T): Promise<T> {
  if (answer.status !== 200 || typeof answer.data !== 'object' || answer.data === null) return answer;
  if (answer.data instanceof ArrayBuffer) return answer;
  const kept = keptAnswer(answer.url, { headers: inText(answer.headers), body: JSON.stringify(answer.data) });
  if (kept !== null) await cache.put(key, encodeAnswer(kept));
  return answer;
}

function inText(
  headers: Readonly<Record<string, string | number | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value === undefined ? undefined : String(value)]),
  );
}
