// Memory as bytes and as instructions, by effective address of the CPU that the client looks at: these requests name none.
// Reading never touches a device or the guest's state.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import { disassemble as disassembleWord } from '../../emulator/isa/disassemble.ts'
import { fromBase64, toBase64 } from '../base64.ts'
import { toSource } from '../program/toSource.ts'
import { type Debuggee, debuggeeOf, type SessionState } from '../state.ts'
import { UserError } from '../userError.ts'

const PAGE = 4096
const MOST_BYTES = 16 << 20
/** A line takes some hundred bytes of the answer. */
const MOST_INSTRUCTIONS = 65_536

/** Where a request acts, with its offset; those that only look go on from a reference as far as they like. */
export function addressOfReference(reference: string, offset = 0): number {
  const address = /^(?:0[xX][\da-fA-F]+|\d+)$/.test(reference.trim()) ? Number(reference) : Number.NaN
  if (!(address >= 0 && address < 2 ** 32)) throw noAddress(`"${reference}"`)
  const moved = address + offset
  if (Number.isInteger(moved) && moved >= 0 && moved < 2 ** 32) return moved
  throw noAddress(`"${reference}" with the offset ${offset}`)
}
const noAddress = (what: string) =>
  new UserError(`${what} is no address. Write a number below 0x100000000, for example "0xc0000000".`)

/** Effective addresses go round at 4 GB for nobody: what lies outside is unreadable. */
export function readMemory(state: SessionState, args: DebugProtocol.ReadMemoryArguments) {
  const { machine, view } = debuggeeOf(state)
  const start = addressOfReference(args.memoryReference) + (args.offset ?? 0)
  if (args.count > MOST_BYTES)
    throw new UserError(`${args.count} bytes are too many at once. Read at most ${MOST_BYTES}.`)
  const end = start + args.count
  const pieces: Uint8Array[] = []
  let at = start
  while (at < end && at >= 0 && at < 2 ** 32) {
    const length = Math.min(end - at, PAGE - (at % PAGE))
    const bytes = machine.peek(view.vcpu, at, length)
    if (!bytes) break
    pieces.push(bytes)
    at += length
  }
  const unreadable = end - at
  return {
    address: hex(start),
    ...(at > start && { data: toBase64(joined(pieces, at - start)) }),
    ...(unreadable > 0 && { unreadableBytes: unreadable }),
  }
}
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

export function writeMemory(state: SessionState, args: DebugProtocol.WriteMemoryArguments) {
  const { machine, view } = debuggeeOf(state)
  const start = addressOfReference(args.memoryReference, args.offset)
  const bytes = fromBase64(args.data)
  if (!bytes) throw new UserError('"data" is not base64.')
  let at = 0
  while (at < bytes.length) {
    const length = args.allowPartial ? Math.min(bytes.length - at, PAGE - ((start + at) % PAGE)) : bytes.length
    if (!machine.poke(view.vcpu, start + at, bytes.subarray(at, at + length))) break
    at += length
  }
  if (at === 0 && bytes.length > 0)
    throw new UserError(
      `Memory at ${hex(start)} cannot be written: not all of its ${bytes.length} bytes are mapped to RAM.`,
    )
  memoryChanged(state, start, at)
  return { offset: 0, bytesWritten: at }
}

/** Views that show memory, variables or registers look again. */
export function memoryChanged({ send, client }: SessionState, address: number, count: number): void {
  if (client.supportsMemoryEvent) send('memory', { memoryReference: hex(address), offset: 0, count })
  if (client.supportsInvalidatedEvent) send('invalidated', { areas: ['variables'] })
}

/** Exactly so many lines, each 4 bytes; what is not mapped is said so. */
export function disassemble(state: SessionState, args: DebugProtocol.DisassembleArguments) {
  const debuggee = debuggeeOf(state)
  const { instructionCount: count } = args
  if (!(count <= MOST_INSTRUCTIONS))
    throw new UserError(`${count} instructions are too many at once. Ask for at most ${MOST_INSTRUCTIONS}.`)
  const start =
    ((addressOfReference(args.memoryReference) + (args.offset ?? 0)) & -4) + 4 * (args.instructionOffset ?? 0)
  let lastLine = ''
  const instructions = Array.from({ length: count }, (_, n) => {
    const address = (start + 4 * n) >>> 0
    const line = instructionAt(debuggee, address, args.resolveSymbols ?? true)
    const { location, ...rest } = line
    const key = `${location?.path}:${line.line}`
    // A location holds until another one comes.
    if (key === lastLine) return withoutLine(rest)
    lastLine = key
    return line
  })
  return { instructions }
}
function withoutLine({
  line: _,
  ...rest
}: DebugProtocol.DisassembledInstruction): DebugProtocol.DisassembledInstruction {
  return rest
}

function instructionAt(
  debuggee: Debuggee,
  address: number,
  resolveSymbols: boolean,
): DebugProtocol.DisassembledInstruction {
  const { machine, program, view } = debuggee
  const bytes = machine.peek(view.vcpu, address, 4)
  if (!bytes) return { address: hex(address), instruction: '(not mapped)', presentationHint: 'invalid' }
  const word = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0)
  const symbol = resolveSymbols ? program.symbolName(address, view.vcpu) : undefined
  const text = disassembleWord(word, address, { core: machine.model.name })
  return {
    address: hex(address),
    instructionBytes: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
    instruction: withTarget(debuggee, text),
    ...(symbol && !symbol.includes('+') && { symbol }),
    ...placeOf(debuggee, address),
  }
}

/** A branch says where to in words, too. */
function withTarget({ program, view }: Debuggee, text: string): string {
  const target = /^b\S* (?:.*,)?(0x[\da-f]+)$/.exec(text)?.[1]
  const name = target && program.symbolName(Number(target), view.vcpu)
  return name ? `${text} <${name}>` : text
}

function placeOf(debuggee: Debuggee, address: number) {
  const link = debuggee.program.toLink(address, debuggee.view.vcpu)
  const row = link?.module.symbols.lineAt(link.address)
  return row && link && { location: toSource(row.file, link.module, debuggee), line: row.line }
}
