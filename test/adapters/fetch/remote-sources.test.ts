// What is fetched for renderings, over a network that is a table of answers; and who is never connected to.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { createRemoteSources } from '../../../src/adapters/fetch/create-remote-sources.js';
import { httpsGet, type GetRequest } from '../../../src/adapters/fetch/https-get.js';
import { isPublicAddress } from '../../../src/adapters/fetch/public-address.js';
import { parsePlace } from '../../../src/core/plan/remote/allowance.js';
import type { RemoteSources } from '../../../src/ports/remote-sources.js';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Network {
  readonly sources: RemoteSources;
  readonly asked: GetRequest[];
  readonly trees: unknown[];
  now: number;
}

function network(
  allowed: string,
  answers: Readonly<Record<string, Answer | ((request: GetRequest) => Answer)>>,
): Network {
  const asked: GetRequest[] = [];
  const trees: unknown[] = [];
  const world = { asked, trees, now: 0 };
  const sources = createRemoteSources({
    allowed: allowed.split(' ').flatMap((each) => parsePlace(each) ?? []),
    get: async (request) => {
      asked.push(request);
      const found = answers[request.url];
      if (found === undefined) return { kind: 'failed', why: 'is not in the table' };
      const { status = 200, headers = {}, body = '' } = typeof found === 'function' ? found(request) : found;
      return { kind: 'answered', status, headers, body: Buffer.from(body) };
    },
    trees: {
      fetch: async (request) => {
        trees.push(request);
        return { kind: 'failed', message: 'not here' };
      },
    },
    now: () => world.now,
    addressOf: async (host) =>
      host.startsWith('inner') ? { kind: 'failed', why: 'is inside' } : { kind: 'found', address: '192.0.2.1' },
  });
  return Object.assign(world, { sources });
}

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('files', () => {
  const file = { 'https://a.test/x/install.yaml': { body: 'kind: List\n' } };

  test('are fetched once in a while', async () => {
    const world = network('https://a.test/x', file);
    for (const _ of [1, 2])
      expect(await world.sources.file('https://a.test/x/install.yaml')).toMatchObject({ kind: 'fetched' });
    expect(world.asked.length).toBe(1);
    world.now = 11 * 60_000;
    await world.sources.file('https://a.test/x/install.yaml');
    expect(world.asked.length).toBe(2);
  });

  test('are fetched from nowhere else, and nobody is asked', async () => {
    const world = network('https://a.test/y', file);
    expect(await world.sources.file('https://a.test/x/install.yaml?token=secret')).toEqual({
      kind: 'not-allowed',
      message:
        'https://a.test/x/install.yaml is not among the places that this server allows (LOCKKEEPER_REMOTE_SOURCES)',
    });
    expect(world.asked).toEqual([]);
  });

  test('are followed only to where the server allows', async () => {
    const redirect = { 'https://a.test/f.yaml': { status: 302, headers: { location: 'https://b.test/g.yaml' } } };
    const answers = { ...redirect, 'https://b.test/g.yaml': { body: 'a: 1' } };
    expect(await network('https://a.test https://b.test', answers).sources.file('https://a.test/f.yaml')).toMatchObject(
      { kind: 'fetched' },
    );
    const world = network('https://a.test', answers);
    expect(await world.sources.file('https://a.test/f.yaml')).toEqual({
      kind: 'not-allowed',
      message:
        'https://a.test/f.yaml redirects, and https://b.test/g.yaml is not among the places that this server allows (LOCKKEEPER_REMOTE_SOURCES)',
    });
    expect(world.asked.length).toBe(1);
    const ring = { 'https://a.test/f.yaml': { status: 301, headers: { location: '/f.yaml' } } };
    expect(await network('https://a.test', ring).sources.file('https://a.test/f.yaml')).toMatchObject({
      kind: 'failed',
      message: 'https://a.test/f.yaml redirects more than 5 times',
    });
    const plain = { 'https://a.test/f.yaml': { status: 302, headers: { location: 'http://a.test/f.yaml' } } };
    expect(await network('https://a.test', plain).sources.file('https://a.test/f.yaml')).toMatchObject({
      kind: 'not-allowed',
    });
  });

  test.each([
    [{ status: 404 }, 'https://a.test/f.yaml could not be fetched: it came with status 404'],
    [
      { headers: { 'content-type': 'text/html; charset=utf-8' } },
      'https://a.test/f.yaml is a page for people, not a file of manifests',
    ],
  ])('are refused: %j', async (answer, message) => {
    const { sources } = network('https://a.test', { 'https://a.test/f.yaml': answer });
    expect(await sources.file('https://a.test/f.yaml')).toEqual({ kind: 'failed', message });
  });
});

