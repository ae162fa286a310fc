// `npm test` works on a fresh clone: installs the npm packages where they are missing, and says so.
import { execSync } from 'node:child_process'
import { existsSync } from 'node:fs'

if (!existsSync('node_modules/vitest')) {
  console.log('Installing the npm packages the tests need ...')
  execSync('npm install --no-audit --no-fund', { stdio: 'inherit' })
}
