#!/usr/bin/env node
// dist/cli.js: the command `e500`.
import packageJson from '../package.json' with { type: 'json' }
import { dapOptions, HELP, runOptions } from './cli/options.ts'
import { run } from './cli/run.ts'
import { nodeHost } from './nodeHost.ts'
import { sessionOn } from './session.ts'
import { UserError } from './userError.ts'
import { listen } from './wire/listen.ts'
import { serve } from './wire/serve.ts'

const USAGE = 2

const asksHelp = (word: string) => word === '--help' || word === '-h'

async function main([command, ...rest]: readonly string[]): Promise<number | undefined> {
  if (command === 'help' || [command ?? '', ...rest].some(asksHelp)) {
    process.stdout.write(HELP)
    return 0
  }
  switch (command) {
    case 'run':
      return run(runOptions(rest))
    case 'dap':
      return dap(rest)
    case '--version':
      process.stdout.write(`${packageJson.version}\n`)
      return 0
    case undefined:
      throw new UserError('A command is needed. There are: run, dap, --help, --version.')
    default:
      throw new UserError(`"e500 ${command}" is no command. There are: run, dap, --help, --version.`)
  }
}

/** Undefined: goes on until somebody ends it. */
async function dap(argv: readonly string[]): Promise<number | undefined> {
  console.log = console.error
  const { port, host } = dapOptions(argv)
  if (port === undefined) {
    await serve(process.stdin, process.stdout, sessionOn(nodeHost))
    return 0
  }
  const { port: opened } = await listen(port, host, sessionOn(nodeHost))
  process.stderr.write(`Debug adapter on port ${opened}.\n`)
  return undefined
}

main(process.argv.slice(2)).then(
  (code) => {
    if (code !== undefined) process.exit(code)
  },
  (error: unknown) => {
    if (!(error instanceof UserError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(USAGE)
  },
)
