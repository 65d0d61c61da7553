/** Turns what GitHub or the network answered into the two things that are thrown on purpose: come again later, or you may not. */
import type { Instant } from '../../core/ids.js';
import { Forbidden, Unavailable } from '../../core/problem.js';

/** As Octokit throws it: `status` 500 without `response` means that no answer came. */
export interface GithubFailure {
  readonly status: number;
  readonly message: string;
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>;
    readonly data: unknown;
  };
}

/** The repository is not there, or the bot was not given it: reads that may answer "not there" say so instead of throwing it. */
export class NotGiven extends Forbidden {}

export function isGithubFailure(error: unknown): error is GithubFailure {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}

/** True when GitHub answered with exactly this status. */
export function answered(error: unknown, status: number): error is GithubFailure {
  return isGithubFailure(error) && error.status === status && error.response !== undefined;
}

/** GitHub's own words: its message and the messages of its `errors`, at most 300 characters. */
export function wordsOf(failure: GithubFailure): string {
  const data: unknown = failure.response?.data;
  const message = member(data, 'message');
  const errors = member(data, 'errors');
  const parts = [
    typeof message === 'string' ? message : failure.message,
    ...(Array.isArray(errors) ? errors : []).map((one: unknown) =>
      typeof one === 'string' ? one : member(one, 'message'),
    ),
  ];
  return parts
    .filter((one) => typeof one === 'string' && one !== '')
    .join('; ')
    .slice(0, 300);
}

/**
 * The problem to throw for a failed request. `what` continues "GitHub was asked to …" and names the repository. Neither the
 * failure nor its request is attached as a cause: they hold headers and bodies.
 */
export function problemOf(what: string, error: unknown, now: Instant): Error {
  if (error instanceof Unavailable || error instanceof Forbidden) return error;
  if (!isGithubFailure(error))
    return error instanceof Error ? error : new Error(`GitHub was asked to ${what}: ${String(error)}`);
  if (error.response === undefined)
    return new Unavailable(`GitHub was asked to ${what} and did not answer: ${error.message.slice(0, 300)}`);
  if (isRateLimited(error))
    return new Unavailable(`GitHub was asked to ${what}: ${wordsOf(error)}`, retryAtOf(error, now));
  if (error.status >= 500)
    return new Unavailable(`GitHub was asked to ${what} and answered ${error.status}`, retryAtOf(error, now));
  return refusalOf(what, error);
}

function refusalOf(what: string, failure: GithubFailure): Error {
  const asked = `GitHub was asked to ${what}`;
  const words = wordsOf(failure);
  switch (failure.status) {
    case 401:
      return new Forbidden(`${asked} and did not accept the bot's credentials`);
    case 403:
      return new Forbidden(`${asked} and refused: ${words}${missing(failure)}`);
    case 404:
      return new Forbidden(`${asked}: it is not there, or the bot was not given it`);
    case 422:
      return isRule(words)
        ? new Forbidden(`${asked} and refused: ${words}`)
        : new Error(`${asked}, which is not valid: ${words}`);
    default:
      return new Error(`${asked} and answered ${failure.status}: ${words}`);
  }
}

/** Sentences of branch protection, rulesets and limits that come as 422. */
function isRule(words: string): boolean {
  return /protected (branch|ref)|rule violation|not authorized|cannot (delete|force-push)|maximum number of statuses/i.test(
    words,
  );
}

/** True when it can't be told from the failure whether the write happened. */
export function isAmbiguous(error: unknown): boolean {
  return isGithubFailure(error) && (error.response === undefined || error.status >= 500);
}

/**
 * Primary limit: 403 or 429 with `x-ratelimit-remaining: 0`. Secondary limit: 403 or 429 whose message says so, usually with
 * `retry-after`. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function isRateLimited(failure: GithubFailure): boolean {
  if (failure.status === 429) return true;
  if (failure.status !== 403) return false;
  const headers = failure.response?.headers ?? {};
  return (
    String(headers['x-ratelimit-remaining']) === '0' ||
    headers['retry-after'] !== undefined ||
    /secondary rate limit|rate limit exceeded|abuse detection/i.test(wordsOf(failure))
  );
}

/** Until when GitHub takes no more of this account; null if that is not why it failed. Without a time it asks for a minute at least. */
export function refusedUntil(error: unknown, now: Instant): Instant | null {
  if (!isGithubFailure(error) || error.response === undefined || !isRateLimited(error)) return null;
  return retryAtOf(error, now) ?? now + 60_000;
}

function retryAtOf(failure: GithubFailure, now: Instant): Instant | null {
  const headers = failure.response?.headers ?? {};
  const seconds = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(seconds)) return now + seconds * 1000;
  const reset = Number(headers['x-ratelimit-reset']);
  return String(headers['x-ratelimit-remaining']) === '0' && Number.isFinite(reset) ? reset * 1000 : null;
}

/** `contents=write` and the like, as GitHub names what would have been needed. */
function missing(failure: GithubFailure): string {
  const needed = failure.response?.headers['x-accepted-github-permissions'];
  return typeof needed === 'string' && needed !== '' ? ` (needs the permission ${needed.slice(0, 100)})` : '';
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
