/** What GitHub's answers say of its limits: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit. */
import type { RateLimit } from '../../ports/metrics.js';

/** Null where one of the headers is missing or no number: Enterprise Servers can be without limits. */
export function rateLimitOf(headers: Headers): RateLimit | null {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => headers.get(`x-ratelimit-${name}`));
  if (!isCount(limit) || !isCount(remaining) || !isCount(reset)) return null;
  return {
    resource: headers.get('x-ratelimit-resource') ?? 'core',
    limit: Number(limit),
    remaining: Number(remaining),
    resetAt: Number(reset) * 1000,
  };
}

function isCount(text: string | null | undefined): text is string {
  return typeof text === 'string' && /^\d{1,12}$/.test(text);
}
