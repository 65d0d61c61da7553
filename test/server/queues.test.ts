// The merge queues over HTTP: who may read them, in which shape, and what is said when they can't be read.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { QueueView } from '../../src/core/queue/queue-view.js';
import { ServerUnderTest, TOKEN } from './server-under-test.js';

const view: QueueView = {
  branch: 'main',
  at: Date.UTC(2026, 0, 5, 9),
  stopped: null,
  entries: [
    {
      number: 12,
      title: 'Promote api to prod',
      kind: 'promotion',
      by: 'alice',
      since: Date.UTC(2026, 0, 5, 8),
      urgency: 'in-turn',
      position: 1,
      wait: { kind: 'entry', entry: 9, because: 'meets' },
      expected: Date.UTC(2026, 0, 5, 9, 30),
    },
  ],
};
let queues: readonly QueueView[] | null = [view];
let server: ServerUnderTest;
beforeEach(async () => {
  queues = [view];
  server = await ServerUnderTest.start({
    queues: async () => {
      if (queues === null) throw new Error('the forge does not answer');
      return [{ repository: { forge: 'github', path: 'acme/config' }, queues }];
    },
  });
});
afterEach(() => server.server.close());

const read = (token: string) =>
  fetch(`${server.url}/api/v1/queues`, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });

it('says what waits, and for what', async () => {
  const answer = await read(TOKEN);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({
    queues: [
      {
        forge: 'github',
        repository: 'acme/config',
        branch: 'main',
        at: '2026-01-05T09:00:00.000Z',
        state: 'running',
        stoppedBy: null,
        entries: [
          {
            number: 12,
            title: 'Promote api to prod',
            kind: 'promotion',
            position: 1,
            urgency: 'in-turn',
            by: 'alice',
            since: '2026-01-05T08:00:00.000Z',
            waitsFor: { kind: 'entry', entry: 9, because: 'meets' },
            expected: '2026-01-05T09:30:00.000Z',
          },
        ],
      },
    ],
  });
});

it('says that a queue is stopped, and by which pull request', async () => {
  queues = [{ ...view, entries: [], stopped: { pullRequest: 9 } }];
  expect(await (await read(TOKEN)).json()).toMatchObject({ queues: [{ state: 'stopped', stoppedBy: 9, entries: [] }] });
});

it('is for who has the token', async () => {
  expect([(await read('')).status, (await read('guessed')).status]).toEqual([401, 401]);
});

it('asks to come again where the queues can’t be read', async () => {
  queues = null;
  const answer = await read(TOKEN);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
  expect(await answer.text()).not.toContain('does not answer');
});
