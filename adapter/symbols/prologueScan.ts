// How a frame is unwound where no debug information says it: read from the function's own instructions, as compilers write them for the
// System V ABI (PowerPC supplement, 3-33 "Prologue and Epilogue"). Assembly without frames of its own falls back on the back chain.
import type { RegisterRule, UnwindRow } from './model.ts'

const [SP, LR] = [1, 65]
const LOWEST_SAVED = 14
const MOST_INSTRUCTIONS = 512
const LONGEST_EPILOGUE = 40

/** Undefined: not mapped. */
export type ReadWord = (address: number) => number | undefined

const upper = (word: number) => word >>> 26
const rt = (word: number) => (word >>> 21) & 31
const ra = (word: number) => (word >>> 16) & 31
const displacement = (word: number) => (word << 16) >> 16

const BLR = 0x4e800020
const isMflr = (word: number) => (word & 0xfc1fffff) >>> 0 === 0x7c0802a6
const isMtlr = (word: number) => (word & 0xfc1fffff) >>> 0 === 0x7c0803a6
const isStore = (word: number) => upper(word) === 36 && ra(word) === SP
const isStoreMultiple = (word: number) => upper(word) === 47 && ra(word) === SP
/** stwu r1,-n(r1) and stwux r1,r1,rX. */
const makesFrame = (word: number) =>
  word >>> 16 === 0x9421 || ((word & 0xfc0007fe) >>> 0 === 0x7c00016e && rt(word) === SP && ra(word) === SP)
/** addi r1,r1,n; addi or mr r1 from another register; lwz r1,0(r1). */
const takesFrame = (word: number) =>
  (upper(word) === 14 && rt(word) === SP) ||
  (upper(word) === 32 && rt(word) === SP) ||
  ((word & 0xfc0007fe) >>> 0 === 0x7c000378 && ra(word) === SP)
const isBranch = (word: number) => upper(word) === 18 || upper(word) === 16 || upper(word) === 19
const isCall = (word: number) => (upper(word) === 18 || upper(word) === 16 || upper(word) === 19) && (word & 1) === 1

interface Found {
  frame: boolean
  /** Where the return address is: still in LR, in a register, in the LR save word, or nobody saw. */
  link: RegisterRule | undefined
  registers: Map<number, RegisterRule>
}

/** isCaller: the function has called another one, so LR holds nothing of its own. */
export function scanFrame(start: number, pc: number, read: ReadWord, isCaller: boolean): UnwindRow {
  const found = scanPrologue(start, pc, read)
  const ending = isCaller ? undefined : scanEpilogue(pc, read)
  const frame = ending ? ending.frame : found.frame
  const link: RegisterRule | undefined = ending?.linkRestored ? { kind: 'same' } : found.link
  if (frame || isCaller || link === undefined)
    return backChainRow(frame && !isCaller ? link : undefined, found.registers)
  const registers = new Map<number, RegisterRule>([[LR, link]])
  return { cfa: { kind: 'register', number: SP, offset: 0 }, registers, returnAddress: LR }
}

/** The caller's stack pointer is the word at ours, and it keeps our return address in its LR save word. */
export function backChainRow(link?: RegisterRule, saved: ReadonlyMap<number, RegisterRule> = new Map()): UnwindRow {
  const registers = new Map(saved).set(LR, link ?? { kind: 'saved', offset: 4 })
  return { cfa: { kind: 'backChain' }, registers, returnAddress: LR }
}

function scanPrologue(start: number, pc: number, read: ReadWord): Found {
  const found: Found = { frame: false, link: { kind: 'same' }, registers: new Map() }
  let size = 0
  const end = Math.min(pc, start + 4 * MOST_INSTRUCTIONS)
  for (let at = start; at < end; at += 4) {
    const word = read(at)
    if (word === undefined) break
    if (makesFrame(word) && !found.frame) [found.frame, size] = [true, upper(word) === 37 ? -displacement(word) : 0]
    // A later mflr reads the address of position independent code.
    else if (isMflr(word) && found.link?.kind === 'same') found.link = { kind: 'register', number: rt(word) }
    else if (isStore(word) && found.link?.kind === 'register' && rt(word) === found.link.number)
      found.link = { kind: 'saved', offset: displacement(word) - size }
    else if (size > 0 && (isStore(word) || isStoreMultiple(word))) saveRegisters(word, size, found.registers)
    // A call before LR is kept somewhere: it is assembly that has no way back but the chain.
    else if (isCall(word) && found.link?.kind === 'same') found.link = undefined
  }
  return found
}

function saveRegisters(word: number, size: number, registers: Map<number, RegisterRule>): void {
  const last = isStoreMultiple(word) ? 31 : rt(word)
  for (let number = rt(word); number <= last; number++) {
    const offset = displacement(word) + 4 * (number - rt(word)) - size
    if (number >= LOWEST_SAVED && offset < 0 && !registers.has(number)) registers.set(number, { kind: 'saved', offset })
  }
}

/** From pc straight on to blr: what is not undone on the way has been undone before. Undefined: it does not go straight to blr. */
function scanEpilogue(pc: number, read: ReadWord): { frame: boolean; linkRestored: boolean } | undefined {
  let [frame, linkRestored] = [false, true]
  for (let at = pc; at < pc + 4 * LONGEST_EPILOGUE; at += 4) {
    const word = read(at)
    if (word === undefined) return undefined
    if (word >>> 0 === BLR) return { frame, linkRestored }
    if (isBranch(word) || makesFrame(word)) return undefined
    if (takesFrame(word)) frame = true
    if (isMtlr(word)) linkRestored = false
  }
  return undefined
}
