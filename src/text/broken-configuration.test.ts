import { expect, test } from 'vitest';
import type { FileProblem } from '../core/problem.js';
import { brokenConfiguration } from './broken-configuration.js';

const problem = (line: number): FileProblem => ({
  file: '.lockkeeper.yaml',
  line,
  column: 3,
  message: `Wrong ${line}`,
});

test('counts the problems, and says where the first one is', () => {
  const { title, summary } = brokenConfiguration('main', [problem(4), problem(9)]);
  expect(title).toBe('.lockkeeper.yaml on main is broken: 2 problems, first at line 4');
  expect(summary.split('\n')).toHaveLength(2);
  expect(summary).toContain('Wrong 9');
  expect(brokenConfiguration('main', [problem(4)]).title).toContain('broken: 1 problem, first');
});

test('has a title that fits whatever the branch is called', () => {
  expect(brokenConfiguration('b'.repeat(300), [problem(4)]).title.length).toBeLessThanOrEqual(140);
});
