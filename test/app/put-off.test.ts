/** What the forge takes no more of now is made up for: new words later, what has to be remembered by trying again. */
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { ManualClock } from '../../src/adapters/memory/testing/manual-clock.js';
import { MemoryWorkQueue } from '../../src/adapters/memory/memory-work-queue.js';
import type { App } from '../../src/app/app.js';
import { readSticky, writeSticky, type Sticky } from '../../src/app/pull-request/sticky-comment.js';
import type { Comment, PullRequest } from '../../src/core/forge-objects.js';
import { initialState } from '../../src/core/standing/sticky-state.js';
import { grantLaneLock } from '../../src/ports/lane-lock.js';
import type { CommentEdit, Comments, Written } from '../../src/ports/pull-requests.js';
import { formatMarker } from '../../src/text/marker.js';

const HOUR = 60 * 60_000;
const lock = grantLaneLock('lane', 1, async () => true);
const repository = { forge: 'github', path: 'acme/config' } as const;
const pullRequest = { repository, number: 7 } as PullRequest;
const self = { login: 'lockkeeper', kind: 'bot' } as const;
const sign = (text: string) => createHmac('sha256', 'test').update(text).digest('base64url');
const state = initialState('a'.repeat(40));

function appWith(clock: ManualClock, answer: Written): { readonly app: App; readonly edits: CommentEdit[] } {
  const edits: CommentEdit[] = [];
  const comments: Partial<Comments> = {
    async edit(_lock, _place, comment) {
      edits.push(comment);
      return answer;
    },
  };
  const parts = { forges: { github: { comments } }, queue: new MemoryWorkQueue({ clock }), clock, sign };
  return { app: parts as unknown as App, edits };
}

function standing(app: App): Sticky {
  const body = `${formatMarker('state', state, pullRequest, sign)}\nOld words`;
  const comment: Comment = { id: '1', author: self, body, createdAt: 0, revision: 'original', url: '' };
  const sticky = readSticky(app, pullRequest, { comments: [comment], self });
  if (sticky === null) throw new Error('It is not the bot’s own');
  return sticky;
}

test('new words are attended to again when the forge takes more', async () => {
  const clock = new ManualClock(0);
  const { app } = appWith(clock, { kind: 'put-off', until: HOUR });
  await writeSticky(app, lock, pullRequest, { sticky: standing(app), state, body: 'New words' });
  clock.advance(HOUR - 1);
  expect(await app.queue.claim()).toBeNull();
  clock.advance(1);
  expect(await app.queue.claim()).toMatchObject({ subject: { kind: 'attend', repository, number: 7 } });
});

test('what was written is not attended to again', async () => {
  const { app } = appWith(new ManualClock(0), { kind: 'written' });
  await writeSticky(app, lock, pullRequest, { sticky: standing(app), state, body: 'New words' });
  expect(await app.queue.nextDue()).toBeNull();
});

test('words may wait, and what the bot remembers in the comment may not', async () => {
  const { app, edits } = appWith(new ManualClock(0), { kind: 'written' });
  const sticky = standing(app);
  await writeSticky(app, lock, pullRequest, { sticky, state: sticky.state, body: 'New words' });
  await writeSticky(app, lock, pullRequest, {
    sticky,
    state: { ...sticky.state, left: 'It moved' },
    body: 'New words',
  });
  await writeSticky(app, lock, pullRequest, { sticky, state: sticky.state, body: 'Old words' });
  expect(edits.map(({ matters }) => matters)).toEqual(['words', 'facts']);
});
