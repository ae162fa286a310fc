// npm run test:workbench: a real VS Code, one at a time. `npm test` leaves these out.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/workbench/**/*.journey.ts', 'test/newcomer/**/*.journey.ts'],
    globalSetup: 'test/workbench/setup.ts',
    fileParallelism: false,
    expect: { poll: { timeout: 45_000 } },
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // A click may meet VS Code while it draws itself anew. What needed a second try is said at the end of .ci/run.
    retry: 1,
  },
})
