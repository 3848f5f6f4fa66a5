import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Real browsers, sockets, disks and processes wait more than they compute: two workers leave a third of two cores idle.
    maxWorkers: 4,
    coverage: {
      provider: 'v8',
      include: ['src/**', 'actors/**', 'web/**'],
      reporter: ['text-summary'],
      exclude: ['web/public/**'],
    },
  },
});
