// Frames of a core as it stands now: the innermost one, which conditions see in the middle of a run, and those around it.
import { sprByNumber } from '../../emulator/spr/table.ts'
import type { LinkAddress, Program } from '../program/program.ts'
import type { Debuggee } from '../state.ts'
import type { FrameReader, SourceLocation } from '../symbols/model.ts'
import { type CodeAt, type PhysicalFrame, type StackEnd, unwind } from '../symbols/unwind.ts'
import type { ValueMemory } from '../values/value.ts'
import type { Frame } from './frame.ts'

/** DWARF's numbers for PowerPC (System V ABI): 0 to 31 are the GPRs, 100 and more the SPRs; GCC has short ones for three of these. */
const SPECIAL: Readonly<Record<number, string>> = { 64: 'CR', 65: 'LR', 66: 'CTR', 76: 'XER' }
const FIRST_SPR = 100
const nameOf = (number: number) =>
  number < 32 ? `r${number}` : (SPECIAL[number] ?? sprByNumber.get(number - FIRST_SPR)?.name)

type Known = Pick<Debuggee, 'machine' | 'program'>

/** Registers and memory of the core itself. */
function liveMemory({ machine }: Known, vcpu: number): ValueMemory {
  const core = machine.vcpus[vcpu]!
  return {
    read: (address, length) => machine.peek(vcpu, address >>> 0, length),
    register: (number) => {
      const name = nameOf(number)
      return name === undefined ? undefined : core.register(name)
    },
    write: (address, bytes) => machine.poke(vcpu, address >>> 0, bytes),
    writeRegister: (number, value) => {
      const name = nameOf(number)
      if (name === undefined) return false
      core.setRegister(name, value)
      return true
    },
  }
}

const codeOf =
  (program: Program, vcpu: number): CodeAt =>
  (pc) => {
    const link = program.toLink(pc, vcpu)
    if (!link) return undefined
    const { symbols } = link.module
    const start = symbols.symbolAt(link.address)?.address
    return {
      row: symbols.unwindRow(link.address),
      start: start === undefined ? undefined : start + (pc - link.address),
    }
  }

/** pc: where the core stands; in the middle of an instruction the machine's own is already the next one. */
export function* liveStack(debuggee: Known, vcpu: number, pc: number): Generator<Frame, StackEnd> {
  const memory = liveMemory(debuggee, vcpu)
  const physical = unwind(
    { pc: pc >>> 0, register: memory.register, read: memory.read },
    codeOf(debuggee.program, vcpu),
  )
  for (;;) {
    const { done, value } = physical.next()
    if (done) return value
    yield* withInlined(debuggee, vcpu, value, memory)
  }
}

/** The frame as location expressions ask it: by the link's addresses. */
function readerOf(program: Program, vcpu: number, physical: PhysicalFrame, link: LinkAddress | undefined): FrameReader {
  const { pc, callPc } = physical
  const linkedCall = link?.address ?? callPc
  return {
    // A call site is known by its return address.
    pc: linkedCall + (pc - callPc),
    callPc: linkedCall,
    register: (number) => physical.register(number),
    read: (address, length) => physical.read(address, length),
    cfa: () => physical.cfa(),
    loadOffset: link?.module.offset ?? 0,
    caller: () => {
      const caller = physical.caller()
      return caller && readerOf(program, vcpu, caller, program.toLink(caller.callPc, vcpu))
    },
  }
}

/** The function that has code at the frame's pc, preceded by the calls that were inlined there, innermost first. */
function* withInlined({ program }: Known, vcpu: number, physical: PhysicalFrame, live: ValueMemory): Generator<Frame> {
  const { level, pc, callPc } = physical
  const link = program.toLink(callPc, vcpu)
  const symbols = link?.module.symbols
  const scopes = link && symbols ? symbols.scopesAt(link.address) : []
  const reader = readerOf(program, vcpu, physical, link)
  const memory = level === 0 ? live : { ...live, register: reader.register, writeRegister: () => false }
  let location: SourceLocation | undefined = link && symbols?.lineAt(link.address)
  for (let depth = scopes.length; depth >= Math.min(1, scopes.length); depth--) {
    const scope = scopes[depth - 1]
    yield { vcpu, level, depth, pc, callPc, link, scope, location, reader, memory }
    location = scope?.inlinedAt
    if (depth === 0) return
  }
}

export function liveFrame(debuggee: Known, vcpu: number, pc = debuggee.machine.vcpus[vcpu]!.register('pc')!): Frame {
  return liveStack(debuggee, vcpu, pc).next().value as Frame
}
