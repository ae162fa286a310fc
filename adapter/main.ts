// dist/adapter.js: the debug adapter on stdin and stdout. Nothing but protocol goes to stdout.
import { nodeHost } from './nodeHost.ts'
import { sessionOn } from './session.ts'
import { serve } from './wire/serve.ts'

console.log = console.error
serve(process.stdin, process.stdout, sessionOn(nodeHost)).then(() => process.exit())
