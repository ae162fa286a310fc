// The guest's UARTs as terminals: bytes in by the event e500/uartOutput, keys out by the request e500/uartInput.
// Keys go raw, as over a wire: Enter is CR, Backspace is DEL; the guest echoes. A terminal outlives its session.
import * as vscode from 'vscode'

import { ConsoleText } from './consoleText.ts'

const dim = (text: string) => `\x1b[2m${text}\x1b[0m\r\n`

export function showGuestConsoles(): vscode.Disposable[] {
  const consoles = new Set<GuestConsole>()

  /** The session's console, or the one that an earlier session left. */
  const consoleOf = (session: vscode.DebugSession, index: number) => {
    const ofIndex = [...consoles].filter((console) => console.index === index)
    const known = ofIndex.find((console) => console.session === session)
    if (known) return known
    const console = ofIndex.find((console) => console.isIdle) ?? new GuestConsole(index, consoles)
    console.attach(session)
    return console
  }

  return [
    vscode.debug.onDidStartDebugSession((session) => {
      if (session.type === 'e500' && session.configuration.request === 'launch') consoleOf(session, 0).show()
    }),
    vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session, event, body }) => {
      if (event === 'e500/uartOutput') consoleOf(session, body.index).write(Buffer.from(body.data, 'base64'))
    }),
    vscode.debug.onDidTerminateDebugSession((session) => {
      for (const console of consoles) if (console.session === session) console.detach()
    }),
    { dispose: () => [...consoles].map((console) => console.dispose()) },
  ]
}

class GuestConsole implements vscode.Pseudoterminal {
  session: vscode.DebugSession | undefined
  private isOpen = true
  private text = new ConsoleText()
  /** What came before the terminal was there to show it. */
  private waiting: string | undefined = ''
  private readonly output = new vscode.EventEmitter<string>()
  readonly onDidWrite = this.output.event
  private readonly terminal: vscode.Terminal

  constructor(
    readonly index: number,
    private readonly all: Set<GuestConsole>,
  ) {
    all.add(this)
    const iconPath = new vscode.ThemeIcon('circuit-board')
    this.terminal = vscode.window.createTerminal({ name: `e500 UART${index}`, pty: this, iconPath, isTransient: true })
  }

  get isIdle(): boolean {
    return this.isOpen && !this.session
  }

  attach(session: vscode.DebugSession): void {
    this.session = session
    this.text = new ConsoleText()
  }

  detach(): void {
    this.session = undefined
    if (!this.isOpen) this.all.delete(this)
    this.print(dim(`\r\n[the session has ended]`))
  }

  show(): void {
    this.terminal.show(true)
  }

  write(bytes: Uint8Array): void {
    this.print(this.text.decode(bytes))
  }

  open(): void {
    const text = this.waiting ?? ''
    this.waiting = undefined
    if (text !== '') this.output.fire(text)
  }

  /** The user closed the terminal: it stays closed for the rest of the session. */
  close(): void {
    this.isOpen = false
    if (!this.session) this.all.delete(this)
  }

  handleInput(keys: string): void {
    const data = Buffer.from(keys, 'utf8').toString('base64')
    this.session
      ?.customRequest('e500/uartInput', { index: this.index, data })
      .then(undefined, (error: Error) => this.print(dim(`[not sent: ${error.message}]`)))
  }

  dispose(): void {
    this.terminal.dispose()
  }

  private print(text: string): void {
    if (this.waiting === undefined) this.output.fire(text)
    else this.waiting += text
  }
}
