import { describe, expect, it, test } from 'vitest';
import { decideStatus, MOST_STATUSES, type StatusFacts } from './status-budget.js';
import { countedWrites, decideWrite, GITHUB_LIMITS, type WriteFacts, type WriteWeight } from './write-budget.js';

const NOW = Date.UTC(2026, 3, 17, 12);
const [MINUTE, HOUR] = [60_000, 60 * 60_000];

/** So many, the latest `ago` ms ago, a second apart. */
const writes = (count: number, ago: number) => Array.from({ length: count }, (_, index) => NOW - ago - index * 1000);

const facts = (weight: WriteWeight, sent: readonly number[], change: Partial<WriteFacts> = {}): WriteFacts => ({
  weight,
  now: NOW,
  sent,
  refusedUntil: null,
  limits: GITHUB_LIMITS,
  ...change,
});

describe('how many writes of the last hour leave room', () => {
  const most: readonly [WriteWeight, number][] = [
    ['progress', 300],
    ['result', 400],
    ['answer', 450],
    ['merge', 500],
  ];
  it.each(most)('for %s: fewer than %i', (weight, limit) => {
    expect(decideWrite(facts(weight, writes(limit - 1, 2 * MINUTE)))).toEqual({ kind: 'send' });
    expect(decideWrite(facts(weight, writes(limit, 2 * MINUTE)))).toMatchObject({ kind: 'put-off', used: limit });
  });
});

describe('how many of the last minute do', () => {
  const close = (count: number) => Array.from({ length: count }, () => NOW - 1000);
  it.each([
    ['progress', 48],
    ['result', 64],
    ['answer', 72],
    ['merge', 80],
  ] as const)('for %s: fewer than %i', (weight, limit) => {
    expect(decideWrite(facts(weight, close(limit - 1)))).toEqual({ kind: 'send' });
    expect(decideWrite(facts(weight, close(limit)))).toEqual({
      kind: 'put-off',
      because: 'used-up',
      until: NOW - 1000 + MINUTE,
      limit: GITHUB_LIMITS[0],
      used: limit,
    });
  });
});

test('what is put off may go once enough writes are old', () => {
  const sent = writes(350, 10 * MINUTE);
  const decision = decideWrite(facts('progress', sent));
  if (decision.kind === 'send') throw new Error('It was sent');
  expect(decideWrite(facts('progress', sent, { now: decision.until - 1 }))).toMatchObject({ kind: 'put-off' });
  expect(decideWrite(facts('progress', sent, { now: decision.until }))).toEqual({ kind: 'send' });
  // 51 of the 350 have to be an hour old, the latest of those is the 300th newest.
  expect(decision.until).toBe(NOW - 10 * MINUTE - 299 * 1000 + HOUR);
});

test('the longer of two waits counts', () => {
  const sent = [...writes(48, 0).map(() => NOW - 5000), ...writes(300, 30 * MINUTE)];
  expect(decideWrite(facts('progress', sent))).toMatchObject({ limit: { within: HOUR } });
});

test('what is older than an hour is forgotten', () => {
  expect(decideWrite(facts('progress', writes(5000, HOUR)))).toEqual({ kind: 'send' });
  expect(countedWrites([NOW - HOUR, NOW - HOUR + 1, NOW], NOW, GITHUB_LIMITS)).toEqual([NOW - HOUR + 1, NOW]);
  expect(countedWrites(writes(5000, 0), NOW, GITHUB_LIMITS)).toHaveLength(1000);
});

test('a process whose clock is ahead holds nobody up for longer than the limit', () => {
  const ahead = Array.from({ length: 48 }, () => NOW + HOUR);
  expect(decideWrite(facts('progress', ahead))).toMatchObject({ kind: 'put-off', until: NOW + MINUTE });
});

test.each(['progress', 'result', 'answer', 'merge'] as const)(
  'where the forge itself refused, no %s is sent before the time that it named',
  (weight) => {
    const refused = facts(weight, [], { refusedUntil: NOW + MINUTE });
    expect(decideWrite(refused)).toEqual({ kind: 'put-off', until: NOW + MINUTE, because: 'refused' });
    expect(decideWrite({ ...refused, now: NOW + MINUTE })).toEqual({ kind: 'send' });
  },
);

describe('statuses of one commit and context', () => {
  const cases: readonly [number, StatusFacts['standing'], StatusFacts['wanted'], string][] = [
    [0, null, 'pending', 'send'],
    [899, 'pending', 'pending', 'send'],
    // Words alone.
    [900, 'pending', 'pending', 'leave-out'],
    [900, 'success', 'success', 'leave-out'],
    [900, null, 'pending', 'send'],
    [949, 'failure', 'pending', 'send'],
    // Only what decides.
    [950, 'failure', 'pending', 'leave-out'],
    [950, null, 'pending', 'leave-out'],
    [950, 'success', 'pending', 'send'],
    [999, 'pending', 'success', 'send'],
    [999, 'success', 'failure', 'send'],
    [999, 'pending', 'failure', 'send'],
    [999, 'success', 'success', 'leave-out'],
    [MOST_STATUSES, 'pending', 'success', 'used-up'],
  ];
  it.each(cases)('after %i: from %s to %s: %s', (posted, standing, wanted, kind) => {
    expect(decideStatus({ posted, standing, wanted }).kind).toBe(kind);
  });
});
