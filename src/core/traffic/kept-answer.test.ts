import { describe, expect, it, test } from 'vitest';
import {
  answerKey,
  decodeAnswer,
  encodeAnswer,
  keptAnswer,
  LARGEST_KEPT,
  mergedHeaders,
  type KeptAnswer,
} from './kept-answer.js';

const URL_30 = 'https://api.github.com/repos/acme/config/pulls?per_page=30';
const list = (length: number) => JSON.stringify(Array.from({ length }, (_, index) => index));
const NEXT = '<https://api.github.com/repositories/1/pulls?page=2>; rel="next", <…?page=4>; rel="last"';

describe('what is kept of an answer', () => {
  const cases: readonly [name: string, url: string, headers: Record<string, string>, body: string, kept: boolean][] = [
    ['one object', 'https://f/repos/a/b', { etag: 'W/"1"' }, '{"id":1}', true],
    ['a page that is not full', URL_30, { etag: 'W/"1"' }, list(29), true],
    ['an empty list', URL_30, { etag: 'W/"1"' }, '[]', true],
    ['a full page with another after it', URL_30, { etag: 'W/"1"', link: NEXT }, list(30), true],
    ['a full last page, which stays the same when one is added', URL_30, { etag: 'W/"1"' }, list(30), false],
    ['a full last page of those inside an object', `${URL_30}`, { etag: 'W/"1"' }, `{"check_runs":${list(30)}}`, false],
    ['a full page with only those before it', URL_30, { etag: 'W/"1"', link: '<x>; rel="prev"' }, list(30), false],
    ['a page of the size that a forge takes by itself', 'https://f/pulls', { etag: 'W/"1"' }, list(20), false],
    ['a page of more than forges give', 'https://f/pulls?per_page=500', { etag: 'W/"1"' }, list(100), false],
    ['no ETag', 'https://f/repos/a/b', {}, '{"id":1}', false],
    ['an empty ETag', 'https://f/repos/a/b', { etag: '' }, '{"id":1}', false],
    ['more than is kept', 'https://f/x', { etag: 'W/"1"' }, JSON.stringify('x'.repeat(LARGEST_KEPT)), false],
  ];
  it.each(cases)('%s', (_name, url, headers, body, kept) => {
    expect(keptAnswer(url, { headers, body }) !== null).toBe(kept);
  });

  test('nothing of its headers but what paging needs', () => {
    const headers = { etag: 'W/"1"', link: NEXT, 'x-next-page': '2', 'set-cookie': 'secret', date: 'now' };
    expect(keptAnswer(URL_30, { headers, body: list(30) })?.headers).toEqual({ link: NEXT, 'x-next-page': '2' });
  });
});

describe('under which name', () => {
  const question = { identity: 'app 7 installation 1', url: URL_30, accept: 'application/json' };

  test('the same question has the same one', () => {
    expect(answerKey({ ...question })).toBe(answerKey(question));
  });

  test.each([
    ['another installation', { identity: 'app 7 installation 11' }],
    ['another page', { url: `${URL_30}&page=2` }],
    ['another media type', { accept: 'application/vnd.github.diff' }],
    ['parts that read the same side by side', { identity: `app 7 installation 1${URL_30}`, url: '' }],
  ])('%s has another', (_name, change) => {
    expect(answerKey({ ...question, ...change })).not.toBe(answerKey(question));
  });

  test('it tells nothing of who asked', () => {
    expect(answerKey({ ...question, identity: 'ghp_secret' })).not.toContain('ghp_secret');
  });
});

test('a kept answer comes back as it was put, and whatever else is there does not', () => {
  const kept: KeptAnswer = { etag: 'W/"1"', headers: { link: NEXT }, body: '{"a":"ü\\u0000"}' };
  expect(decodeAnswer(encodeAnswer(kept))).toEqual(kept);
  for (const text of ['', '{', 'null', '[]', '{"etag":1,"headers":{},"body":""}', '{"etag":"x","body":"y"}'])
    expect([text, decodeAnswer(text)]).toEqual([text, null]);
});

test('what a 304 says of paging and limits is newer than what was kept', () => {
  const kept: KeptAnswer = { etag: 'W/"1"', headers: { link: 'old', 'x-page': '1' }, body: '[]' };
  expect(mergedHeaders(kept, { link: 'new', 'x-ratelimit-remaining': '17' })).toEqual({
    link: 'new',
    'x-page': '1',
    'x-ratelimit-remaining': '17',
    etag: 'W/"1"',
  });
  expect(mergedHeaders(kept, {})).toMatchObject({ link: 'old' });
});
