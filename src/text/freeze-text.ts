/** A freeze in words. */
import type { Freeze } from '../core/standing/freeze.js';
import { code, oneLine, plain } from './markdown.js';
import { timeText } from './time-text.js';

/** `prod is frozen by alice until 2026-11-24 00:00 UTC: end of quarter`. */
export function freezeText({ env, by, until, reason }: Freeze): string {
  const end = until === null ? '' : ` until ${timeText(until)}`;
  return `${plain(env)} is frozen by ${code(by)}${end}${reasonText(reason)}`;
}

/** `: end of quarter`, or nothing. */
export function reasonText(reason: string | null): string {
  return reason === null ? '' : `: ${plain(oneLine(reason, 200))}`;
}
