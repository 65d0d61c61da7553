/** The notes GitLab writes itself about what happened to a merge request; they cause no webhooks. */

import { createHash } from 'node:crypto';
import type { ForgeEvent } from '../forge/events.js';
import type { Forge } from '../forge/forge.js';

function pullRequestWords(event: Extract<ForgeEvent, { kind: 'pull-request' }>): string | undefined {
  const { action } = event;
  switch (action.name) {
    case 'synchronized':
      return `added commits up to ${action.after.slice(0, 8)}\n\n[Compare with previous version](diffs?start_sha=${action.before})`;
    case 'edited':
      return action.was.title === undefined ? undefined : `changed title from **${action.was.title}**`;
    case 'draft-changed':
      return 'changed whether this merge request is a **draft**';
    case 'labeled':
      return `added ~"${action.label}" label`;
    case 'unlabeled':
      return `removed ~"${action.label}" label`;
    default:
      // Opening, closing and merging are state events on GitLab, not notes.
      return undefined;
  }
}

function words(event: ForgeEvent): { readonly number: number; readonly body: string } | undefined {
  if (event.kind === 'pull-request') {
    const body = pullRequestWords(event);
    return body === undefined ? undefined : { number: event.number, body };
  }
  if (event.kind !== 'review') return undefined;
  if (event.action === 'withdrawn') return { number: event.number, body: 'unapproved this merge request' };
  return event.action === 'submitted' && event.state === 'approved'
    ? { number: event.number, body: 'approved this merge request' }
    : undefined;
}

/** Written straight into the table: a system note needs nobody's permission and is no event. */
export function subscribeSystemNotes(forge: Forge): void {
  const { state } = forge;
  forge.subscribe((event) => {
    const note = words(event);
    if (note === undefined || event.kind === 'installation') return;
    const id = state.nextId();
    state.comments.set(id, {
      id,
      repository: event.repository,
      number: note.number,
      author: event.actor,
      body: note.body,
      system: true,
      discussionId: createHash('sha1').update(`discussion ${id}`).digest('hex'),
      createdAt: event.at,
      updatedAt: event.at,
    });
  });
}
