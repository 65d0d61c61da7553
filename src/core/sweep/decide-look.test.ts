import { describe, expect, it, test } from 'vitest';
import type { PullRequest } from '../forge-objects.js';
import {
  decideLook,
  everythingInterval,
  isSettled,
  RECENT,
  stampOf,
  UNSETTLED,
  type LookFacts,
  type SweepRecord,
} from './decide-look.js';

const NOW = Date.UTC(2026, 3, 17, 12);
const HOUR = 60 * 60 * 1000;

const pull = (number: number, change: Partial<PullRequest> = {}): PullRequest => ({
  repository: { forge: 'github', path: 'acme/config' },
  number,
  url: `https://forge/${number}`,
  title: 'Change',
  body: '',
  state: 'open',
  readiness: 'ready',
  author: { login: 'alice', kind: 'human' },
  base: 'main',
  head: { branch: 'work', sha: 'a'.repeat(40), origin: 'same-repository' },
  mergeCommit: null,
  mergeability: 'unknown',
  labels: [],
  createdAt: NOW - 10 * HOUR,
  updatedAt: NOW - 5 * HOUR,
  ...change,
});

const [one, two, three] = [pull(1), pull(2), pull(3)];

const record: SweepRecord = {
  everythingAt: NOW - HOUR,
  branches: 'pushed 1',
  business: 'ours',
  pullRequests: { 1: stampOf(one), 2: stampOf(two), 3: stampOf(three) },
  promotions: 'at-rest',
};

const facts: LookFacts = {
  record,
  seen: { pullRequests: [three, two, one], extent: 'all', branches: 'pushed 1' },
  now: NOW,
  interval: 6 * HOUR,
};

const seeing = (...pullRequests: readonly PullRequest[]): LookFacts => ({
  ...facts,
  seen: { ...facts.seen, pullRequests },
});
const nothing = { kind: 'some', attend: [], news: 'none', promote: false };

test('where nothing has changed there is nothing to do', () => {
  expect(decideLook(facts)).toEqual(nothing);
});

describe('everything is looked at', () => {
  const cases: readonly [string, LookFacts, string][] = [
    ['the first time', { ...facts, record: null }, 'no-record'],
    ['when it is due', { ...facts, now: record.everythingAt + 6 * HOUR }, 'due'],
    ['when the clock went back', { ...facts, now: record.everythingAt - 1 }, 'due'],
    ['when a branch moved', { ...facts, seen: { ...facts.seen, branches: 'pushed 2' } }, 'branches-moved'],
    ['where branches can’t be told', { ...facts, seen: { ...facts.seen, branches: null } }, 'branches-moved'],
    [
      'where they could not be told then',
      { ...facts, record: { ...record, branches: null }, seen: { ...facts.seen, branches: null } },
      'branches-moved',
    ],
    [
      'when all that a full page shows is news, for there may be more',
      {
        ...facts,
        seen: { ...facts.seen, extent: 'latest', pullRequests: [pull(4), pull(5)] },
      },
      'too-much-news',
    ],
  ];
  it.each(cases)('%s', (_name, given, why) => {
    expect(decideLook(given)).toEqual({ kind: 'everything', why });
  });

  test('but not a moment before it is due', () => {
    expect(decideLook({ ...facts, now: record.everythingAt + 6 * HOUR - 1 })).toEqual(nothing);
  });
});

describe('one is attended', () => {
  const cases: readonly [string, PullRequest][] = [
    ['that was touched', pull(2, { updatedAt: NOW - HOUR })],
    ['whose head moved', pull(2, { head: { branch: 'work', sha: 'b'.repeat(40), origin: 'same-repository' } })],
    ['that aims at another branch', pull(2, { base: 'release' })],
    ['that is a draft now', pull(2, { readiness: 'draft' })],
    ['that was closed', pull(2, { state: 'closed' })],
    ['that was merged', pull(2, { state: 'merged' })],
  ];
  it.each(cases)('%s, with what rests on it', (_name, changed) => {
    expect(decideLook(seeing(three, changed, one))).toEqual({ ...nothing, attend: [2], news: 'some' });
  });

  test('that is new', () => {
    expect(decideLook(seeing(pull(4), three, two, one))).toEqual({ ...nothing, attend: [4], news: 'some' });
  });

  test('that waits for what no listing shows, touched or not, on this page or not', () => {
    const waiting = { ...record, pullRequests: { ...record.pullRequests, 2: null, 17: null } };
    const touched = pull(2, { updatedAt: NOW - HOUR });
    expect(decideLook({ ...facts, record: waiting })).toEqual({ ...nothing, attend: [2, 17] });
    expect(decideLook({ ...seeing(three, touched, one), record: waiting })).toEqual({ ...nothing, attend: [2, 17] });
  });

  test('that was closed and is not known, only within a day of its last touch', () => {
    const closed = (updatedAt: number) => pull(9, { state: 'closed', updatedAt });
    expect(decideLook(seeing(closed(NOW - RECENT)))).toMatchObject({ attend: [9] });
    expect(decideLook(seeing(closed(NOW - RECENT - 1)))).toEqual(nothing);
  });
});

test('a page on which something is as it was shows all that is news', () => {
  const given = seeing(pull(5), pull(4), one);
  expect(decideLook({ ...given, seen: { ...given.seen, extent: 'latest' } })).toMatchObject({ attend: [4, 5] });
});

test('of a repository that is not ours only the branches matter, which may bring a configuration', () => {
  const strange: SweepRecord = { ...record, business: 'not-ours', pullRequests: {} };
  expect(decideLook({ ...facts, record: strange })).toEqual(nothing);
  expect(decideLook({ ...facts, record: strange, seen: { ...facts.seen, branches: 'pushed 2' } })).toMatchObject({
    kind: 'everything',
  });
});

test('promotions that wait for checks are decided again', () => {
  expect(decideLook({ ...facts, record: { ...record, promotions: 'waiting' } })).toEqual({ ...nothing, promote: true });
});

test('what was touched a moment ago may be touched again within the second that forges show', () => {
  expect([isSettled(NOW, NOW), isSettled(NOW - UNSETTLED, NOW), isSettled(NOW - UNSETTLED - 1, NOW)]).toEqual([
    false,
    false,
    true,
  ]);
});

test('not every repository is due at once, and each always after the same time', () => {
  const intervals = Array.from({ length: 200 }, (_, index) => everythingInterval(`github:acme/config-${index}`));
  expect(new Set(intervals).size).toBeGreaterThan(100);
  expect(Math.min(...intervals)).toBeGreaterThanOrEqual(4.5 * HOUR);
  expect(Math.max(...intervals)).toBeLessThanOrEqual(7.5 * HOUR);
  expect(everythingInterval('github:acme/config-0')).toBe(intervals[0]);
});
