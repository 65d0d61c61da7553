import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Short files that run long: sorted by size, as they are where nothing is known of an earlier run, they would begin last, and all wait for them. */
const LONG = /\/test\/(?:processes\/|contract\/forge-)[\w-]+\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    globalSetup: 'test/processes/build-programs.ts',
    setupFiles: 'test/properties/draw-the-same.ts',
    // Files share their worker's modules, which hold no state: loading them anew for each file took as long as the tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Tests wait for git and other programs much of the time: one worker more than there are processors keeps those busy.
    maxWorkers: availableParallelism() + 1,
    // Generous: a test that takes seconds must also pass on a machine with much else to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
