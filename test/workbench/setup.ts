// Once before all workbench tests: the .vsix as `npm run package` makes it, and code-server.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

import { installCodeServer } from '../../scripts/codeServer.ts'

declare module 'vitest' {
  interface ProvidedContext {
    vsix: string
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'e500-vsix-'))
  const vsix = process.env.E500_VSIX ?? join(folder, 'e500-debug.vsix')
  if (!process.env.E500_VSIX)
    execFileSync('npm', ['run', '--silent', 'package', '--', '--out', vsix], { stdio: 'inherit' })
  installCodeServer('newest')
  project.provide('vsix', vsix)
  return () => rmSync(folder, { recursive: true, force: true })
}
