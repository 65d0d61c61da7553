// Prints `N passed, N failed` for a report of vitest's JSON reporter, and exits with 1 unless all is well.
// A report that is missing or unreadable, a run without a test, and a test file that could not be loaded are failures.
import { readFileSync } from 'node:fs';

const [, , path = ''] = process.argv;
const { passed, failed } = summarize(read(path));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`no test report: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function summarize(report) {
  if (report === undefined) return { passed: 0, failed: 1 };
  const passed = report.numPassedTests;
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const failed = report.numFailedTests + unloaded.length;
  const unexplained = failed === 0 && (!report.success || passed === 0);
  return { passed, failed: unexplained ? 1 : failed };
}
