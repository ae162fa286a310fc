// What a request that fails is answered with, in the protocol's form.
import type { DebugProtocol } from '@vscode/debugprotocol'

/** The protocol wants a number for each kind of error. */
export const errorId = { refused: 1, bug: 2, ended: 3, cancelled: 4 } as const

/** VS Code shows the errors of these where their answer would stand; a pop-up would come once for each hover and each expression watched. */
const shownInPlace = new Set(
  'evaluate completions variables scopes stackTrace threads source readMemory disassemble dataBreakpointInfo breakpointLocations'.split(
    ' ',
  ),
)

export function errorResponse(
  request: DebugProtocol.Request,
  id: (typeof errorId)[keyof typeof errorId],
  format: string,
): DebugProtocol.ErrorResponse {
  const command = String(request.command)
  const isShown = id === errorId.refused || id === errorId.bug
  const showUser = isShown && !shownInPlace.has(command) && !command.includes('/')
  // "cancelled" is a word of the protocol by which clients know the case.
  const message = id === errorId.cancelled ? 'cancelled' : format
  return {
    type: 'response',
    seq: 0,
    request_seq: request.seq,
    success: false,
    command,
    message,
    body: { error: { id, format, showUser } },
  }
}

/** One sentence about an exception of ours, and what to do. */
export function bugSentence(error: unknown, command: string | undefined): string {
  const where = command === undefined ? '' : ` in "${command}"`
  return `e500 Debug failed${where}: ${String(error)}. This is a bug of e500 Debug, not of your guest. The session has ended; please report the lines in the Debug Console.`
}

/** What belongs into a report. */
export const bugReport = (error: unknown) => (error instanceof Error && error.stack) || String(error)
