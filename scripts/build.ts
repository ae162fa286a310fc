// npm run build: bundles what ships into dist/.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const bundles = [
  { entry: 'adapter/main.ts', outfile: 'dist/adapter.js' },
  { entry: 'adapter/cli.ts', outfile: 'dist/cli.js' },
  // VS Code asks the package's "type" how to load it, and only the name .cjs overrules that.
  { entry: 'extension/extension.ts', outfile: 'dist/extension.cjs' },
]

// VS Code on the desktop starts the adapter by `require`, so dist/ is CommonJS although the sources are not.
mkdirSync('dist', { recursive: true })
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')

const missing = bundles.filter(({ entry }) => !existsSync(entry))
for (const { entry, outfile } of missing) console.error(`${outfile} is not built: there is no ${entry}.`)

await Promise.all(
  bundles
    .filter((bundle) => !missing.includes(bundle))
    .map(({ entry, outfile }) =>
      build({
        entryPoints: [entry],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        target: 'node20',
        external: ['vscode'],
        define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
        sourcemap: true,
        logLevel: 'warning',
      }),
    ),
)
