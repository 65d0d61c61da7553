import { expect, test } from 'vitest';
import type { Plan } from '../plan/plan.js';
import { usablePlan } from './usable-plan.js';

const made = { problems: [] as Plan['problems'] } as Plan;
const refused = { problems: [{ kind: 'fork' }] as Plan['problems'] } as Plan;

test.each<[string, Plan | null, string | null, Plan | null]>([
  ['no plan yet', null, 'h1', null],
  ['a plan', made, null, made],
  ['a plan of a head that was allowed', made, 'h1', made],
  ['a fork that nobody allowed', refused, null, refused],
  ['a fork of which an earlier head was allowed', refused, 'h0', refused],
  ['a fork whose head is allowed now: the refusal is void', refused, 'h1', null],
])('%s', (_what, plan, trusted, expected) => {
  expect(usablePlan(plan, 'h1', trusted)).toBe(expected);
});
