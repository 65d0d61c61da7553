/** A time as GitLab's webhooks write it: `2015-05-17 18:21:36 UTC`. */
export function hookTime(date: Date): string {
  return date
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d{3}Z$/, ' UTC');
}
