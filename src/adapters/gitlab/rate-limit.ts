/** What GitLab's answers say of its limits: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers. */
import type { RateLimit } from '../../ports/metrics.js';

/**
 * Null where the instance has no limit for what was asked, or says nothing of it. The names of its limits (`RateLimit-Name`) are those of its
 * settings, so that they are left out: the tightest of all is told.
 */
export function rateLimitOf(headers: Headers): RateLimit | null {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`));
  if (!isCount(limit) || !isCount(remaining) || !isCount(reset)) return null;
  return { resource: 'default', limit: Number(limit), remaining: Number(remaining), resetAt: Number(reset) * 1000 };
}

function isCount(text: string | null | undefined): text is string {
  return typeof text === 'string' && /^\d{1,12}$/.test(text);
}
