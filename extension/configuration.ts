// What becomes of a launch configuration before the session starts. Knows no vscode.
// Defaults of the guest are the adapter's: other editors need them too.
import { problemIn, type Schema } from '../adapter/launch/schema.ts'

export interface Configuration {
  readonly type: string
  readonly request: string
  readonly name: string
  readonly [attribute: string]: unknown
}

export type Attributes = Readonly<Record<string, Schema>>

/** What F5 starts without a launch.json. */
const UNTITLED: Configuration = { type: 'e500', request: 'launch', name: 'e500: debug a guest' }

/** This editor has terminals: it asks for the guest's console as events instead of lines in the debug console. */
const TERMINALS = [{ index: 0, view: 'terminal' }]

/** Only what says nothing else: VS Code drops entries without a value in its own way, and so do we. */
export function completed(given: Partial<Configuration>): Configuration {
  const configuration: Configuration = { ...UNTITLED, ...given }
  return configuration.request === 'launch' ? { uarts: TERMINALS, ...configuration } : configuration
}

export const needsProgram = ({ request, program }: Configuration) =>
  request === 'launch' && (program === undefined || program === '')

/** A sentence for the user, or undefined when the session may start. */
export function problemWith(configuration: Configuration, attributes: Attributes): string | undefined {
  const schema = attributes[configuration.request]
  if (!schema) {
    const requests = Object.keys(attributes).map((request) => `"${request}"`)
    return `"request" is "${configuration.request}". Write ${requests.join(' or ')}.`
  }
  // VS Code has closed the schema, and adds names of its own to what it gives.
  return problemIn(configuration, { ...schema, additionalProperties: true })
}
