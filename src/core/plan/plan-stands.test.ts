import { expect, test } from 'vitest';
import type { Plan } from './plan.js';
import { planStands } from './plan-stands.js';

const problem = {} as Plan['problems'][number];

test.each<[string, Pick<Plan, 'problems'> | null, boolean]>([
  ['one that was made', { problems: [] }, true],
  ['one with a problem, which may have gone', { problems: [problem] }, false],
  ['none', null, false],
])('%s', (_what, plan, stands) => {
  expect(planStands(plan)).toBe(stands);
});
