/** When a forge that refuses for now wants to be asked again. */
import type { Instant } from '../../core/ids.js';

const SECONDS = /^\d{1,9}$/;
const EPOCH_SECONDS = /^\d{1,12}$/;

/**
 * `Retry-After` (seconds, or an HTTP date) wins over GitLab's `RateLimit-Reset` (seconds since 1970), which comes with every answer and
 * says something about this one only if it is a 429. Null if nothing was said.
 * See https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers.
 */
export function askedToRetryAt(status: number, headers: Headers, now: Instant): Instant | null {
  const after = headers.get('retry-after');
  if (after !== null) {
    if (SECONDS.test(after)) return now + Number(after) * 1000;
    const date = Date.parse(after);
    if (!Number.isNaN(date)) return date;
  }
  const reset = status === 429 ? headers.get('ratelimit-reset') : null;
  return reset !== null && EPOCH_SECONDS.test(reset) ? Number(reset) * 1000 : null;
}
