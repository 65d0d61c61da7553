/**
 * Answers of a forge that are kept with their ETag, so that the forge may say "unchanged" instead of sending them again.
 *
 * A kept answer is never served by itself: the forge is asked each time, and only its 304 of that moment brings it out. Worked example:
 * `GET /repos/acme/config/pulls?per_page=30` answered `W/"5f…"` with seven pull requests, fewer than a page. The next time the request
 * says `If-None-Match: W/"5f…"`; while nothing has changed the forge answers 304, which on GitHub costs nothing of the rate limit.
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
import { createHash } from 'node:crypto';

export interface KeptAnswer {
  readonly etag: string;
  /** Where the next page is, and whatever else paging needs. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as it came. */
  readonly body: string;
}

interface AnswerQuestion {
  /** As whom it is asked: what one account or installation was answered is never taken for another's. */
  readonly identity: string;
  readonly url: string;
  /** The media type that was asked for. */
  readonly accept: string;
}

/** Characters of the largest body that is kept: few answers are larger, and they are asked for anew. */
export const LARGEST_KEPT = 1024 * 1024;

/** The name under which an answer is kept. Holds nothing that could be read back, the identity may be made of a token. */
export function answerKey({ identity, url, accept }: AnswerQuestion): string {
  const question = JSON.stringify([identity, url, accept]);
  return `answer:${createHash('sha256').update(question).digest('base64url')}`;
}

/** What is to be kept of an answer, or null: it has no ETag, is too large, or its ETag would not tell all that may change. */
export function keptAnswer(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string | undefined>>; readonly body: string },
): KeptAnswer | null {
  const { etag } = headers;
  if (etag === undefined || etag === '' || body.length > LARGEST_KEPT) return null;
  const paging = pagingOf(headers);
  // The ETag is made of the body alone: a full last page stays the same when the list grows beyond it, and the "next" that came would
  // be missed with the answer.
  return isFullLastPage(url, body, paging) ? null : { etag, headers: paging, body };
}

/** The headers of a 304 win over those that were kept. */
export function mergedHeaders(
  kept: KeptAnswer,
  fresh: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return { ...kept.headers, ...defined(fresh), etag: kept.etag };
}

export function encodeAnswer(answer: KeptAnswer): string {
  return JSON.stringify(answer);
}

/** Null if it is not what {@link encodeAnswer} made. */
export function decodeAnswer(text: string): KeptAnswer | null {
  try {
    const value: unknown = JSON.parse(text);
    return isKeptAnswer(value) ? value : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    throw cause;
  }
}

function isKeptAnswer(value: unknown): value is KeptAnswer {
  if (typeof value !== 'object' || value === null) return false;
  if (!('etag' in value && 'headers' in value && 'body' in value)) return false;
  return typeof value.etag === 'string' && typeof value.body === 'string' && typeof value.headers === 'object';
}

function pagingOf(headers: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const wanted = Object.entries(defined(headers)).filter(([name]) =>
    /^(link|content-type|x-(next-|prev-)?page|x-per-page|x-total(-pages)?)$/.test(name),
  );
  return Object.fromEntries(wanted);
}

function defined(headers: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Of a page when the request does not say: the smaller of GitHub's 30 and GitLab's 20. */
const SMALLEST_PAGE = 20;

function isFullLastPage(url: string, body: string, headers: Readonly<Record<string, string>>): boolean {
  if (/rel="?next"?/.test(headers['link'] ?? '')) return false;
  const asked = Number(new URL(url).searchParams.get('per_page') ?? SMALLEST_PAGE);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 100) : SMALLEST_PAGE;
  return listsIn(body).some((list) => list.length >= size);
}

/** The answer itself, or lists right inside it (`check_runs`, `statuses`). */
function listsIn(body: string): readonly (readonly unknown[])[] {
  const value: unknown = JSON.parse(body);
  if (Array.isArray(value)) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).filter((each): each is unknown[] => Array.isArray(each));
}
