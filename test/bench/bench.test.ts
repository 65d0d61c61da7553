/** The benchmark itself is run small, so that it can't rot; what it measures here says nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtPrograms } from '../processes/programs.js';
import { describeWithTool } from '../tools/require-tool.js';

const TIME_LIMIT = 300_000;

function run(...options: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [builtPrograms().bench, ...options], { timeout: TIME_LIMIT });
}

describeWithTool('kustomize', 'npm run bench -- plan', () => {
  test(
    'ends with one line of JSON that holds every figure and ratio',
    async () => {
      const { stdout } = await run('plan', '--json', '--small');
      const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
      expect(figures).toMatchObject({ applications: 2, targets: 6 });
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
      stderr: expect.stringMatching(/npm run bench -- .*plan/),
    });
  });
});
