import { describe, expect, it } from 'vitest';
import { problemOf, type GithubFailure } from '../../../src/adapters/github/errors.js';
import { Forbidden, Unavailable } from '../../../src/core/problem.js';

const now = 1_767_600_000_000;

function failure(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Error & Pick<GithubFailure, 'status' | 'response'> {
  return Object.assign(new Error(message), { status, response: { headers, data: { message } } });
}

describe('come again later', () => {
  it.each([
    ['a server error', failure(502, 'Bad gateway'), null],
    ['a server error that names a time', failure(503, 'x', { 'retry-after': '30' }), now + 30_000],
    ['429', failure(429, 'Too many', { 'retry-after': '7' }), now + 7000],
    ['the secondary limit', failure(403, 'You have exceeded a secondary rate limit.'), null],
    ['the secondary limit with a time', failure(403, 'x', { 'retry-after': '60' }), now + 60_000],
    [
      'the primary limit',
      failure(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767601000' }),
      1_767_601_000_000,
    ],
    ['no answer', Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { status: 500 }), null],
  ])('%s', (_name, error, retryAt) => {
    const problem = problemOf('merge acme/config#7', error, now);
    expect(problem).toBeInstanceOf(Unavailable);
    expect(problem).toMatchObject({ retryAt, message: expect.stringContaining('merge acme/config#7') });
    expect(problem.cause).toBeUndefined();
  });
});

describe('you may not', () => {
  it.each([
    ['401', failure(401, 'Bad credentials'), /credentials/],
    ['404', failure(404, 'Not Found'), /not there, or the bot was not given it/],
    [
      '403 with what is missing',
      failure(403, 'Resource not accessible by integration', { 'x-accepted-github-permissions': 'contents=write' }),
      /Resource not accessible by integration \(needs the permission contents=write\)/,
    ],
    ['403 far from any limit', failure(403, 'No', { 'x-ratelimit-remaining': '4999' }), /No/],
    ['422 of a ruleset', failure(422, 'Repository rule violations found'), /rule violations/],
  ])('%s', (_name, error, words) => {
    const problem = problemOf('merge acme/config#7', error, now);
    expect(problem).toBeInstanceOf(Forbidden);
    expect(problem.message).toMatch(words);
    expect(problem.message).toContain('merge acme/config#7');
  });
});

it('calls what we sent wrong a bug', () => {
  const problem = problemOf('open a pull request', failure(422, 'Validation Failed'), now);
  expect(problem).not.toBeInstanceOf(Forbidden);
  expect(problem).not.toBeInstanceOf(Unavailable);
});

it('passes on what has words already', () => {
  const problem = new Unavailable('the lane was taken over');
  expect(problemOf('merge', problem, now)).toBe(problem);
});
