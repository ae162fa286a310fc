// npm test: everything but the tests in a real VS Code (test/workbench has a configuration of its own).
// test/coverage comes last: it looks at what all others compared.
import { defineConfig } from 'vitest/config'

const COVERAGE = 'test/coverage/*.test.ts'

export default defineConfig({
  test: {
    globalSetup: 'test/support/globalSetup.ts',
    // A test that hangs ends; one that a busy machine slows down does not.
    testTimeout: 300_000,
    // Half of the work is done by other programs, which are waited for.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [COVERAGE], sequence: { groupOrder: 0 } },
      },
      { extends: true, test: { name: 'last', include: [COVERAGE], sequence: { groupOrder: 1 } } },
    ],
  },
})
