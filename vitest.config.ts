// npm test: everything but the tests in a real VS Code (test/workbench has a configuration of its own).
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/globalSetup.ts',
    testTimeout: 90_000,
  },
})