describe('repositories', () => {
  test('are fetched from the address that was checked', async () => {
    const world = network('https://git.test https://inner.test', {});
    await world.sources.tree({ url: 'https://git.test/acme/bases', ref: 'v1' });
    expect(world.trees).toEqual([
      { url: 'https://git.test/acme/bases', ref: 'v1', connectTo: 'git.test:443:192.0.2.1' },
    ]);
    expect(await world.sources.tree({ url: 'https://inner.test/x', ref: 'v1' })).toEqual({
      kind: 'failed',
      message: 'https://inner.test/x is inside',
    });
    expect(await world.sources.tree({ url: 'https://other.test/x', ref: 'v1' })).toMatchObject({ kind: 'not-allowed' });
    expect(world.trees.length).toBe(1);
  });
});

describe('charts of a registry', () => {
  const archive = 'a chart';
  const layer = { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: digestOf(archive) };
  const api = 'https://r.test/v2/acme/charts/api';
  const challenge = 'Bearer realm="https://r.test/token",service="r.test",scope="repository:acme/charts/api:pull"';
  const withToken =
    (answer: Answer) =>
    (request: GetRequest): Answer =>
      request.headers['authorization'] === 'Bearer nobody'
        ? answer
        : { status: 401, headers: { 'www-authenticate': challenge } };
  const answers = {
    [`${api}/manifests/1.2.3_4`]: withToken({ body: JSON.stringify({ layers: [layer] }) }),
    [`${api}/blobs/${layer.digest}`]: withToken({ status: 307, headers: { location: 'https://cdn.test/blob' } }),
    'https://cdn.test/blob': { body: archive },
    'https://r.test/token?service=r.test&scope=repository%3Aacme%2Fcharts%2Fapi%3Apull': {
      body: '{"token": "nobody"}',
    },
  };
  const source = { repository: 'oci://r.test/acme/charts/', name: 'api', version: '1.2.3+4' };

  test('are pulled as nobody, and the token stays with the registry', async () => {
    const world = network('oci://r.test/acme https://cdn.test', answers);
    expect(await world.sources.chart(source)).toMatchObject({ kind: 'fetched', digest: layer.digest });
    const atCdn = world.asked.find(({ url }) => url === 'https://cdn.test/blob');
    expect(atCdn?.headers['authorization']).toBeUndefined();
    expect(await network('oci://r.test/acme', answers).sources.chart(source)).toMatchObject({
      kind: 'not-allowed',
      message: expect.stringMatching(/^https:\/\/r\.test\/.* redirects, and https:\/\/cdn\.test\/blob is not among/),
    });
  });

  test.each([
    [{ 'https://cdn.test/blob': { body: 'another' } }, /is not what its digest says it is$/],
    [
      { [`${api}/manifests/1.2.3_4`]: { status: 404 } },
      /^oci:\/\/r\.test\/acme\/charts\/api has no version 1\.2\.3\+4$/,
    ],
    [{ [`${api}/manifests/1.2.3_4`]: { body: '{"layers": [{}]}' } }, /is no chart$/],
    [{ [`${api}/manifests/1.2.3_4`]: { status: 403 } }, /only what needs no credentials is fetched$/],
    [{ [`${api}/manifests/1.2.3_4`]: { status: 503 } }, /the registry answered with status 503$/],
  ])('are refused: %j', async (different, message) => {
    const { sources } = network('oci://r.test https://cdn.test', { ...answers, ...different });
    expect(await sources.chart(source)).toEqual({ kind: 'failed', message: expect.stringMatching(message) });
  });

  test('are asked for no token elsewhere than the server allows', async () => {
    const other = challenge.replace('https://r.test', 'https://auth.test');
    const asks = { [`${api}/manifests/1.2.3_4`]: { status: 401, headers: { 'www-authenticate': other } } };
    const world = network('oci://r.test', asks);
    expect(await world.sources.chart(source)).toMatchObject({
      kind: 'not-allowed',
      message: expect.stringMatching(/^https:\/\/auth\.test\/token is not among/),
    });
    expect(world.asked.length).toBe(1);
  });
});

