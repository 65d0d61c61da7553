import { expect, test } from 'vitest';
import { planDiff } from './plan-diff.js';
import { plan } from './testing/small-plan.js';

test.each([
  ['page', 'the plan’s page', 'the plan’s page'],
  ['command-line', '--format markdown', '--format json'],
] as const)('says where to read what the difference does not show: on the %s', (shownBy, problems, hidden) => {
  const part = { kind: 'masked-value', target: null, count: 1, what: 'Secret/api data.x' } as const;
  const lines = planDiff(plan({ problems: [{ kind: 'fork' }], hidden: [part, part] }), shownBy).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    `# 1 problem: see ${problems}`,
    `# 2 parts hidden: see ${hidden}`,
    '--- a/api/dev/Deployment/x/api',
    '+++ b/api/dev/Deployment/x/api',
  ]);
  expect(planDiff(plan({ targets: [] }), shownBy)).toBe('');
});
