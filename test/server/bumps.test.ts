// How image bumps are accepted: by whom, and once only.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/core/problem.js';
import { BUMP, DIGEST, problemsOf } from './bump-requests.js';
import { ServerUnderTest, TOKEN } from './server-under-test.js';

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

  test('one is taken in as a delivery of the API, and accepted', async () => {
    const answer = await under.bump({ ...BUMP, digest: DIGEST, source: 'https://ci.example/run/1', id: 'build-17' });
    expect([answer.status, answer.json, answer.headers.get('location')]).toEqual([
      202,
      { id: 'build-17', state: 'accepted', delivery: 'recorded', url: '/api/v1/bumps/build-17' },
      '/api/v1/bumps/build-17',
    ]);
    expect(await under.inbox.waiting()).toMatchObject([
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
      under = await under.restart({ apiToken: null });
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
      expect(await under.inbox.latest({ most: 9 })).toMatchObject([{ id: 'build-17', outcome: 'done' }]);
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
      expect(await problemsOf(under, { ...BUMP, id: 'a' }, { 'idempotency-key': 'b' })).toEqual({
        id: 'This differs from the Idempotency-Key header. Send one of them.',
      });
      expect(await problemsOf(under, BUMP, { 'idempotency-key': 'a b' })).toHaveProperty('Idempotency-Key');
    });
  });

  test('what cannot be stored is not accepted: 503', async () => {
    under = await under.restart({ takeIn: () => Promise.reject(new Unavailable('full')) });
    expect((await under.bump(BUMP)).status).toBe(503);
  });
});