describe('charts of a chart repository', () => {
  const archive = 'a chart';
  const index = `apiVersion: v1
entries:
  api-gateway:
  - version: 1.0.0
    urls: [https://c.test/wrong.tgz]
  api:
  - version: 1.1.0
    digest: ${digestOf(archive).slice(7)}
    urls:
    - charts/api-1.1.0.tgz
  - version: v1.0.0
    digest: ${digestOf('other').slice(7)}
    urls: [https://d.test/api-1.0.0.tgz]
  - version: 0.9.0
    urls: [charts/api-0.9.0.tgz]
  web: []
generated: "2024-01-01T00:00:00Z"
`;
  const answers = {
    'https://c.test/stable/index.yaml': { body: index },
    'https://c.test/stable/charts/api-1.1.0.tgz': { body: archive },
    'https://c.test/stable/charts/api-0.9.0.tgz': { body: archive },
    'https://d.test/api-1.0.0.tgz': { body: archive },
  };
  const chart = (version: string, name = 'api') => ({ repository: 'https://c.test/stable', name, version });

  test('are found in its index and checked by its digest', async () => {
    const { sources } = network('https://c.test/stable', answers);
    expect(await sources.chart(chart('1.1.0'))).toMatchObject({ kind: 'fetched', digest: digestOf(archive) });
    expect(await sources.chart(chart('v1.1.0'))).toMatchObject({ kind: 'fetched' });
  });

  test.each([
    ['1.0.0', 'not-allowed', /^https:\/\/d\.test\/api-1\.0\.0\.tgz is not among/],
    ['0.9.0', 'failed', /has no digest in the index/],
    ['2.0.0', 'failed', /has no chart api of version 2\.0\.0$/],
  ])('are refused at %s', async (version, kind, message) => {
    const { sources } = network('https://c.test/stable', answers);
    expect(await sources.chart(chart(version))).toEqual({ kind, message: expect.stringMatching(message) });
  });

  test('are refused where they are another than the index says, or it has none', async () => {
    const { sources } = network('https://c.test https://d.test', answers);
    expect(await sources.chart(chart('1.0.0'))).toMatchObject({ message: expect.stringContaining('digest says') });
    for (const name of ['web', 'gone', 'version'])
      expect(await sources.chart(chart('1.0.0', name))).toMatchObject({
        message: expect.stringContaining('has no chart'),
      });
    expect(await sources.chart({ ...chart('1.0.0'), repository: 'charts' })).toMatchObject({
      kind: 'failed',
      message: 'charts is no address of charts',
    });
  });
});

describe('addresses', () => {
  it.each(['1.1.1.1', '140.82.112.3', '2606:4700::1111'])('%s is public', (each) =>
    expect(isPublicAddress(each)).toBe(true),
  );
  it.each([
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001:db8::1',
    'localhost',
    '',
  ])('%j is not', (each) => expect(isPublicAddress(each)).toBe(false));

  test('that are not public are not connected to, by number or by name', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1'])
        expect(await httpsGet({ url: `https://${host}:${port}/`, headers: {}, maxBytes: 10 })).toEqual({
          kind: 'failed',
          why: 'leads to an address that is not of the public network',
        });
      expect(connections).toBe(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
