// The line that continuous integration ends with counts what the test report says, and never calls nothing a success.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plantWorkspace, type PlantedWorkspace } from './planted-workspace.js';

const file = (status: string, tests: number) => ({
  status,
  assertionResults: Array.from({ length: tests }, () => ({})),
});

const reports = {
  'green.json': { numPassedTests: 3, numFailedTests: 0, success: true, testResults: [file('passed', 3)] },
  'red.json': { numPassedTests: 3, numFailedTests: 2, success: false, testResults: [file('failed', 5)] },
  'unloaded.json': { numPassedTests: 3, numFailedTests: 0, success: false, testResults: [file('failed', 0)] },
  'unhandled.json': { numPassedTests: 3, numFailedTests: 0, success: false, testResults: [file('passed', 3)] },
  'empty.json': { numPassedTests: 0, numFailedTests: 0, success: true, testResults: [] },
};

describe('the closing line of continuous integration', () => {
  let workspace: PlantedWorkspace;

  beforeAll(async () => {
    const files = Object.entries(reports).map(([name, report]) => [name, JSON.stringify(report)]);
    workspace = await plantWorkspace([], { ...Object.fromEntries(files), 'broken.json': '{' });
  });

  afterAll(() => workspace.remove());

  test.each([
    ['green.json', '3 passed, 0 failed', 0],
    ['red.json', '3 passed, 2 failed', 1],
    ['unloaded.json', '3 passed, 1 failed', 1],
    ['unhandled.json', '3 passed, 1 failed', 1],
    ['empty.json', '0 passed, 1 failed', 1],
    ['broken.json', '0 passed, 1 failed', 1],
    ['missing.json', '0 passed, 1 failed', 1],
  ])('%s is "%s"', async (report, line, status) => {
    expect(await workspace.run('scripts/summarize-tests.mjs', [report])).toMatchObject({ stdout: `${line}\n`, status });
  });
});
