// npm run test:workbench: a real VS Code, one at a time. `npm test` leaves these out.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/workbench/**/*.journey.ts', 'test/newcomer/**/*.journey.ts'],
    globalSetup: 'test/workbench/setup.ts',
    fileParallelism: false,
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
