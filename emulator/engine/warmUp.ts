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
const PAGE_WORDS = 1024
/** Where things stand in memory, in words: the state block, one page of code, the page table, decoded words. */
const CODE = PAGE_WORDS
const PAGES = 2 * PAGE_WORDS
const PAIRS = PAGES + 0x100000
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
  const { R, words, decoded } = tables
  R.fill(value, 0, STATE.WORDS)
  R[STATE.CA] = R[STATE.OV] = R[STATE.SO] = 0
  R[STATE.NIA] = 4 * LAST
  R[STATE.LEFT] = count
  words[CODE + LAST] = decoded[2 * LAST] = word
  decoded[2 * LAST + 1] = opcode
  run(tables)
}

/** Pages 0 and 1 are one page of code; accesses of page 0 hit it. */
function smallTables(): Tables {
  const words = new Int32Array(PAIRS + 2 * PAGE_WORDS)
  const part = (start: number, count: number) => new Int32Array(words.buffer, 4 * start, count)
  const fetch = noFetches()
  fetch.set([0, CODE, PAIRS - 2 * CODE, 0, 1, CODE, PAIRS - 2 * CODE, 0])
  const pages = part(PAGES, 0x100000)
  pages[0] = 4 * CODE
  return {
    words,
    halves: new Uint16Array(words.buffer),
    bytes: new Uint8Array(words.buffer),
    R: part(0, STATE.WORDS),
    masks,
    decoded: part(PAIRS, 2 * PAGE_WORDS),
    loads: pages,
    stores: pages,
    fetch,
  }
}
