/** When a freeze ends, as people write it: `2h`, `3d`, `2026-11-24`, `2026-11-24T09:30+01:00`. */
import type { Instant } from '../ids.js';

/** A span counts from when the command was written. */
export type Until =
  { readonly kind: 'span'; readonly milliseconds: number } | { readonly kind: 'instant'; readonly at: Instant };

const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const SPAN = /^([0-9]{1,5})([mhdw])$/i;
/** RFC 3339; without seconds, or with only the day, which then is its first moment in UTC. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/i;

/** Null: not written in any of the forms, or a day that no calendar has. */
export function parseUntil(text: string): Until | null {
  return SPAN.test(text) ? parseSpan(text) : parseInstant(text);
}

function parseSpan(text: string): Until | null {
  const [, count = '', unit = ''] = SPAN.exec(text) ?? [];
  const milliseconds = Number(count) * (MILLISECONDS[unit.toLowerCase()] ?? 0);
  return milliseconds === 0 ? null : { kind: 'span', milliseconds };
}

function parseInstant(text: string): Until | null {
  const [, day, time = '00:00', seconds = '00', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (day === undefined || !isDay(day)) return null;
  const at = Date.parse(`${day}T${time}:${seconds}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? null : { kind: 'instant', at };
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

export function instantOf(until: Until, written: Instant): Instant {
  return until.kind === 'span' ? written + until.milliseconds : until.at;
}
