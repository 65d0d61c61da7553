import { describe, expect, test } from 'vitest';
import type { PullRequest } from '../forge-objects.js';
import type { Blocker, Readiness } from '../standing/readiness.js';
import { initialState, type Ticket } from '../standing/sticky-state.js';
import { decideJoin, decideLeave, type AskedFacts, type JoinDecision } from './asked-ticket.js';

const pending: Blocker = { kind: 'check-pending', name: 'ci' };
const refused: Blocker = { kind: 'policy-refused' };
const ready: Readiness = { state: 'ready', head: 'h1', digest: 'd' };
const waiting: Readiness = { state: 'waiting', blockers: [pending] };
const blocked: Readiness = { state: 'blocked', blockers: [refused] };

const mine: Ticket = { by: 'bob', at: 5, head: 'h1' };
const urgent: Ticket = { ...mine, urgency: 'now' };
const stale: Ticket = { ...mine, head: 'h0', updated: 'for-the-forge' };

interface Stands {
  readonly ticket: Ticket | null;
  readonly readiness: Readiness;
  readonly state: PullRequest['state'];
  readonly merge: AskedFacts['merge'];
}

const facts = (stands: Partial<Stands>): AskedFacts => ({
  pullRequest: { state: stands.state ?? 'open', head: { sha: 'h1' } } as PullRequest,
  state: { ...initialState('h1'), ticket: stands.ticket ?? null },
  readiness: stands.readiness ?? ready,
  merge: stands.merge ?? 'manual',
});

const joined = (ticket: Ticket, ...waitsFor: readonly Blocker[]): JoinDecision => ({ kind: 'join', ticket, waitsFor });
const fresh: Ticket = { by: 'alice', at: 9, head: 'h1' };

describe('somebody asks to merge', () => {
  test.each<[string, Partial<Stands>, 'in-turn' | 'now', JoinDecision]>([
    ['ready', {}, 'in-turn', joined(fresh)],
    ['ready, first', {}, 'now', joined({ ...fresh, urgency: 'now' })],
    ['a check runs', { readiness: waiting }, 'in-turn', joined(fresh, pending)],
    ['a check runs, first', { readiness: waiting }, 'now', joined({ ...fresh, urgency: 'now' }, pending)],
    ['blocked', { readiness: blocked }, 'in-turn', { kind: 'refused', blockers: [refused] }],
    ['blocked, first', { readiness: blocked }, 'now', { kind: 'refused', blockers: [refused] }],
    ['merged', { state: 'merged' }, 'now', { kind: 'not-open' }],
    ['closed with a ticket', { state: 'closed', ticket: mine }, 'in-turn', { kind: 'not-open' }],
    ['in the queue', { ticket: mine }, 'in-turn', { kind: 'already' }],
    ['in the queue and blocked', { ticket: mine, readiness: blocked }, 'in-turn', { kind: 'already' }],
    ['in the queue, to be first', { ticket: mine }, 'now', joined({ ...mine, by: 'alice', urgency: 'now' })],
    ['to be first, blocked', { ticket: mine, readiness: blocked }, 'now', { kind: 'refused', blockers: [refused] }],
    ['first already', { ticket: urgent }, 'now', { kind: 'already' }],
    ['first already, asked to wait its turn', { ticket: urgent }, 'in-turn', { kind: 'already' }],
    ['with a ticket of an earlier head', { ticket: stale }, 'in-turn', joined(fresh)],
    ['the same, first', { ticket: stale }, 'now', joined({ ...fresh, urgency: 'now' })],
  ])('%s', (_what, stands, when, decision) => {
    expect(decideJoin(facts(stands), { by: 'alice', when, now: 9 })).toEqual(decision);
  });
});

describe('somebody takes it out', () => {
  const why = { kind: 'taken-out', by: 'alice' };
  test.each<[string, Partial<Stands>, object]>([
    ['in the queue', { ticket: mine }, { kind: 'leave', why, again: 'on-command' }],
    ['by itself in the queue', { ticket: mine, merge: 'auto' }, { kind: 'leave', why, again: 'by-itself' }],
    ['not in the queue', {}, { kind: 'was-not-in' }],
    ['before it joins by itself', { merge: 'auto' }, { kind: 'leave', why, again: 'by-itself' }],
    ['merged', { state: 'merged', ticket: mine }, { kind: 'not-open' }],
    ['closed', { state: 'closed', merge: 'auto' }, { kind: 'not-open' }],
  ])('%s', (_what, stands, decision) => {
    expect(decideLeave(facts(stands), 'alice')).toEqual(decision);
  });
});
