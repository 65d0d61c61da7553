import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { PullRequestKind } from '../configuration.js';
import type { PullRequest } from '../forge-objects.js';
import type { Blocker, Readiness } from '../standing/readiness.js';
import { initialState } from '../standing/sticky-state.js';
import { decideTicket, type TicketFacts } from './decide-ticket.js';
import { orderQueue } from './order-queue.js';

const ready: Readiness = { state: 'ready', head: 'h1', digest: 'd' };
const waiting = (...blockers: Blocker[]): Readiness => ({ state: 'waiting', blockers });
const refused: Blocker = { kind: 'policy-refused' };
const blocked: Readiness = { state: 'blocked', blockers: [refused] };
const running = waiting({ kind: 'check-pending', name: 'ci' });
const planning = waiting({ kind: 'plan-missing' });
const ticket = { by: 'alice', at: 5, head: 'h1' };

describe('decideTicket', () => {
  const decide = (
    over: Partial<TicketFacts> & { state?: TicketFacts['state'] },
    prState: PullRequest['state'] = 'open',
    head = 'h1',
  ) =>
    decideTicket({
      pullRequest: { state: prState, head: { sha: head } } as PullRequest,
      state: initialState(head),
      readiness: ready,
      headMove: head === 'h1' ? 'none' : 'pushed',
      merge: 'auto',
      stamp: 'as it stands',
      self: 'keeper',
      now: 9,
      ...over,
    });

  test.each<[string, Readiness, 'auto' | 'manual', PullRequest['state'], string]>([
    ['ready', ready, 'auto', 'open', 'join'],
    ['a check runs', running, 'auto', 'open', 'join'],
    ['no plan yet', planning, 'auto', 'open', 'keep'],
    ['blocked', blocked, 'auto', 'open', 'keep'],
    ['by hand only', ready, 'manual', 'open', 'keep'],
    ['merged', ready, 'auto', 'merged', 'keep'],
    ['closed', ready, 'auto', 'closed', 'keep'],
  ])('without a ticket: %s', (_what, readiness, merge, state, kind) => {
    expect(decide({ readiness, merge }, state).kind).toBe(kind);
  });

  it('does not join while it stands as when the forge refused it', () => {
    const refusedAt = (stamp: string) => decide({ state: { ...initialState('h1'), refused: stamp } }).kind;
    expect([refusedAt('as it stands'), refusedAt('as it stood')]).toEqual(['keep', 'join']);
  });

  it('joins under the bot’s name, for the head it was judged by', () => {
    expect(decide({})).toEqual({ kind: 'join', ticket: { by: 'keeper', at: 9, head: 'h1' } });
  });

  it('stays when only the target branch was merged into it', () => {
    const state = { ...initialState('h2'), ticket };
    expect(decide({ headMove: 'updated', state }, 'open', 'h2')).toEqual({
      kind: 'keep',
      ticket: { ...ticket, head: 'h2', updated: 'for-the-forge' },
    });
  });

  test.each<[string, Readiness, PullRequest['state'], string, object]>([
    ['ready', ready, 'open', 'h1', { kind: 'keep', ticket }],
    ['a check runs', running, 'open', 'h1', { kind: 'keep', ticket }],
    ['planned again', planning, 'open', 'h1', { kind: 'keep', ticket }],
    ['blocked', blocked, 'open', 'h1', { kind: 'leave', why: { kind: 'blocked', blockers: [refused] } }],
    ['a push', ready, 'open', 'h2', { kind: 'leave', why: { kind: 'head-moved' } }],
    ['a push, blocked', blocked, 'open', 'h2', { kind: 'leave', why: { kind: 'head-moved' } }],
    ['merged', ready, 'merged', 'h1', { kind: 'leave', why: { kind: 'merged-or-closed' } }],
    ['closed', blocked, 'closed', 'h2', { kind: 'leave', why: { kind: 'merged-or-closed' } }],
  ])('with a ticket: %s', (_what, readiness, state, head, expected) => {
    for (const merge of ['auto', 'manual'] as const) {
      expect(decide({ readiness, merge, state: { ...initialState(head), ticket } }, state, head)).toEqual(expected);
    }
  });
});

describe('orderQueue', () => {
  const entry = (number: number, kind: PullRequestKind, at: number) => ({
    number,
    kind,
    ticket: { by: 'a', at, head: 'h' },
  });

  it('goes by kind, then by time, then by number', () => {
    const entries = [
      entry(1, 'other', 1),
      entry(2, 'bump', 5),
      entry(3, 'promotion', 9),
      entry(4, 'bump', 2),
      entry(6, 'bump', 5),
      entry(5, 'rollback', 99),
    ];
    expect(orderQueue(entries, ['rollback', 'promotion', 'bump']).map((each) => each.number)).toEqual([
      5, 3, 4, 2, 6, 1,
    ]);
    expect(orderQueue(entries, []).map((each) => each.number)).toEqual([1, 4, 2, 6, 3, 5]);
  });

  it('puts first what somebody put first, and only that', () => {
    const late = entry(9, 'other', 50);
    const urgent = { ...late, ticket: { ...late.ticket, urgency: 'now' } as const };
    const others = [entry(1, 'rollback', 1), entry(2, 'bump', 2)];
    const order = (last: typeof urgent | typeof late) =>
      orderQueue([...others, last], ['rollback', 'bump']).map((each) => each.number);
    expect([order(urgent), order(late)]).toEqual([
      [9, 1, 2],
      [1, 2, 9],
    ]);
  });

  it('is one order, whatever it started from, of the same entries', () => {
    const kind = fc.constantFrom<PullRequestKind>('rollback', 'hotfix', 'promotion', 'bump', 'other');
    const entries = fc.uniqueArray(
      fc.tuple(fc.nat(50), kind, fc.nat(3)).map(([number, of, at]) => entry(number, of, at)),
      { selector: (each) => each.number },
    );
    fc.assert(
      fc.property(entries, fc.uniqueArray(kind), (some, order) => {
        const ordered = orderQueue(some, order);
        expect(orderQueue(some.toReversed(), order)).toEqual(ordered);
        expect([...ordered].sort((a, b) => a.number - b.number)).toEqual([...some].sort((a, b) => a.number - b.number));
      }),
    );
  });
});
