/** Why the forge refused, in words for the person at the page, and the status of the answer. */

import type { Refusal } from '../forge/refusal.js';

interface RefusalWords {
  readonly status: number;
  readonly words: string;
}

export function refusalWords(refusal: Refusal): RefusalWords {
  switch (refusal.kind) {
    case 'not-found':
      return { status: 404, words: `There is no such ${refusal.what}, or you can't see it.` };
    case 'forbidden':
      return { status: 403, words: `Not allowed: ${refusal.message}.` };
    case 'own-pull-request':
      return { status: 422, words: `Not allowed: ${refusal.message}.` };
    case 'invalid':
      return { status: 422, words: refusal.message };
    case 'already-exists':
      return { status: 409, words: refusal.message };
    case 'head-moved':
      return {
        status: 409,
        words: `The head has moved: it is ${refusal.actual.slice(0, 8)}, not ${refusal.expected.slice(0, 8)}. Look at what is new, then try again.`,
      };
    case 'not-fast-forward':
      return { status: 409, words: `${refusal.ref} can only move forward.` };
    case 'protected-branch':
      return { status: 403, words: refusal.message };
    case 'merge-conflict':
      return { status: 409, words: `Not merged: both sides changed ${refusal.paths.join(', ')}.` };
    case 'not-mergeable':
      return { status: 409, words: `Not merged: ${refusal.message}` };
  }
}
