/** The benchmark itself is run small, so that it can't rot; what it measures here says nothing. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeWithTool } from '../tools/require-tool.js';

const TIME_LIMIT = 300_000;
const bench = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));

function run(...options: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, ['--import', 'tsx', bench, ...options], { timeout: TIME_LIMIT });
}

describeWithTool('kustomize', 'npm run bench -- plan', () => {
  test(
    'ends with one line of JSON that holds every figure and ratio',
    async () => {
      const { stdout } = await run('plan', '--json', '--small');
      const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
      expect(figures).toMatchObject({ applications: 4, targets: 12 });
      for (const name of ['cold', 'warm', 'limit', 'everything', 'base', 'baseAgain', 'baseLimit', 'peakBytes'])
        expect([name, figures[name]]).toEqual([name, expect.any(Number)]);
      for (const ratio of Object.values(figures['ratios'] as object)) expect(ratio).toBeGreaterThan(0);
      expect(Object.values(figures['aims'] as object)).toHaveLength(5);
    },
    TIME_LIMIT,
  );

  test('says how it is used', async () => {
    await expect(run('speed')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm run bench -- plan'),
    });
  });
});
