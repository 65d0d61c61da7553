import { describe, expect, it, test } from 'vitest';
import { freezesInForce, nextThaw, withFreeze, withoutFreeze, wrongEnd, type Freeze, type WrongEnd } from './freeze.js';

const DAY = 86_400_000;
const now = 1000 * DAY;
const freeze = (env: string, until: number | null): Freeze => ({ env, by: 'alice', at: 1, until, reason: 'audit' });

test.each<[string, number | null, WrongEnd['why'] | null]>([
  ['no end', null, null],
  ['in a moment', now + 1, null],
  ['in a leap year', now + 366 * DAY, null],
  ['a moment later than that', now + 366 * DAY + 1, 'too-far'],
  ['now', now, 'past'],
  ['before', now - 1, 'past'],
])('an end: %s', (_what, until, why) => {
  expect(wrongEnd(until, now)).toEqual(why === null ? null : { until, why });
});

describe('what is frozen', () => {
  const prod = freeze('prod', now + DAY);
  const lasting = freeze('test', null);
  const over = freeze('dev', now);

  it('ends by itself at its time, not after it', () => {
    expect(freezesInForce([prod, lasting, over], now)).toEqual([prod, lasting]);
  });

  it('holds one freeze of each environment, and none that has ended', () => {
    const longer = freeze('prod', null);
    expect(withFreeze([lasting, prod, over], longer, now)).toEqual([longer, lasting]);
    expect(withoutFreeze([lasting, prod, over], 'prod', now)).toEqual([lasting]);
  });

  it('tells when time alone next ends one', () => {
    const freezes = [lasting, freeze('qa', now + 2 * DAY), prod];
    expect(nextThaw({ kind: 'read', freezes }, now)).toBe(now + DAY);
    expect(nextThaw({ kind: 'read', freezes: [lasting, over] }, now)).toBeNull();
    expect(nextThaw({ kind: 'unreadable', why: 'deleted' }, now)).toBeNull();
  });
});
