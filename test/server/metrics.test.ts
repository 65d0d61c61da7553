// Figures for Prometheus: who may read them, and which webhooks are counted as what.
import { afterEach, expect, it } from 'vitest';
import type { ServerOptions } from '../../src/server/server-options.js';
import { ServerUnderTest, TOKEN } from './server-under-test.js';

let server: ServerUnderTest | null = null;
afterEach(() => server?.server.close());

async function start(change: Partial<ServerOptions> = {}): Promise<{ server: ServerUnderTest; told: string[] }> {
  const told: string[] = [];
  const metrics: ServerOptions['metrics'] = {
    webhookTaken: (source, outcome) => void told.push(`${source} ${outcome}`),
    page: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'up 1\n' }),
  };
  server = await ServerUnderTest.start({ metrics, ...change });
  return { server, told };
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

it('are given to whoever has the token of the API', async () => {
  const { server: here } = await start();
  const answer = await here.request('/metrics', bearer(TOKEN));
  expect([answer.status, answer.text]).toEqual([200, 'up 1\n']);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect((await here.request('/metrics')).status).toBe(401);
  expect((await here.request('/metrics', bearer('another'))).status).toBe(401);
});

it('are closed where no token is set, and not there where nobody counts', async () => {
  const { server: closed } = await start({ apiToken: null });
  expect(await closed.request('/metrics')).toMatchObject({
    status: 403,
    json: { error: expect.stringContaining('LOCKKEEPER_API_TOKEN') },
  });
  await closed.server.close();
  server = await ServerUnderTest.start();
  expect((await server.request('/metrics', bearer(TOKEN))).status).toBe(404);
});

it('are also told by a process that only works', async () => {
  const { server: worker } = await start({ serves: 'health' });
  expect((await worker.request('/metrics', bearer(TOKEN))).status).toBe(200);
  expect((await worker.request('/')).text).toContain('GET  /metrics ');
});

it('answer 503 when they can’t be read', async () => {
  const metrics = { webhookTaken: () => undefined, page: () => Promise.reject(new Error('the disk is gone')) };
  const { server: here } = await start({ metrics });
  expect((await here.request('/metrics', bearer(TOKEN))).status).toBe(503);
  expect(here.log.lines.join('\n')).toContain('the disk is gone');
});

it('count each webhook once, as what it was', async () => {
  let state: 'well' | 'away' = 'well';
  const known = new Set<string>();
  const { server: here, told } = await start({
    async takeIn({ id }) {
      if (state === 'away') throw new Error('the disk is gone');
      if (known.has(id)) return 'duplicate';
      known.add(id);
      return 'recorded';
    },
  });
  const body = '{"number": 1}';
  await here.webhook(body);
  await here.webhook(body, { 'x-signature': '0'.repeat(64) });
  await here.signed('nothing');
  await here.signed(body, { 'x-event': 'ping' });
  await here.signed(body);
  await here.signed(body, {}, 'gitlab');
  state = 'away';
  await here.signed(body);
  expect(told).toEqual([
    'github unsigned',
    'github bad-signature',
    'github malformed',
    'github ignored',
    'github recorded',
    'gitlab duplicate',
    'github unavailable',
  ]);
});
