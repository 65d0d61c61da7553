import { expect, it } from 'vitest';
import { MemoryCache } from '../../src/adapters/memory/memory-cache.js';
import type { App } from '../../src/app/app.js';
import { keepView, readView } from '../../src/app/queue/queue-views.js';
import type { QueueView } from '../../src/core/queue/queue-view.js';

const repository = { forge: 'github', path: 'acme/config' } as const;

it.each(['main', 'constructor', '__proto__', 'toString'])('keeps what is seen of the queue of %s', async (branch) => {
  const app = { cache: new MemoryCache() } as unknown as App;
  const view: QueueView = { branch, at: 1, entries: [], stopped: { pullRequest: 7 } };
  expect(await readView(app, repository, branch)).toBeNull();
  await keepView(app, repository, view);
  expect(await readView(app, repository, branch)).toEqual(view);
  await keepView(app, repository, { ...view, stopped: null });
  expect(await readView(app, repository, branch)).toBeNull();
});
