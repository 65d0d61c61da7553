import { afterEach, describe, expect, test } from 'vitest';
import { ServerUnderTest } from './server-under-test.js';

describe('health', () => {
  let under: ServerUnderTest;
  afterEach(() => under.stop());

  test('the process is alive', async () => {
    under = await ServerUnderTest.start();
    const answer = await under.request('/healthz');
    expect([answer.status, answer.json]).toEqual([200, { state: 'alive', version: '0.1.0-test' }]);
  });

  test('it is ready when every part is', async () => {
    const parts = [{ name: 'store', state: 'ready', detail: 'It can be written.' }] as const;
    under = await ServerUnderTest.start({ readiness: async () => parts });
    const answer = await under.request('/readyz');
    expect([answer.status, answer.json]).toEqual([200, { state: 'ready', parts }]);
  });

  test('it is not ready when one part is not, and says which', async () => {
    const parts = [
      { name: 'store', state: 'ready', detail: 'It can be written.' },
      { name: 'github', state: 'failing', detail: 'The last sweep did not reach it.' },
    ] as const;
    under = await ServerUnderTest.start({ readiness: async () => parts });
    const answer = await under.request('/readyz');
    expect([answer.status, answer.json]).toEqual([503, { state: 'not-ready', parts }]);
  });

  test('it is not ready when that cannot be found out, and does not say more than that', async () => {
    under = await ServerUnderTest.start({ readiness: () => Promise.reject(new Error('/data: no such file')) });
    const answer = await under.request('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('/data');
    expect(under.log.lines.join()).toContain('/data: no such file');
  });

  test('the first page says what this is', async () => {
    under = await ServerUnderTest.start();
    const answer = await under.request('/');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(answer.text).toMatch(/^Lockkeeper 0\.1\.0-test:/);
  });

  test('what is not there: 404 as JSON', async () => {
    under = await ServerUnderTest.start();
    const answer = await under.request('/wp-login.php');
    expect([answer.status, answer.json]).toEqual([404, { error: 'There is nothing here. GET / says what there is.' }]);
  });

  test('every answer has the security headers and none names its maker', async () => {
    under = await ServerUnderTest.start();
    for (const path of ['/', '/healthz', '/nothing', '/api/v1/bumps/x', '/%zz']) {
      const { headers } = await under.request(path);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });
});
