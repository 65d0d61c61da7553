/** Answers to `/freeze` and `/unfreeze`. */
import type { Freeze, FreezeBook, WrongEnd } from '../core/standing/freeze.js';
import { code, plain } from './markdown.js';
import { doubtText, freezeText } from './freeze-text.js';
import { timeText } from './time-text.js';

export function frozenAnswer(freeze: Freeze): string {
  const end =
    freeze.until === null
      ? `It lasts until somebody who may writes ${code(`/unfreeze ${freeze.env}`)}.`
      : `It ends by itself; ${code(`/unfreeze ${freeze.env}`)} ends it before.`;
  return `${freezeText(freeze)}. Meanwhile I merge nothing into it, rollbacks included, and open no promotion into it. ${end}`;
}

export function wrongEndAnswer({ until, why }: WrongEnd): string {
  const words = { past: 'has passed already', 'too-far': 'is more than a year away' } as const;
  return `Nothing is frozen: ${timeText(until)} ${words[why]}. Name a time that is still to come, or leave \`until\` out to freeze until somebody ends it.`;
}

/** `ended`: null if it was not frozen. */
export function unfrozenAnswer(env: string, ended: Freeze | null): string {
  if (ended === null) return `Nothing to do: ${plain(env)} is not frozen.`;
  return `${plain(env)} is not frozen any more. It was: ${freezeText(ended)}.`;
}

/** What else a new record ended, where the old one could not be read. */
export function mendedAnswer(book: FreezeBook): string {
  if (book.kind === 'read') return '';
  return ` The record of what is frozen could not be trusted (${doubtText(book.why)}), so it was written anew: **every other freeze is ended with it**; freeze again what has to be.`;
}
