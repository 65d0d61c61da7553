import { describe, expect, it, test } from 'vitest';
import type { Blocker, Readiness } from '../standing/readiness.js';
import {
  afterNotYet,
  entryStanding,
  patienceEnds,
  patienceWith,
  type EntryFacts,
  parallelBeside,
} from './entry-standing.js';

const ready: Readiness = { state: 'ready', head: 'h1', digest: 'd' };
const waiting = (...blockers: Blocker[]): Readiness => ({ state: 'waiting', blockers });
const blocked = (...blockers: Blocker[]): Readiness => ({ state: 'blocked', blockers });
const pending: Blocker = { kind: 'check-pending', name: 'ci' };
const unplanned: readonly Blocker[] = [{ kind: 'policy-refused' }, { kind: 'plan-missing' }];

test.each<[string, Partial<EntryFacts>, ReturnType<typeof entryStanding>]>([
  ['ready', {}, 'ready'],
  ['a ticket for an earlier head', { ticket: { head: 'h0' } }, 'waiting'],
  ['without a ticket', { ticket: null }, 'waiting'],
  ['its checks run', { readiness: waiting(pending) }, 'waiting'],
  ['held', { readiness: blocked({ kind: 'held', hold: { by: 'alice', at: 0, reason: null } }) }, 'blocked'],
  ['only its plan is missing', { plan: null, readiness: blocked(...unplanned) }, 'planning'],
  ['its plan and its checks are missing', { plan: null, readiness: blocked(...unplanned, pending) }, 'waiting'],
  [
    'without a plan, and a check failed',
    { plan: null, readiness: blocked(...unplanned, { kind: 'check-failed', name: 'ci' }) },
    'blocked',
  ],
  ['without a plan, pushed to', { plan: null, ticket: { head: 'h0' }, readiness: blocked(...unplanned) }, 'blocked'],
])('%s', (_what, facts, expected) => {
  expect(entryStanding({ head: 'h1', ticket: { head: 'h1' }, plan: { digest: 'd' }, readiness: ready, ...facts })).toBe(
    expected,
  );
});

describe('patience', () => {
  const MINUTE = 60_000;

  it('with an entry ends after an hour', () => {
    const ticket = { at: 7 };
    const last = 7 + 60 * MINUTE;
    expect([last, last + 1].map((now) => patienceWith(ticket, now))).toEqual(['left', 'spent']);
    expect(patienceEnds(ticket)).toBe(last + 1);
  });

  it.each([
    ['at once', 0, 'look-again', 5000],
    ['half as long again', 4 * MINUTE, 'look-again', 2 * MINUTE],
    ['for ten minutes', 10 * MINUTE, 'look-again', 5 * MINUTE],
    ['and then lets others pass', 10 * MINUTE + 1, 'passed-over', 5 * MINUTE],
  ])('with the forge lasts %s', (_what, waited, next, later) => {
    expect(afterNotYet({ at: 100 }, 100 + waited)).toEqual({ next, retryAt: 100 + waited + later });
  });

  it('is none with what has no ticket', () => {
    expect(afterNotYet(null, 100)).toEqual({ next: 'passed-over', retryAt: 5100 });
  });
});

test.each<[string, Parameters<typeof parallelBeside>[0][number], 'on' | 'off']>([
  ['none is being brought up to date', { ticket: {}, headMove: 'none' }, 'on'],
  ['one says so', { ticket: { updated: 'for-the-forge' }, headMove: 'none' }, 'off'],
  ['one has the new head already, and a ticket for the former one', { ticket: {}, headMove: 'updated' }, 'off'],
  ['people pushed to one, which leaves', { ticket: {}, headMove: 'pushed' }, 'on'],
])('one after the other or not, where %s', (_what, entry, parallel) => {
  const other = { ticket: {}, headMove: 'none' } as const;
  expect(parallelBeside([other, entry], 'on')).toBe(parallel);
  expect(parallelBeside([other, entry], 'off')).toBe('off');
});
