// node scripts/run.mjs SCRIPT.ts [ARGUMENTS]: runs a TypeScript script on every Node that the project supports.
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const script = process.argv[2]
const outfile = `node_modules/.cache/e500-debug/${basename(script, '.ts')}.mjs`
await build({
  entryPoints: [script],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
})
process.argv.splice(1, 2, script)
await import(pathToFileURL(outfile).href)
