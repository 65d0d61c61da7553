import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryInbox } from '../../src/adapters/memory/memory-inbox.js';
import { Unavailable } from '../../src/core/problem.js';
import { HmacReader, ServerUnderTest, TOKEN } from './server-under-test.js';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const BUMP = { forge: 'github', repository: 'acme/config', image: 'ghcr.io/acme/api', tag: '1.1.0' };

interface Accepted {
  readonly id: string;
  readonly url: string;
}

describe('image bumps', () => {
  let under: ServerUnderTest;
  beforeEach(async () => {
    under = await ServerUnderTest.start();
  });
  afterEach(() => under.stop());

  async function restart(change: Parameters<typeof ServerUnderTest.start>[0]): Promise<void> {
    await under.stop();
    under = await ServerUnderTest.start(change);
  }

  async function problems(body: unknown, headers: Record<string, string> = {}): Promise<Record<string, string>> {
    const answer = await under.bump(body, headers);
    expect(answer.status).toBe(400);
    const { problems: found } = answer.json as { problems: { field: string; message: string }[] };
    return Object.fromEntries(found.map((problem) => [problem.field, problem.message]));
  }

  test('one is recorded as a delivery of the API, handed on, and accepted', async () => {
    const answer = await under.bump({ ...BUMP, digest: DIGEST, source: 'https://ci.example/run/1', id: 'build-17' });
    expect([answer.status, answer.json, answer.headers.get('location')]).toEqual([
      202,
      { id: 'build-17', state: 'accepted', delivery: 'recorded', url: '/api/v1/bumps/build-17' },
      '/api/v1/bumps/build-17',
    ]);
    expect(under.handedOn).toEqual([
      {
        id: 'build-17',
        source: 'api',
        name: 'bump',
        receivedAt: 1_000,
        event: {
          kind: 'bump',
          repository: { forge: 'github', path: 'acme/config' },
          request: { image: 'ghcr.io/acme/api', tag: '1.1.0', digest: DIGEST, source: 'https://ci.example/run/1' },
        },
      },
    ]);
    expect(await under.inbox.find('api', 'build-17')).toMatchObject({ state: 'waiting' });
  });

  test('what became of it can be asked', async () => {
    const { id, url } = (await under.bump(BUMP)).json as Accepted;
    const ask = () => under.request(url, { headers: { authorization: `Bearer ${TOKEN}` } });
    expect((await ask()).json).toEqual({ id, state: 'accepted', outcome: null });
    await under.inbox.settle('api', id, 'pull request #4 was opened');
    expect((await ask()).json).toEqual({ id, state: 'settled', outcome: 'pull request #4 was opened' });
  });

  test('an id with any allowed character, and the longest, is found again', async () => {
    for (const id of ['acme/api@1.2.3:build+7=a_b.c-d', `a${'/'.repeat(199)}`]) {
      const { url } = (await under.bump({ ...BUMP, id })).json as Accepted;
      const answer = await under.request(url, { headers: { authorization: `Bearer ${TOKEN}` } });
      expect(answer.json).toMatchObject({ id });
    }
  });

  test('an unknown id, or one of a webhook: 404', async () => {
    await under.signed('{"number": 7}');
    for (const id of ['nothing', 'd1']) {
      const answer = await under.request(`/api/v1/bumps/${id}`, { headers: { authorization: `Bearer ${TOKEN}` } });
      expect(answer.status).toBe(404);
    }
  });

  describe('who may', () => {
    test.each([
      ['no token', {}],
      ['another token', { authorization: 'Bearer another' }],
      ['the beginning of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
      ['more than the token', { authorization: `Bearer ${TOKEN}x` }],
      ['the token without its scheme', { authorization: TOKEN }],
      ['an empty token', { authorization: 'Bearer ' }],
    ])('with %s: 401, and nothing is recorded', async (_name, headers) => {
      const post = await under.request('/api/v1/bumps', {
        method: 'POST',
        body: JSON.stringify(BUMP),
        headers: { 'content-type': 'application/json', ...headers },
      });
      const get = await under.request('/api/v1/bumps/x', { headers });
      expect([post.status, get.status]).toEqual([401, 401]);
      expect(post.headers.get('www-authenticate')).toBe('Bearer realm="lockkeeper"');
      expect(await under.inbox.waiting()).toEqual([]);
      expect(under.log.lines.join()).not.toContain(TOKEN.slice(0, -1));
    });

    test('without a configured token the API is closed, even to an empty one', async () => {
      await restart({ apiToken: null });
      for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Bearer null' }]) {
        const answer = await under.request('/api/v1/bumps', { method: 'POST', body: '{}', headers });
        expect([answer.status, answer.json]).toEqual([
          403,
          { error: 'The API is closed: no token is configured. Set LOCKKEEPER_API_TOKEN to open it.' },
        ]);
      }
    });
  });

  describe('once only', () => {
    test('the same id twice is one bump', async () => {
      await under.bump({ ...BUMP, id: 'build-17' });
      await under.inbox.settle('api', 'build-17', 'done');
      const answer = await under.bump({ ...BUMP, id: 'build-17' });
      expect([answer.status, answer.json]).toEqual([
        202,
        { id: 'build-17', state: 'accepted', delivery: 'duplicate', url: '/api/v1/bumps/build-17' },
      ]);
      expect(under.handedOn).toHaveLength(1);
    });

    test('the Idempotency-Key header is the same as the field', async () => {
      await under.bump(BUMP, { 'idempotency-key': 'build-17' });
      expect((await under.bump({ ...BUMP, id: 'build-17' })).json).toMatchObject({ delivery: 'duplicate' });
      expect((await under.bump({ ...BUMP, id: 'build-18' }, { 'idempotency-key': 'build-18' })).status).toBe(202);
    });

    test('an id that was used for another bump: 409', async () => {
      await under.bump({ ...BUMP, id: 'build-17' });
      for (const other of [
        { tag: '1.2.0' },
        { image: 'ghcr.io/acme/web' },
        { repository: 'acme/other' },
        { digest: DIGEST },
      ]) {
        expect((await under.bump({ ...BUMP, ...other, id: 'build-17' })).status).toBe(409);
      }
      expect(await under.inbox.find('api', 'build-17')).toMatchObject({ event: { request: { tag: '1.1.0' } } });
    });

    test('without an id each is its own', async () => {
      const [one, two] = [(await under.bump(BUMP)).json as Accepted, (await under.bump(BUMP)).json as Accepted];
      expect(one.id).not.toBe(two.id);
      expect(await under.inbox.waiting()).toHaveLength(2);
    });

    test('two ids that differ are refused', async () => {
      expect(await problems({ ...BUMP, id: 'a' }, { 'idempotency-key': 'b' })).toEqual({
        id: 'This differs from the Idempotency-Key header. Send one of them.',
      });
      expect(await problems(BUMP, { 'idempotency-key': 'a b' })).toHaveProperty('Idempotency-Key');
    });
  });

  test('what cannot be stored is not accepted: 503', async () => {
    class FullInbox extends MemoryInbox {
      override async record(): Promise<never> {
        throw new Unavailable('full');
      }
    }
    await restart({ inbox: new FullInbox() });
    expect((await under.bump(BUMP)).status).toBe(503);
    expect(under.handedOn).toEqual([]);
  });

  describe('the body', () => {
    test('every problem is told at once', async () => {
      expect(
        await problems({
          repositroy: 'acme/config',
          forge: 'bitbucket',
          image: 'ghcr.io/acme/api:1.1.0',
          tag: 17,
          digest: 'sha256:abc',
          source: 'javascript:alert(1)',
          id: '../x',
          colour: 'red',
        }),
      ).toMatchInlineSnapshot(`
        {
          "colour": "This field is unknown. Known are forge, repository, image, tag, digest, source, id.",
          "digest": "This must be "sha256:" and 64 hexadecimal digits.",
          "forge": "This must be "github" or "gitlab", which is configured here.",
          "id": "This must be 1 to 200 letters, digits and . _ : @ / + = -, a letter or digit first.",
          "image": "This must not hold a tag. Send "ghcr.io/acme/api" as "image" and "1.1.0" as "tag".",
          "repository": "This field is required.",
          "repositroy": "This field is unknown. Did you mean "repository"?",
          "source": "This must be an http or https URL without a user name or password.",
          "tag": "This must be a string.",
        }
      `);
    });

    test.each([
      ['nothing', '', 'The body is empty; it must be a JSON object.'],
      ['no JSON', '{"tag": secret', 'The body is not JSON in UTF-8.'],
      ['a list', '[]', 'The body must be a JSON object.'],
      ['null', 'null', 'The body must be a JSON object.'],
      ['a string', '"x"', 'The body must be a JSON object.'],
    ])('%s is refused', async (_name, body, message) => {
      const answer = await under.bump(body);
      expect([answer.status, answer.json]).toEqual([
        400,
        { error: 'The image bump was refused.', problems: [{ field: null, message }] },
      ]);
    });

    test('bytes that are not UTF-8 are refused', async () => {
      const answer = await under.request('/api/v1/bumps', {
        method: 'POST',
        body: Buffer.from([0x7b, 0xff, 0x7d]),
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      });
      expect(answer.status).toBe(400);
    });

    test('a key that every object has is unknown all the same', async () => {
      const body = JSON.stringify(BUMP).replace('{', '{"__proto__": {"tag": "2"}, "constructor": 1, ');
      expect(Object.keys((await under.bump(body)).json as object)).toContain('problems');
      expect(await problems(body)).toHaveProperty('constructor');
    });

    test('another type than JSON: 415', async () => {
      expect((await under.bump(BUMP, { 'content-type': 'text/plain' })).status).toBe(415);
      expect((await under.bump(BUMP, { 'content-type': 'application/jsonp' })).status).toBe(415);
      expect((await under.bump(BUMP, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(202);
    });

    test('more than 64 KiB: 413', async () => {
      const answer = await under.bump({ ...BUMP, source: `https://ci.example/${'x'.repeat(65_536)}` });
      expect([answer.status, answer.json]).toEqual([413, { error: 'The body is larger than 65536 bytes.' }]);
    });

    test('what is null counts as not given', async () => {
      expect((await under.bump({ ...BUMP, digest: null, source: null, id: null })).status).toBe(202);
      expect(await problems({ ...BUMP, tag: null })).toEqual({ tag: 'This field is required.' });
    });

    test('everything that is required is asked for', async () => {
      expect(Object.keys(await problems({}))).toEqual(['forge', 'repository', 'image', 'tag']);
    });
  });

  describe('forge', () => {
    test('need not be said where there is one only', async () => {
      await restart({ readers: [new HmacReader('gitlab')] });
      expect((await under.bump({ repository: 'a/b/c', image: 'api', tag: '1' })).status).toBe(202);
      expect(under.handedOn[0]?.event).toMatchObject({ repository: { forge: 'gitlab', path: 'a/b/c' } });
    });

    test('must be one that is configured', async () => {
      await restart({ readers: [new HmacReader('gitlab')] });
      expect(await problems(BUMP)).toEqual({ forge: 'This must be "gitlab", which is configured here.' });
    });

    test('must be said where there are two', async () => {
      const { forge: _forge, ...rest } = BUMP;
      expect(await problems(rest)).toEqual({ forge: 'Say which forge: github or gitlab.' });
    });
  });

  describe('fields', () => {
    test.each([
      ['image', 'nginx'],
      ['image', 'library/nginx'],
      ['image', 'localhost:5000/acme/api'],
      ['image', 'registry.example.com:443/a/b__c/d-e.f'],
      ['image', '123456789.dkr.ecr.eu-west-1.amazonaws.com/api'],
      ['tag', 'v1.2.3_rc-1'],
      ['tag', 'a'.repeat(128)],
      ['digest', DIGEST],
      ['source', 'https://github.com/acme/api/actions/runs/1?a=b#c'],
      ['repository', 'acme/config.yaml_-1'],
    ])('%s is taken, case %#', async (field, value) => {
      expect((await under.bump({ ...BUMP, [field]: value })).status).toBe(202);
    });

    test.each([
      ['image', 'ghcr.io/acme/api:1.1.0', 'Send "ghcr.io/acme/api" as "image" and "1.1.0" as "tag".'],
      ['image', 'api:1.1.0', 'Send "api" as "image" and "1.1.0" as "tag".'],
      ['image', 'localhost:5000/api:1.1.0', 'Send "localhost:5000/api" as "image"'],
      ['image', `ghcr.io/acme/api@${DIGEST}`, 'must not hold a digest'],
      ['image', `ghcr.io/acme/api:1@${DIGEST}`, 'must not hold a digest'],
      ['image', 'ghcr.io/acme/api:', 'no image name'],
      ['image', 'ghcr.io/Acme/api', 'no image name'],
      ['image', 'ghcr.io//api', 'no image name'],
      ['image', '../api', 'no image name'],
      ['image', 'api\nimage: evil', 'no image name'],
      ['image', '', 'no image name'],
      ['image', `a/${'a'.repeat(254)}`, 'longer than 255'],
      ['image', ['api'], 'must be a string'],
      ['tag', '', 'no image tag'],
      ['tag', '1.0 ', 'no image tag'],
      ['tag', '-1', 'no image tag'],
      ['tag', '1.0\n', 'no image tag'],
      ['tag', 'a'.repeat(129), 'no image tag'],
      ['tag', '${{x}}', 'no image tag'],
      ['tag', `1.0@${DIGEST}`, 'must not hold a digest'],
      ['tag', 1.1, 'must be a string'],
      ['digest', 'sha256:ABC', '64 hexadecimal digits'],
      ['digest', `${DIGEST}\n`, '64 hexadecimal digits'],
      ['digest', 'sha512:' + 'a'.repeat(128), '64 hexadecimal digits'],
      ['source', 'ftp://x', 'http or https'],
      ['source', 'https://user@x/', 'without a user name'],
      ['source', 'https://:pass@x/', 'without a user name'],
      ['source', 'https://x/) [evil](https://y', 'http or https'],
      ['source', 'https://x/<script>', 'http or https'],
      ['source', '/relative', 'http or https'],
      ['source', `https://x/${'a'.repeat(2_048)}`, 'longer than 2048'],
      ['repository', 'acme', '"owner/name"'],
      ['repository', 'acme/config/more', '"owner/name"'],
      ['repository', 'acme/..', '"owner/name"'],
      ['repository', 'acme/con fig', '"owner/name"'],
      ['repository', `acme/${'a'.repeat(255)}`, 'longer than 255'],
      ['id', '', '1 to 200'],
      ['id', 'a'.repeat(201), '1 to 200'],
      ['id', 'a b', '1 to 200'],
    ])('%s is refused, case %#', async (field, value, words) => {
      const found = await problems({ ...BUMP, [field]: value });
      expect(Object.keys(found)).toEqual([field]);
      expect(found[field]).toContain(words);
    });
  });
});
