import { defineConfig } from 'vitest/config';
import { ClosingLine } from './closing-line.ts';
import { LongestFirst } from './longest-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Many tests start real processes, and the machine may be busy with several of them.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    reporters: [new ClosingLine()],
    globalSetup: ['test/support/postgres-setup.ts'],
  },
});
