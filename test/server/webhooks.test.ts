import { request } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Unavailable } from '../../src/core/problem.js';
import { HmacReader, SECRET, ServerUnderTest, sign } from './server-under-test.js';

const BODY = '{"number": 7}';

describe('webhooks', () => {
  let under: ServerUnderTest;
  beforeEach(async () => {
    under = await ServerUnderTest.start();
  });
  afterEach(() => under.stop());

  test.each(['github', 'gitlab'] as const)('a signed one of %s is taken in, then accepted', async (forge) => {
    const answer = await under.signed(BODY, {}, forge);
    expect([answer.status, answer.json]).toEqual([202, { outcome: 'recorded', id: 'd1' }]);
    const delivery = {
      id: 'd1',
      source: forge,
      name: 'pull_request',
      receivedAt: 1_000,
      event: { kind: 'pull-request', repository: { forge, path: 'acme/config' }, number: 7 },
    };
    expect(await under.inbox.waiting()).toEqual([{ ...delivery, state: 'waiting', outcome: null }]);
  });

  test('without a signature: 401, and nothing is recorded', async () => {
    const answer = await under.webhook(BODY);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('not signed');
    expect(await under.inbox.waiting()).toEqual([]);
  });

  test('with a wrong signature: 401, and nothing is recorded', async () => {
    for (const signature of [sign(BODY, 'another secret'), sign('{"number": 8}'), 'x', '']) {
      const answer = await under.webhook(BODY, { 'x-signature': signature });
      expect(answer.status).toBe(401);
    }
    expect(await under.inbox.waiting()).toEqual([]);
  });

  test('signed, but not JSON: 400 with the reason', async () => {
    const answer = await under.signed('{"number": ');
    expect([answer.status, answer.json]).toEqual([400, { error: 'The body is not JSON.' }]);
  });

  test('not JSON and not signed: 401, for nothing unsigned is parsed', async () => {
    expect((await under.webhook('{"number": ')).status).toBe(401);
  });

  test('without any body', async () => {
    expect((await under.request('/api/github/webhooks', { method: 'POST' })).status).toBe(401);
    const signed = await under.request('/api/github/webhooks', {
      method: 'POST',
      headers: { 'x-signature': sign('') },
    });
    expect(signed.status).toBe(400);
  });

  test('the bytes are what is signed, whatever they are and are said to be', async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x00, 0x22, 0x7d]);
    const read: Buffer[] = [];
    const reader = new HmacReader('github');
    under = await under.restart({
      readers: [{ source: 'github', read: (headers, body) => (read.push(body), reader.read(headers, body)) }],
    });
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const answer = await under.request('/api/github/webhooks', {
        method: 'POST',
        body: bytes,
        headers: { 'content-type': type, 'x-signature': sign(bytes) },
      });
      expect(answer.status).toBe(400);
    }
    expect(read).toEqual([bytes, bytes, bytes]);
  });

  test('an event that concerns nothing here is ignored politely', async () => {
    const answer = await under.signed(BODY, { 'x-event': 'ping' });
    expect([answer.status, answer.json]).toEqual([202, { outcome: 'ignored', id: 'd1' }]);
    expect(await under.inbox.waiting()).toEqual([]);
  });

  test('the same delivery again is accepted, and said to be a duplicate', async () => {
    await under.signed(BODY);
    const answer = await under.signed('{"number": 8}');
    expect([answer.status, answer.json]).toEqual([202, { outcome: 'duplicate', id: 'd1' }]);
    expect(await under.inbox.waiting()).toMatchObject([{ event: { number: 7 } }]);
    expect(under.log.lines.at(-1)).toContain('accepted before');
  });

  test('what cannot be stored is not accepted: 503, and try again', async () => {
    const cause = new Unavailable('/data/lockkeeper.sqlite: database or disk is full');
    under = await under.restart({ takeIn: () => Promise.reject(cause) });
    const answer = await under.signed(BODY);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    expect(answer.text).not.toContain('/data');
    expect(under.log.lines.at(-1)).toContain('database or disk is full');
  });

  test('it is not answered before it was taken in', async () => {
    const steps: string[] = [];
    under = await under.restart({
      takeIn: async () => {
        for (let wait = 0; wait < 20; wait++) await turn();
        steps.push('taken in');
        return 'recorded';
      },
    });
    await under.signed(BODY).then(() => steps.push('answered'));
    expect(steps).toEqual(['taken in', 'answered']);
  });

  test('a forge that is not configured: 404 with a sentence', async () => {
    under = await under.restart({ readers: [new HmacReader('github')] });
    const answer = await under.signed(BODY, {}, 'gitlab');
    expect([answer.status, answer.json]).toEqual([
      404,
      { error: 'GitLab is not configured here, so its webhooks are not taken.' },
    ]);
    expect((await under.signed(BODY)).status).toBe(202);
  });

  test('a reader that fails: 500 without its words', async () => {
    under = await under.restart({
      readers: [{ source: 'github', read: () => Promise.reject(new Error('a bug with a secret in it')) }],
    });
    const answer = await under.signed(BODY);
    expect([answer.status, answer.json]).toEqual([500, { error: 'This failed here; the log says why.' }]);
  });

  describe('size', () => {
    test('up to the limit it is taken, one byte more is 413', async () => {
      under = await under.restart({ bodyLimit: 100 });
      const body = BODY.padEnd(100);
      expect((await under.signed(body)).status).toBe(202);
      const answer = await under.signed(`${body} `);
      expect([answer.status, answer.json]).toEqual([413, { error: 'The body is larger than 100 bytes.' }]);
    });

    test('a body that does not say its length is cut off at the limit', async () => {
      under = await under.restart({ bodyLimit: 100 });
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const sending = request(`${under.url}/api/github/webhooks`, { method: 'POST' }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sending.on('error', reject);
        sending.write('x'.repeat(60));
        sending.end('x'.repeat(60));
      });
      expect(status).toBe(413);
    });

    test('25 MiB is the limit where none is set, refused before a byte of it is read', async () => {
      const status = (length: number): Promise<string> =>
        new Promise((resolve, reject) => {
          const socket = connect(Number(new URL(under.url).port), '127.0.0.1');
          socket.on('error', reject);
          socket.once('data', (data) => {
            socket.destroy();
            resolve(data.toString().split('\r\n')[0] ?? '');
          });
          socket.write(`POST /api/github/webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`);
        });
      expect(await status(26_214_401)).toContain('413');
    });

    test('25 MiB is taken', async () => {
      expect((await under.signed(BODY.padEnd(26_214_400))).status).toBe(202);
    });
  });

  test('the log names delivery and event, and neither the secret, the signature nor the body', async () => {
    await under.signed('{"number": 7, "title": "very private"}');
    await under.webhook('{"number": 7, "title": "very private"}', { 'x-signature': 'f'.repeat(64) });
    const [accepted, refused] = under.log.lines;
    expect(accepted).toBe('info A webhook was accepted. {"source":"github","delivery":"d1","event":"pull_request"}');
    expect(refused).toBe('warn A webhook with a wrong signature was refused. {"source":"github"}');
    const all = under.log.lines.join('\n');
    for (const hidden of [SECRET, 'very private', sign('{"number": 7, "title": "very private"}'), 'ffff']) {
      expect(all).not.toContain(hidden);
    }
  });

  test('closing waits until what is under way was answered', async () => {
    let release = (): void => undefined;
    let arrived = (): void => undefined;
    const gate = new Promise<'recorded'>((resolve) => (release = () => resolve('recorded')));
    const isUnderWay = new Promise<void>((resolve) => (arrived = resolve));
    under = await under.restart({
      takeIn: () => {
        arrived();
        return gate;
      },
    });
    const answer = under.signed(BODY);
    await isUnderWay;
    let state: 'open' | 'closed' = 'open';
    const closed = under.stop().then(() => (state = 'closed'));
    for (let wait = 0; wait < 20; wait++) await turn();
    expect(state).toBe('open');
    release();
    expect((await answer).status).toBe(202);
    expect(await closed).toBe('closed');
    await expect(under.signed(BODY)).rejects.toThrow('fetch failed');
  });
});
