/** What is answered within one process is what is answered over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RouteTable } from '../../src/simulator/route-table.js';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator.js';

const SEED = {
  users: [{ login: 'alice', email: 'alice@acme.test', tokens: ['t'] }],
  organisations: [{ login: 'acme', members: ['alice'], teams: {} }],
  repositories: [{ name: 'acme/config', files: { 'a/b.txt': 'one\n' }, collaborators: { alice: 'admin' } }],
} as const;

const AUTHORISED = { authorization: 'Bearer t', 'content-type': 'application/json' };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

const ASKED: Readonly<Record<'github' | 'gitlab', readonly Asked[]>> = {
  github: [
    { method: 'GET', path: '/api/v3/repos/acme/config' },
    { method: 'GET', path: '/api/v3/repos/acme/config/git/ref/heads/main' },
    { method: 'GET', path: '/api/v3/repos/acme/config/contents/a/b.txt?ref=main' },
    { method: 'GET', path: '/api/v3/repos/acme/config/branches?per_page=1' },
    { method: 'GET', path: '/api/v3/repos/acme/nothing' },
    { method: 'GET', path: '/api/v3/no/such/thing/here' },
    { method: 'POST', path: '/api/v3/repos/acme/config/git/blobs', body: '{"content":"x","encoding":"utf-8"}' },
    { method: 'POST', path: '/api/v3/repos/acme/config/git/blobs', body: '{' },
    { method: 'PUT', path: '/api/v3/repos/acme/config/pulls/9/merge', body: '{}' },
  ],
  gitlab: [
    { method: 'GET', path: '/api/v4/projects/acme%2Fconfig' },
    { method: 'GET', path: '/api/v4/projects/acme%2Fconfig/repository/branches/main' },
    { method: 'GET', path: '/api/v4/projects/acme%2Fconfig/repository/files/a%2Fb.txt?ref=main' },
    { method: 'GET', path: '/api/v4/projects/acme%2Fconfig/repository/files/a%2Fb.txt/raw?ref=main' },
    { method: 'GET', path: '/api/v4/projects/acme%2Fconfig/repository/commits?per_page=1' },
    { method: 'GET', path: '/api/v4/projects/acme%2Fnothing' },
    { method: 'GET', path: '/api/v4/nothing' },
    { method: 'POST', path: '/api/v4/projects/acme%2Fconfig/merge_requests', body: '{"title":"x"}' },
    { method: 'PUT', path: '/api/v4/projects/acme%2Fconfig/merge_requests/9/merge', body: '{}' },
  ],
};

/** Of a connection, or of one request alone. */
const PASSING = /^(connection|content-length|date|keep-alive|x-github-request-id|x-request-id|ratelimit-reset)$/;

describe.each(['github', 'gitlab'] as const)('%s', (forge) => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ forge, seed: SEED });
  });
  afterAll(() => simulator.close());

  it.each(ASKED[forge])('$method $path $body', async ({ method, path, body }) => {
    const given = body === undefined ? {} : { body };
    const ask = async (more: Readonly<Record<string, string>>): Promise<readonly [object, object]> => {
      const headers = { ...AUTHORISED, accept: '*/*', ...more };
      const sent = await fetch(`${simulator.url}${path}`, { method, headers, ...given });
      const inner = await simulator.answer({ method, path, headers, ...given });
      return [
        { status: inner.status, headers: lasting(inner.headers), body: inner.body },
        { status: sent.status, headers: lasting(Object.fromEntries(sent.headers)), body: await sent.text() },
      ];
    };
    const [inner, sent] = await ask({});
    expect(inner).toEqual(sent);
    const etag = (sent as { readonly headers: Readonly<Record<string, string>> }).headers['etag'];
    if (etag === undefined) return;
    const [innerAgain, sentAgain] = await ask({ 'if-none-match': etag });
    expect(innerAgain).toEqual(sentAgain);
    expect(innerAgain).toMatchObject({ status: 304, body: '' });
  });
});

function lasting(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !PASSING.test(name)));
}

describe('the table of routes', () => {
  const table = new RouteTable([
    { method: 'GET', path: '/pulls/:number' },
    { method: 'GET', path: '/pulls/latest' },
    { method: 'GET', path: '/pulls/latest/files' },
    { method: 'PUT', path: '/pulls/:number' },
    { method: 'GET', path: '/trees/*' },
  ]);

  it.each<[string, string, string | undefined, object]>([
    ['GET', '/pulls/latest', '/pulls/latest', {}],
    ['GET', '/pulls/7', '/pulls/:number', { number: '7' }],
    ['PUT', '/pulls/latest', '/pulls/:number', { number: 'latest' }],
    ['GET', '/pulls/a%2Fb', '/pulls/:number', { number: 'a/b' }],
    ['GET', '/trees/a/b%20c', '/trees/*', { '*': 'a/b c' }],
    ['GET', '/pulls/7/files', undefined, {}],
    ['GET', '/pulls', undefined, {}],
    ['DELETE', '/pulls/7', undefined, {}],
  ])('%s %s → %s', (method, path, route, parameters) => {
    const found = table.find(method, path);
    expect(found?.route.path).toBe(route);
    expect(found?.parameters ?? {}).toEqual(parameters);
  });
});
