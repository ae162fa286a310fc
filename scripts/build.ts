// npm run build: bundles what ships into dist/.
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { type BuildOptions, build } from 'esbuild'

const programs = [
  { entry: 'adapter/main.ts', outfile: 'dist/adapter.js' },
  { entry: 'adapter/cli.ts', outfile: 'dist/cli.js' },
  { entry: 'adapter/demo.ts', outfile: 'dist/demo.js' },
  // VS Code asks the package's "type" how to load it, and only the name .cjs overrules that.
  { entry: 'extension/extension.ts', outfile: 'dist/extension.cjs' },
]

/** What runs inside VS Code's webviews. */
const views = [
  { entry: 'extension/views/web/registersView.ts', outfile: 'dist/views/registers.js' },
  { entry: 'extension/views/web/debugResourcesView.ts', outfile: 'dist/views/debug-resources.js' },
]

const forNode: BuildOptions = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  sourcemap: true,
}
const forWebview: BuildOptions = { platform: 'browser', format: 'iife', target: 'chrome130', minify: true }

// VS Code on the desktop starts the adapter by `require`, so dist/ is CommonJS although the sources are not.
mkdirSync('dist/views', { recursive: true })
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')

for (const { entry, outfile } of programs.filter(({ entry }) => !existsSync(entry)))
  console.error(`${outfile} is not built: there is no ${entry}.`)

const bundle =
  (options: BuildOptions) =>
  ({ entry, outfile }: { readonly entry: string; readonly outfile: string }) =>
    build({ entryPoints: [entry], outfile, bundle: true, logLevel: 'warning', ...options })

await Promise.all([
  ...programs.filter(({ entry }) => existsSync(entry)).map(bundle(forNode)),
  ...views.map(bundle(forWebview)),
])

copyFileSync('extension/views/web/page.css', 'dist/views/page.css')
for (const file of ['codicon.css', 'codicon.ttf'])
  copyFileSync(`node_modules/@vscode/codicons/dist/${file}`, `dist/views/${file}`)

// The guest that "e500: Open Sample Guest Kernel" hands out.
rmSync('dist/sample', { recursive: true, force: true })
cpSync('test/guest/sample', 'dist/sample', { recursive: true, filter: (path) => !path.endsWith('transcript.txt') })
cpSync('media/sample', 'dist/sample', { recursive: true })
