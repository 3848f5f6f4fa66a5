import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// What workers and the processes of tests load is compiled once. Not where coverage counts what is compiled.
if (!process.argv.some((argument) => argument.startsWith('--coverage')))
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));

/** These count what is open in the whole process. */
const ALONE = ['test/house/stop.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      // A worker loads the program once, not once for each file.
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false } },
    ],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    globalSetup: 'test/fixtures/empty-database.ts',
    // Real browsers, sockets, disks and processes wait more than they compute: two workers leave a third of two cores idle.
    maxWorkers: 4,
    coverage: {
      provider: 'v8',
      include: ['{src,actors,web}/**/*.ts'],
      reporter: ['text-summary'],
      exclude: ['web/public/**'],
    },
  },
});
