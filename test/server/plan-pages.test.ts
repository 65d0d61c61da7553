// A plan's page over HTTP: what reaches the reader behind it, and the headers that keep a page to those who have its link.
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import type { PlanPageAnswer, PlanPageRequest } from '../../src/app/plan/plan-page.js';
import { ServerUnderTest } from './server-under-test.js';

const DIGEST = 'a1'.repeat(32);
let asked: PlanPageRequest[] = [];
let answer: PlanPageAnswer = { kind: 'unknown' };
let server: ServerUnderTest;
beforeEach(async () => {
  asked = [];
  server = await ServerUnderTest.start({
    planPage: (request) => {
      asked.push(request);
      return Promise.resolve(answer);
    },
  });
});
afterEach(() => server.server.close());

it('reads forge, repository, number, digest and form from the address', async () => {
  answer = { kind: 'plan', body: 'the plan', style: null };
  await fetch(`${server.url}/plans/github/acme/config/7/${DIGEST}?key=k`);
  await fetch(`${server.url}/plans/gitlab/group/sub/config/8/${DIGEST}.json?key=k`);
  await fetch(`${server.url}/plans/gitlab/group/sub/config/8/${DIGEST}.diff?key=k`);
  const [first, ...others] = asked;
  expect(first).toEqual({ forge: 'github', path: 'acme/config', number: '7', digest: DIGEST, form: 'html', key: 'k' });
  expect(others.map(({ path, form }) => [path, form])).toEqual([
    ['group/sub/config', 'json'],
    ['group/sub/config', 'diff'],
  ]);
});

it('is a private page without scripts, that nobody lists and that tells nobody where its reader came from', async () => {
  answer = { kind: 'plan', body: '<p>plan</p>', style: 'aGFzaA==' };
  const page = await fetch(`${server.url}/plans/github/acme/config/7/${DIGEST}?key=k`);
  expect(page.status).toBe(200);
  expect(await page.text()).toBe('<p>plan</p>');
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'private, no-cache',
    'content-security-policy':
      "default-src 'none'; style-src 'sha256-aGFzaA=='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow',
  });
});

it('says what to do when the plan is gone', async () => {
  answer = { kind: 'gone', sentence: 'Comment /plan.' };
  const page = await fetch(`${server.url}/plans/github/acme/config/7/${DIGEST}?key=k`);
  expect([page.status, await page.text()]).toEqual([410, 'Comment /plan.\n']);
});

test.each([
  `/plans/github/acme/config/7/${DIGEST}`,
  `/plans/github/acme/config/7/${DIGEST}?key=a&key=b`,
  '/plans/github/acme/config/7/not-a-digest?key=k',
  `/plans/github/7/${DIGEST}?key=k`,
  '/plans/',
])('nothing is there at %s', async (path) => {
  answer = { kind: 'plan', body: 'the plan', style: null };
  const page = await fetch(server.url + path);
  expect(page.status).toBe(404);
  expect(asked).toEqual([]);
});

it('answers a wrong key like an address that is none', async () => {
  answer = { kind: 'unknown' };
  const [wrong, none] = await Promise.all(
    [`/plans/github/acme/config/7/${DIGEST}?key=k`, '/nothing'].map(async (path) => {
      const page = await fetch(server.url + path);
      const headers = Object.fromEntries(page.headers);
      return { status: page.status, text: await page.text(), headers: { ...headers, date: '' } };
    }),
  );
  expect(wrong).toEqual(none);
});
