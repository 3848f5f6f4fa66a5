import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Real browsers, sockets and processes share two cores: more workers only make them wait for each other.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['src/**', 'actors/**', 'web/**'],
      reporter: ['text-summary'],
      exclude: ['web/public/**'],
    },
  },
});
