import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
    // Files share their worker's modules, which hold no state: loading them anew for each file took as long as the tests.
    isolate: false,
    // Generous: a test that takes seconds must also pass on a machine with much else to do.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
