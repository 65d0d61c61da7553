import { expect, it } from 'vitest';
import type { Readiness } from '../standing/readiness.js';
import type { Ticket } from '../standing/sticky-state.js';
import { entryStamp, type StampFacts } from './entry-stamp.js';

const waiting: Readiness = { state: 'waiting', blockers: [{ kind: 'check-pending', name: 'ci' }] };
const ticket: Ticket = { at: 1, by: 'alice', head: 'h1' };
const facts: StampFacts = {
  tip: 't1',
  head: 'h1',
  kind: 'promotion',
  state: { ticket, trustedHead: null },
  plan: { digest: 'd1' },
  readiness: waiting,
  reviews: [],
};

it('is the same for what stands as it stood', () => {
  expect(entryStamp(structuredClone(facts))).toBe(entryStamp(facts));
  expect(entryStamp({ ...facts, reviews: [{ state: 'commented' }] })).toBe(entryStamp(facts));
});

it.each<[string, Partial<StampFacts>]>([
  ['the target branch moved', { tip: 't2' }],
  ['somebody pushed', { head: 'h2' }],
  ['it is the bot’s own no more', { kind: 'other' }],
  ['it has another place', { state: { ticket: { ...ticket, urgency: 'now' }, trustedHead: null } }],
  ['its fork is trusted', { state: { ticket, trustedHead: 'h1' } }],
  ['it is planned anew', { plan: { digest: 'd2' } }],
  ['it waits for something else', { readiness: { state: 'waiting', blockers: [{ kind: 'policy-pending' }] } }],
  ['somebody approved', { reviews: [{ state: 'approved' }] }],
])('is another once %s', (_what, change) => {
  const stamp = entryStamp({ ...facts, ...change });
  expect(stamp).not.toBeNull();
  expect(stamp).not.toBe(entryStamp(facts));
});

it.each<[string, Partial<StampFacts>]>([
  ['ready', { readiness: { state: 'ready', head: 'h1', digest: 'd1' } }],
  ['blocked', { readiness: { state: 'blocked', blockers: [{ kind: 'draft' }] } }],
  ['not planned', { plan: null, readiness: { state: 'blocked', blockers: [{ kind: 'plan-missing' }] } }],
])('there is none for what is %s', (_what, change) => {
  expect(entryStamp({ ...facts, ...change })).toBeNull();
});
