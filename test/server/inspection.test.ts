// What came in and what was given up, over HTTP: who may read it, in which shape, and what is wrong with a question.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ServerUnderTest, TOKEN } from './server-under-test.js';

const repository = { forge: 'github', path: 'acme/config' } as const;
const subject = { kind: 'attend', repository, number: 3 } as const;
const buried = {
  id: '7',
  lane: 'github:acme/config',
  key: 'attend:3',
  subject,
  reason: 'the forge said no',
  at: 5_000,
};

let failing = false;
let server: ServerUnderTest;
beforeEach(async () => {
  failing = false;
  server = await ServerUnderTest.start({
    buriedJobs: async () => {
      if (failing) throw new Error('the disk is gone');
      return [buried];
    },
  });
  for (const [id, receivedAt] of [
    ['d1', 1_000],
    ['d2', 2_000],
  ] as const) {
    const event = { kind: 'pull-request', repository, number: 3 } as const;
    await server.inbox.record({ id, source: 'github', name: 'pull_request.opened', receivedAt, event });
  }
  await server.inbox.settle('github', 'd1', 'nudged attend');
});
afterEach(() => server.server.close());

const read = async (path: string, token: string = TOKEN) => {
  const answer = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

it('says what came in, newest first, and what became of it', async () => {
  const { status, body } = await read('/deliveries');
  expect(status).toBe(200);
  expect(body).toEqual({
    deliveries: [
      expect.objectContaining({ id: 'd2', state: 'waiting', outcome: null, receivedAt: '1970-01-01T00:00:02.000Z' }),
      expect.objectContaining({ id: 'd1', state: 'settled', outcome: 'nudged attend' }),
    ],
  });
  expect(await read('/deliveries?most=1&state=settled')).toMatchObject({ body: { deliveries: [{ id: 'd1' }] } });
});

it('says what one of them was', async () => {
  expect(await read('/deliveries/github/d1')).toMatchObject({ status: 200, body: { id: 'd1', event: { number: 3 } } });
  expect((await read('/deliveries/gitlab/d1')).status).toBe(404);
  expect(await read('/deliveries/gitea/d1')).toMatchObject({
    status: 404,
    body: { error: expect.stringContaining('api') },
  });
});

it('says what was given up, and why', async () => {
  expect(await read('/jobs/buried')).toEqual({
    status: 200,
    body: { jobs: [{ ...buried, at: '1970-01-01T00:00:05.000Z' }] },
  });
  failing = true;
  expect((await read('/jobs/buried')).status).toBe(503);
});

it.each(['/deliveries', '/deliveries/github/d1', '/jobs/buried'])('%s is closed without the token', async (path) => {
  expect((await read(path, 'another')).status).toBe(401);
});

it.each(['most=0', 'most=1001', 'most=ten', 'most=1&most=2', 'state=open'])(
  '%s is refused with a reason',
  async (query) => {
    const { status, body } = await read(`/deliveries?${query}`);
    expect([status, body['error']]).toEqual([400, expect.stringMatching(/"(most|state)" is not/)]);
  },
);
