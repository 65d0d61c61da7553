import { describe, expect, it, test } from 'vitest';
import { decideBySaidLimits, type SaidFacts } from './said-limits.js';
import type { WriteWeight } from './write-budget.js';

const NOW = Date.UTC(2026, 3, 17, 12);
const MINUTE = 60_000;

const decide = (weight: WriteWeight, change: Partial<SaidFacts>) =>
  decideBySaidLimits({ weight, now: NOW, said: [], refusedUntil: null, ...change });
const said = (remaining: number, resetAt = NOW + MINUTE) => ({ limit: 2_000, remaining, resetAt });

describe('of 2,000 requests a minute', () => {
  it.each([
    ['progress', 800],
    ['result', 400],
    ['answer', 200],
    ['merge', 0],
  ] as const)('%s goes out while more than %i remain', (weight, remaining) => {
    expect(decide(weight, { said: [said(remaining + 1)] })).toEqual({ kind: 'send' });
    expect(decide(weight, { said: [said(remaining)] })).toEqual({
      kind: 'put-off',
      until: NOW + MINUTE,
      limit: said(remaining),
    });
  });
});

test('a window that has ended says nothing', () => {
  expect(decide('progress', { said: [said(0, NOW)] })).toEqual({ kind: 'send' });
});

test('of several limits the one that lasts longest is waited for', () => {
  const limits = [said(0), said(0, NOW + 2 * MINUTE), said(1_999, NOW + 9 * MINUTE)];
  expect(decide('progress', { said: limits })).toMatchObject({ until: NOW + 2 * MINUTE });
});

test('where the forge refused, nothing is sent before the time that it named', () => {
  const refused = { refusedUntil: NOW + MINUTE };
  expect(decide('progress', refused)).toEqual({ kind: 'put-off', until: NOW + MINUTE, limit: null });
  expect(decide('result', refused)).toMatchObject({ kind: 'put-off' });
  expect(decide('answer', refused)).toMatchObject({ kind: 'put-off', until: NOW + MINUTE });
  expect(decide('merge', refused)).toMatchObject({ kind: 'put-off', until: NOW + MINUTE });
  expect(decide('progress', { refusedUntil: NOW })).toEqual({ kind: 'send' });
});

test('a clock that is ahead holds nothing up for longer than an hour', () => {
  expect(decide('progress', { said: [said(0, NOW + 600 * MINUTE)] })).toMatchObject({ until: NOW + 60 * MINUTE });
});
