/** Values of which only the shape may be used. */
import { isRecord } from '../canonical.js';

/** Every text replaced by `masked`; numbers and the like stay, since templates compute with them. */
export function maskedTexts(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return 'masked';
  if (Array.isArray(value)) return value.map(masked);
  return isRecord(value) ? maskedTexts(value) : value;
}
