// Runs every opcode a few times on a memory of its own, so that the host's compiler has seen each case of the run loop before it compiles it.
// Without this each first use of an instruction throws the compiled loop away: half of the first second of a guest. Guests see nothing of it.
import { STATE } from '../isa/cpu.ts'
import { pattern } from '../isa/record.ts'
import { run } from './generated/bodies.ts'
import { opcodeOf, opcodes } from './opcodes.ts'
import { CHUNK, masks, noFetches, type Tables } from './tables.ts'

/** Every register and CR word takes each of these in turn; 8 is an address that hits memory. */
const VALUES = [8, 0, 1, -1, 0x7fffffff, 0x80000000 | 0, 0x12345678]
/** Operands: register 8 as RT and RA; and register 8 as RB, which is a branch or an access to another page. */
const OPERANDS = [0x01080000, 0x01084000]
const PAGE_BYTES = 4096
const PAGE_WORDS = PAGE_BYTES / 4
/** The word is the last of its page, so that the loop goes on to the next page, too. */
const LAST = PAGE_WORDS - 1
const ENDLESS_LOOP = 0x48000000

let isWarm = false

export function warmUp(): void {
  if (isWarm) return
  isWarm = true
  const tables = smallTables()
  for (const value of VALUES)
    for (const operands of OPERANDS)
      for (const [number, opcode] of opcodes.entries())
        if (opcode) runOne(tables, number, pattern(opcode.instruction).value | operands, value)
  runOne(tables, opcodeOf(ENDLESS_LOOP), ENDLESS_LOOP, 0, 2 * CHUNK)
}

function runOne(tables: Tables, opcode: number, word: number, value: number, count = 2): void {
  const { R, words, cacheWords, cacheOpcodes } = tables
  R.fill(value, 0, STATE.WORDS)
  R[STATE.CA] = R[STATE.OV] = R[STATE.SO] = 0
  R[STATE.NIA] = 4 * LAST
  R[STATE.LEFT] = count
  words[PAGE_WORDS + LAST] = cacheWords[LAST] = word
  cacheOpcodes[LAST] = opcode
  run(tables)
}

/** Pages 0 and 1 are one page of code; accesses of page 0 hit it. */
function smallTables(): Tables {
  const memory = new ArrayBuffer(2 * PAGE_BYTES)
  const fetch = noFetches()
  fetch.set([0, PAGE_WORDS, -PAGE_WORDS, 0, 1, PAGE_WORDS, -PAGE_WORDS, 0])
  const pages = new Int32Array(0x100000)
  pages[0] = PAGE_BYTES
  return {
    R: new Int32Array(STATE.WORDS),
    words: new Int32Array(memory),
    halves: new Uint16Array(memory),
    bytes: new Uint8Array(memory),
    masks,
    cacheWords: new Int32Array(PAGE_WORDS),
    cacheOpcodes: new Uint16Array(PAGE_WORDS),
    loads: pages,
    stores: pages,
    fetch,
  }
}
