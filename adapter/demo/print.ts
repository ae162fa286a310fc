// The demo's lines on the terminal.
import type { DebugProtocol } from '@vscode/debugprotocol'

const isTerminal = process.stdout.isTTY
const bold = (text: string) => (isTerminal ? `\x1b[1m${text}\x1b[0m` : text)
const dim = (text: string) => (isTerminal ? `\x1b[2m${text}\x1b[0m` : text)
const say = (line: string) => process.stdout.write(`${line}\n`)

export const title = (text: string) => say(`\n${bold(`── ${text}`)}`)

export function stop({ reason, description, text }: DebugProtocol.StoppedEvent['body']): void {
  say(`  stopped: ${[description ?? reason, text].filter(Boolean).join(', ')}`)
}

export function breakpoints(all: readonly DebugProtocol.Breakpoint[]): void {
  for (const { verified, message, instructionReference } of all)
    say(
      `  ${verified ? 'set' : 'not set'}${instructionReference ? ` at ${instructionReference}` : ''}${message ? `: ${message}` : ''}`,
    )
}

export function stack(frames: readonly DebugProtocol.StackFrame[]): void {
  for (const { name, source, line, instructionPointerReference } of frames)
    say(`  ${instructionPointerReference}  ${name}${source ? dim(`  ${source.name}:${line}`) : ''}`)
}

export const variable = ({ name, value, type }: DebugProtocol.Variable, indent: number) =>
  say(`${' '.repeat(indent)}${name} = ${value}${type && type !== 'register' ? dim(`  ${type}`) : ''}`)

interface Resources {
  readonly ownership: string
  readonly guest: Registers
  readonly host: {
    readonly request: { readonly control: string }
    readonly exit?: { readonly status: number; readonly address: string }
    readonly registers: Registers
  }
  readonly hardware: Registers
  readonly slots: Readonly<Record<string, { readonly owner: string | null; readonly address?: string }>>
}
type Registers = Readonly<Record<string, { readonly value: string; readonly fields: Readonly<Record<string, number>> }>>

export function debugResources({ ownership, guest, host, hardware, slots }: Resources): void {
  const row = (name: string, ...cells: readonly string[]) =>
    say(`  ${name.padEnd(7)}${cells.map((cell) => cell.padEnd(13)).join('')}`)
  row('', 'guest', 'host', 'hardware')
  for (const name of Object.keys(hardware)) {
    const set = Object.entries(hardware[name]!.fields).filter(([, value]) => value !== 0)
    const cells = [guest, host.registers, hardware].map((registers) => registers[name]?.value ?? '')
    row(name, ...cells, dim(set.map(([field, value]) => (value === 1 ? field : `${field}=${value}`)).join(' ')))
  }
  const held = Object.entries(slots).map(
    ([slot, { owner, address }]) => `${slot}: ${owner ?? 'free'}${address ? ` ${address}` : ''}`,
  )
  say(`  ownership ${ownership}; ${held.join(', ')}`)
  const { request, exit } = host
  const last = exit ? `, last exit: status ${exit.status} at ${exit.address}` : ''
  say(`  in KVM's terms: control ${request.control}${last}`)
}

interface DebugEvent {
  readonly instructions: number
  readonly address: string
  readonly symbol?: string
  readonly event: string
  readonly to: string
  readonly why: string
}
export function debugEvents(events: readonly DebugEvent[]): void {
  for (const { instructions, address, symbol = '', event, to, why } of events)
    say(`  ${String(instructions).padStart(10)}  ${address} ${symbol.padEnd(28)} ${event} to ${to}${dim(`  ${why}`)}`)
}

/** What the guest's UART sent, base64. */
export const console = (data: string) => process.stdout.write(dim(atob(data).replaceAll('\r', '')))

export const goodbye = () =>
  say(`
${bold('That was the whole way of a debug session.')} To press F5 on the same guest in VS Code: npm run vscode
For a guest of your own: npm run package, install the .vsix, and write "program" into launch.json.`)
