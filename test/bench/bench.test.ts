/** The benchmark itself is run small, so that it can't rot; what it measures here says nothing. */
import { expect, test } from 'vitest';
import { describeWithTool } from '../tools/require-tool.js';
import { runBench, runSmall, TIME_LIMIT } from './run-bench.js';

describeWithTool('kustomize', 'npm run bench -- plan', () => {
  test(
    'ends with one line of JSON that holds every figure and ratio',
    async () => {
      const figures = await runSmall<Readonly<Record<string, unknown>>>('plan');
      expect(figures).toMatchObject({ applications: 1, targets: 3 });
      for (const name of ['cold', 'warm', 'limit', 'everything', 'base', 'baseAgain', 'baseLimit', 'peakBytes'])
        expect([name, figures[name]]).toEqual([name, expect.any(Number)]);
      for (const ratio of Object.values(figures['ratios'] as object)) expect(ratio).toBeGreaterThan(0);
      expect(Object.values(figures['aims'] as object)).toHaveLength(5);
    },
    TIME_LIMIT,
  );

  test('says how it is used', async () => {
    await expect(runBench('speed')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/npm run bench -- .*plan/),
    });
  });
});
