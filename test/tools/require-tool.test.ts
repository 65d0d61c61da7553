// A missing tool is a skip with one line, or a failure where tools are required; a present tool's tests run.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTool } from './require-tool.js';

const project = join(import.meta.dirname, '..', '..');
const subject = join(import.meta.dirname, 'require-tool.js');

const planted = `
import { expect, test } from 'vitest';
import { describeWithTool } from ${JSON.stringify(subject)};
describeWithTool('helm', 'charts', () => test('renders', () => expect(1).toBe(1)));
`;

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

describe('a test that needs helm', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockkeeper-tools-'));
    await writeFile(join(folder, 'planted.test.ts'), planted);
    await writeFile(join(folder, 'vitest.config.mjs'), `export default { cacheDir: ${JSON.stringify(folder)} };`);
    await symlink(process.execPath, join(folder, 'node'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs the planted test with nothing but Node on the PATH. */
  function runWithoutTools(environment: Readonly<Record<string, string>>) {
    const runner = join(project, 'node_modules', 'vitest', 'vitest.mjs');
    const env = { PATH: folder, HOME: folder, ...environment };
    return new Promise<{ counts: Counts; output: string }>((resolve) => {
      const report = ['--reporter=json', '--root', folder];
      execFile(process.execPath, [runner, 'run', ...report], { cwd: folder, env }, (_error, stdout, stderr) => {
        resolve({ counts: JSON.parse(stdout.slice(stdout.indexOf('{'))) as Counts, output: stderr });
      });
    });
  }

  test('is skipped with one line saying how to get it', async () => {
    const { counts, output } = await runWithoutTools({});
    expect(counts).toMatchObject({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 1 });
    expect(output.split('\n').filter((line) => line.includes('helm'))).toEqual([
      'skipped "charts": helm is missing: go install helm.sh/helm/v3/cmd/helm@latest, or brew install helm',
    ]);
  });

  test('fails where tools are required', async () => {
    const { counts } = await runWithoutTools({ LOCKKEEPER_REQUIRE_TOOLS: '1' });
    expect(counts).toMatchObject({ numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 });
  });
});

test('a tool that is there says its version and how to start it', () => {
  expect(findTool('git')).toEqual({ found: true, command: ['git'], version: expect.stringMatching(/^git version \d/) });
});
