// Blocks as a memory image: the harness, a record of random state for each, and their code.
import type { CoreName } from '../../emulator/spr/record.ts'
import { random as randomFrom } from '../support/random.ts'
import type { Block } from './block.ts'
import { chance } from './encode.ts'
import { BASE_MSR, harness } from './harness.ts'
import { AT, STATE_BYTES, STATES } from './layout.ts'
import { codeAddress, imageBytes } from './machines.ts'

const EDGES = [
  0, 1, 2, 0x7fffffff, 0x80000000, 0xffffffff, 0x80000001, 0x7ffffffe, 0xffff, 0x8000, 0x7fff, 0xffff8000, 0xff, 0x80,
  0x10000, 0xaaaaaaaa, 0x55555555, 31, 32, 33, 63,
]

/** A third edges, some powers of two and their neighbours, else anything. */
function anyWord(random: () => number): number {
  const choice = (random() >>> 3) % 20
  if (choice < 7) return EDGES[(random() >>> 3) % EDGES.length]!
  if (choice < 10) return (1 << (random() & 31)) - (random() & 1)
  return random()
}

type Words = readonly [upper: number, lower: number]
const SIGN = 0x80000000

/** So far from the limits that eight operations reach none of them. */
const single = (random: () => number) =>
  (random() & SIGN) | ((97 + ((random() >>> 3) % 60)) << 23) | (random() & 0x7fffff)
const double = (random: () => number): Words => [
  (random() & SIGN) | ((983 + ((random() >>> 3) % 80)) << 20) | (random() & 0xfffff),
  chance(random, 2) ? random() : random() & 0xe0000000,
]
const anyNumber = (register: number, random: () => number): Words =>
  register & 1 ? double(random) : [single(random), single(random)]

/** Zeros, infinities, NaNs, the largest, the smallest and denormal numbers, and those of single format. */
const FPR_EDGES: readonly Words[] = [
  [0, 0],
  [SIGN, 0],
  [0x3ff00000, 0],
  [0xbff00000, 0],
  [0x7fefffff, -1],
  [0x00100000, 0],
  [0x000fffff, -1],
  [0, 1],
  [0x7ff00000, 0],
  [0xfff00000, 0],
  [0x7ff80000, 0],
  [0x7ff40000, 0],
  [0x41dfffff, 0xffc00000],
  [0xc1e00000, 0],
  [0x41e00000, 0],
  [0x36a00000, 0],
  [0x380fffff, 0xe0000000],
  [0x47efffff, 0xe0000000],
]
const anyFpr = (random: () => number): Words => {
  if (chance(random, 4)) return FPR_EDGES[(random() >>> 3) % FPR_EDGES.length]!
  return chance(random, 4) ? [random(), random()] : double(random)
}

/** Fields of FPSCR that a block begins with: the rounding mode; VE, OE, UE, ZE, XE. */
const RN = 3
const FPSCR_ENABLES = 0xf8
/** MSR[FE0, FE1] of the e500mc. Both are 0 only where nothing is enabled: QEMU takes what it did not take then in a later block. */
const FE_MODES = [0x100, 0x800, 0x900]
/** Of SPEFSCR: FINXE, FINVE, FDBZE, FUNFE, FOVFE. QEMU knows no other rounding mode than to nearest. */
const SPEFSCR_ENABLES = 0x7c

function writeState(
  image: DataView,
  at: number,
  core: CoreName,
  { seed, isFloat, isEnabled }: Block,
  code: number,
): void {
  const random = randomFrom(seed)
  const put = (offset: number, value: number) => image.setInt32(at + offset, value)
  for (let n = 0; n < 32; n++) {
    const [upper, lower] = isFloat ? anyNumber(n, random) : [anyWord(random), anyWord(random)]
    put(AT.GPR + 8 * n, upper)
    put(AT.GPR + 8 * n + 4, lower)
  }
  for (const register of [AT.CR, AT.CTR, AT.LR]) put(register, anyWord(random))
  put(AT.XER, random() & 0xe0000000)
  for (const register of [AT.ACC, AT.ACC + 4]) put(register, anyWord(random))
  const enables = isEnabled ? random() : 0
  put(AT.MSR, BASE_MSR[core] | (core === 'e500mc' && isEnabled ? FE_MODES[(enables >>> 8) % 3]! : 0))
  put(AT.SPEFSCR, enables & SPEFSCR_ENABLES)
  put(AT.IVOR, -1)
  put(AT.HANDLER_MSR, 0)
  put(AT.CODE, code)
  put(AT.FPSCR + 4, (random() & RN) | (enables & FPSCR_ENABLES))
  for (let n = 0; n < 32; n++) {
    const [upper, lower] = anyFpr(random)
    put(AT.FPR + 8 * n, upper)
    put(AT.FPR + 8 * n + 4, lower)
  }
  for (let offset = AT.MEMORY; offset < AT.SPARE; offset += 4) put(offset, random())
}

export function imageOf(core: CoreName, blocks: readonly Block[]): Uint8Array {
  const image = new Uint8Array(imageBytes(blocks.length))
  const view = new DataView(image.buffer)
  const put = (at: number, words: readonly number[]) => {
    for (const [n, word] of words.entries()) view.setInt32(at + 4 * n, word)
  }
  const { pieces, save } = harness(core, blocks.length)
  for (const [at, words] of pieces) put(at, words)
  for (const [n, block] of blocks.entries()) {
    let at = codeAddress(blocks.length, n)
    writeState(view, STATES + n * STATE_BYTES, core, block, at)
    for (const step of block.steps) {
      const words = step.words(at)
      put(at, words)
      at += 4 * words.length
    }
    put(at, [0x48000000 | ((save - at) & 0x3fffffc)])
  }
  return image
}
