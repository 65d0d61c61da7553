/** What the bot's comments say, read from the forge. */
import { isSticky } from '../acts/act.js';
import { REPOSITORY } from '../ground.js';
import type { World } from '../world/world.js';

/** Of the marker of the bot's own comment: what its words rest on. */
export interface SeenState {
  readonly hold: object | null;
  readonly ticket: { readonly head: string; readonly at: number; readonly urgency?: 'now' } | null;
}

/** Null: there is no such comment. */
export function stickyOf(world: World, number: number): SeenState | null {
  const comments = world.simulator.forge.comments.of(REPOSITORY, number);
  const sticky = comments.find((comment) => comment.author === world.botLogin && isSticky(comment));
  return sticky === undefined ? null : (payload(sticky.body, 'state') as SeenState | null);
}

/** The id of the comment that an answer of the bot's answers, as its marker says. */
export function answeredComment(body: string): number | null {
  const mark = payload(body, 'answer') as { readonly comment?: string } | null;
  return mark?.comment === undefined ? null : Number(mark.comment);
}

function payload(body: string, kind: 'state' | 'answer'): unknown {
  const encoded = new RegExp(`^<!-- lockkeeper:${kind} ([\\w-]+)\\.`).exec(body)?.[1];
  return encoded === undefined ? null : (JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as unknown);
}
