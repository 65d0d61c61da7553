/** Gets what the server's settings allow, redirects too only to what they allow. */
import { ALLOWING_SETTING, isAllowed, type AllowedPlace } from '../../core/plan/remote/allowance.js';
import { showReference } from '../../core/plan/dependencies/remote-reference.js';
import type { GetAnswer, GetRequest, HttpsGet } from './https-get.js';

export type Got =
  | Extract<GetAnswer, { kind: 'answered' }>
  | { readonly kind: 'not-allowed'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

export interface AllowedGetOptions {
  readonly get: HttpsGet;
  readonly allowed: readonly AllowedPlace[];
}

const MOST_REDIRECTS = 5;

/**
 * `asked`: what the settings must allow in place of the address itself; a registry's chart is asked for by several addresses. Answers of
 * whatever status but redirects. What came with one request (a token) is not sent to where it redirects.
 */
export async function allowedGet(
  { get, allowed }: AllowedGetOptions,
  { url, headers, maxBytes, asked = url }: GetRequest & { readonly asked?: string },
): Promise<Got> {
  if (!isAllowed(allowed, asked)) return { kind: 'not-allowed', message: notAllowed(asked) };
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const answer = await get({ url: at, headers: redirects === 0 ? headers : withoutAuthorization(headers), maxBytes });
    if (answer.kind === 'failed') return { kind: 'failed', message: `${showReference(at)} ${answer.why}` };
    const to = redirectOf(answer, at);
    if (to === null) return answer;
    if (!isAllowed(allowed, to))
      return { kind: 'not-allowed', message: `${showReference(at)} redirects, and ${notAllowed(to)}` };
    at = to;
  }
  return { kind: 'failed', message: `${showReference(url)} redirects more than ${MOST_REDIRECTS} times` };
}

/** For people: the address without what may be secret in it, and the setting. */
export function notAllowed(url: string): string {
  return `${showReference(url)} is not among the places that this server allows (${ALLOWING_SETTING})`;
}

function redirectOf({ status, headers }: Extract<GetAnswer, { kind: 'answered' }>, from: string): string | null {
  const to = headers['location'];
  if (![301, 302, 303, 307, 308].includes(status) || to === undefined || !URL.canParse(to, from)) return null;
  return new URL(to, from).href;
}

function withoutAuthorization(headers: GetRequest['headers']): GetRequest['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'authorization'));
}
