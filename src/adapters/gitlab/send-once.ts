/**
 * Gitbeaker's requester, replaced. The stock one re-sends ten times within 0.3 s after 429 and 502 (POSTs too) and ignores
 * `Retry-After`; this one sends each request once and says when GitLab asked to be called again.
 */
import {
  defaultOptionsHandler,
  type DefaultRequestOptions,
  type FormattedResponse,
  type RequesterType,
  type RequestOptions,
  type ResourceOptions,
  type ResponseBodyTypes,
} from '@gitbeaker/requester-utils';
import { Unavailable } from '../../core/problem.js';
import type { Clock } from '../../ports/clock.js';
import type { Cache } from '../../ports/store.js';
import { GitlabRefusal } from './gitlab-refusal.js';
import { NOTHING_KEPT, readAnswer } from './kept-reading.js';
import { askedToRetryAt } from './retry-at.js';

export interface SendingSettings {
  /** For one request with its answer, in ms. */
  readonly timeout: number;
  readonly clock: Clock;
  /** Taken out of everything that GitLab or a proxy says before it is repeated in a message. */
  readonly secrets: readonly string[];
  /** Where answers are kept with their ETags, so that reads can be conditional; absent: none are. */
  readonly answers?: Cache;
  /** Told of every answer; null: none came. */
  readonly onAnswer?: (answer: { readonly status: number; readonly headers: Headers } | null) => void;
}

const WORDS_LIMIT = 300;

/** Request Timeout, Too Early, Too Many Requests: the same request may be answered later. */
const TRANSIENT = [408, 425, 429];

export function sendOnce(settings: SendingSettings): (service: ResourceOptions) => RequesterType {
  return (service) => {
    const verb =
      (method: string) =>
      async <T extends ResponseBodyTypes>(endpoint: string, options?: DefaultRequestOptions) => {
        const request = await defaultOptionsHandler(service, { ...options, method });
        return (await send(endpoint, request, settings)) as FormattedResponse<T>;
      };
    return { get: verb('GET'), post: verb('POST'), put: verb('PUT'), patch: verb('PATCH'), delete: verb('DELETE') };
  };
}

async function send(endpoint: string, request: RequestOptions, settings: SendingSettings): Promise<FormattedResponse> {
  const url = addressOf(endpoint, request);
  const what = `${request.method ?? 'GET'} ${url.pathname}`;
  const reading = settings.answers === undefined ? NOTHING_KEPT : await readAnswer(settings.answers, url, request);
  const conditional = { ...request, headers: { ...headersOf(request), ...reading.headers } };
  const { response, text } = await exchange(url, conditional, { what, settings });
  const unchanged = response.status === 304 ? reading.unchanged(response.headers) : null;
  if (unchanged !== null)
    return { status: 200, headers: unchanged.headers, body: JSON.parse(unchanged.body) as ResponseBodyTypes };
  if (!response.ok) throw failure(response, { what, url, text, settings });
  // Cut short on the way: what was asked for may be done, and was not told. Only a deletion has nothing to say.
  if (text === '' && response.status !== 204 && request.method !== 'DELETE')
    throw new Unavailable(`${what}: the answer of GitLab is empty`);
  const body = bodyOf(response, text, what);
  if (response.status === 200) await reading.keep(response.headers, text);
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

function headersOf({ headers }: RequestOptions): Readonly<Record<string, string>> {
  return Object.fromEntries(new Headers(headers ?? {}));
}

function addressOf(endpoint: string, request: RequestOptions): URL {
  const prefix = request.prefixUrl ?? '';
  const url = new URL(endpoint, prefix.endsWith('/') ? prefix : `${prefix}/`);
  url.search = request.searchParams ?? '';
  return url;
}

async function exchange(
  url: URL,
  request: RequestOptions,
  context: { readonly what: string; readonly settings: SendingSettings },
): Promise<{ readonly response: Response; readonly text: string }> {
  try {
    const response = await fetch(url, {
      method: request.method ?? 'GET',
      headers: request.headers ?? {},
      ...(typeof request.body === 'string' ? { body: request.body } : {}),
      signal: AbortSignal.timeout(context.settings.timeout),
      // A redirect to another host would carry the token there: `fetch` only drops the headers it knows.
      redirect: 'manual',
    });
    const text = await response.text();
    context.settings.onAnswer?.(response);
    return { response, text };
  } catch (error) {
    context.settings.onAnswer?.(null);
    if (!(error instanceof Error)) throw error;
    throw new Unavailable(`${context.what}: ${transportWords(error, context.settings)}`, null, { cause: error });
  }
}

function transportWords(error: Error, settings: SendingSettings): string {
  if (error.name === 'TimeoutError') return `no answer from GitLab within ${settings.timeout} ms`;
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return withoutSecrets(`GitLab could not be reached (${error.message}${cause})`, settings);
}

function bodyOf(response: Response, text: string, what: string): ResponseBodyTypes {
  if (response.status === 204 || text === '') return null;
  try {
    const parsed: ResponseBodyTypes = JSON.parse(text);
    return parsed;
  } catch (error) {
    const type = response.headers.get('content-type') ?? 'no content type';
    throw new Unavailable(`${what}: the answer (${type}) is not JSON; is GITLAB_URL the address of a GitLab?`, null, {
      cause: error,
    });
  }
}

interface FailedExchange {
  readonly what: string;
  readonly url: URL;
  readonly text: string;
  readonly settings: SendingSettings;
}

function failure(response: Response, exchanged: FailedExchange): Unavailable | GitlabRefusal {
  const { what, settings } = exchanged;
  const { status } = response;
  const words = withoutSecrets(gitlabWords(exchanged.text), settings);
  if (status >= 500 || TRANSIENT.includes(status)) {
    const retryAt = askedToRetryAt(status, response.headers, settings.clock.now());
    return new Unavailable(`${what}: GitLab answered ${status}${words === '' ? '' : ` (${words})`}`, retryAt);
  }
  if (status < 400) return redirected(response, exchanged);
  return new GitlabRefusal(refusalSentence(status, what, words), status, words);
}

function refusalSentence(status: number, what: string, words: string): string {
  const quoted = words === '' ? '' : `: ${words}`;
  if (status === 401) return `GitLab does not accept the bot's token for ${what} (401${quoted})`;
  if (status === 403) return `GitLab does not allow the bot ${what} (403${quoted})`;
  return `GitLab refused ${what} (${status}${quoted})`;
}

/** A moved project answers with its new address: under the name we asked for it is gone. */
function redirected(response: Response, { what, url }: FailedExchange): GitlabRefusal {
  const location = response.headers.get('location');
  const target = location !== null && URL.canParse(location, url.href) ? new URL(location, url) : url;
  if (target.origin === url.origin) return new GitlabRefusal(`${what}: GitLab has moved it elsewhere`, 404, '');
  return new GitlabRefusal(
    `${what}: redirected to ${target.origin}; set GITLAB_URL to that address`,
    response.status,
    '',
  );
}

/** The `message` or `error` of a JSON answer; nothing of a proxy's error page. */
function gitlabWords(text: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return '';
  }
  if (typeof parsed !== 'object' || parsed === null) return '';
  const said = 'message' in parsed ? parsed.message : 'error' in parsed ? parsed.error : '';
  const words = typeof said === 'string' ? said : JSON.stringify(said);
  return words.length > WORDS_LIMIT ? `${words.slice(0, WORDS_LIMIT)}…` : words;
}

function withoutSecrets(words: string, settings: SendingSettings): string {
  return settings.secrets
    .filter((secret) => secret !== '')
    .reduce((text, secret) => text.replaceAll(secret, '***'), words);
}
