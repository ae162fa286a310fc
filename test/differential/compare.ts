// Runs blocks in both machines and says which instruction made them differ, and in what.
import type { CoreName } from '../../emulator/spr/record.ts'
import { random as randomFrom } from '../support/random.ts'
import type { Block, Step } from './block.ts'
import { type Difference, isDeviation } from './deviations.ts'
import { imageOf } from './image.ts'
import { AT, CODE_BYTES, nameOf, STATE_BYTES } from './layout.ts'
import { codeAddress, runOurs, runQemu } from './machines.ts'
import { anyBlock, shapedRecords } from './shapes.ts'

export interface Fault {
  readonly mnemonic: string
  readonly words: readonly number[]
  readonly seed: number
  readonly differences: readonly Difference[]
}
export interface Result {
  readonly executed: number
  readonly blocks: number
  /** Executed in a block whose whole state was compared. */
  readonly compared: ReadonlySet<string>
  /** What is not QEMU's fault as far as known. */
  readonly faults: readonly Fault[]
  /** QEMU's faults that were met, and in how many blocks. */
  readonly deviations: ReadonlyMap<string, number>
}

function differencesOf(ours: Buffer, qemu: Buffer, block: number): Difference[] {
  const differences: Difference[] = []
  for (let offset = 0; offset < AT.SPARE; offset += 4) {
    const at = block * STATE_BYTES + offset
    if (ours.readInt32BE(at) === qemu.readInt32BE(at) || offset === AT.CODE) continue
    differences.push({ where: nameOf(offset), ours: ours.readUInt32BE(at), qemu: qemu.readUInt32BE(at) })
  }
  return differences
}

function runBoth(core: CoreName, blocks: readonly Block[]) {
  const image = imageOf(core, blocks)
  const ours = runOurs(core, blocks.length, image)
  const qemu = runQemu(core, blocks.length, image)
  endWhereEmbeddedFloatInterrupts(core, blocks, ours.states, qemu)
  return { ...ours, qemu }
}

const EMBEDDED_FLOAT = [33, 34]
/** What the interrupt leaves, and the harness's registers, which tell where the block's state stands. */
const OURS_ALONE = [AT.IVOR, AT.SRR0, AT.SRR1, AT.ESR, AT.HANDLER_MSR, ...[30, 31].map((n) => AT.GPR + 8 * n + 4)]

/** QEMU 7.2 takes no interrupt of embedded floating point. It runs anew, to where ours came: a data interrupt is before its instruction, a round interrupt after. */
function endWhereEmbeddedFloatInterrupts(core: CoreName, blocks: readonly Block[], ours: Buffer, qemu: Buffer): void {
  const word = (block: number, offset: number) => ours.readInt32BE(block * STATE_BYTES + offset)
  const interrupted = [...blocks.keys()].filter((n) => EMBEDDED_FLOAT.includes(word(n, AT.IVOR)))
  if (interrupted.length === 0) return
  const beginnings = interrupted.map((n) => {
    const words = (word(n, AT.SRR0) - codeAddress(blocks.length, n)) / 4
    return { ...blocks[n]!, steps: stepsOf(blocks[n]!, words) }
  })
  const states = runQemu(core, beginnings.length, imageOf(core, beginnings))
  for (const [index, n] of interrupted.entries()) {
    states.copy(qemu, n * STATE_BYTES, index * STATE_BYTES, (index + 1) * STATE_BYTES)
    for (const offset of OURS_ALONE) qemu.writeInt32BE(word(n, offset), n * STATE_BYTES + offset)
  }
}

/** Those of the first words. */
function stepsOf({ steps }: Block, words: number): readonly Step[] {
  let left = words
  return steps.filter((step) => {
    left -= step.words(0).length
    return left >= 0
  })
}

/** The first step of each block whose result differs: all beginnings of the blocks run, shortest first. */
function blame(core: CoreName, blocks: readonly Block[]): Fault[] {
  const beginnings = blocks.flatMap((block) =>
    block.steps.map((_, n) => ({ ...block, steps: block.steps.slice(0, n + 1), isFirst: n === 0 })),
  )
  const { states, qemu } = runBoth(core, beginnings)
  const faults: Fault[] = []
  let isBlamed = false
  for (const [n, { seed, steps, isFirst }] of beginnings.entries()) {
    if (isFirst) isBlamed = false
    const differences = differencesOf(states, qemu, n)
    if (isBlamed || isDeviation(core, undefined, differences, new Map())) continue
    isBlamed = true
    const step = steps.at(-1)!
    faults.push({ mnemonic: step.mnemonic, words: step.words(0), seed, differences })
  }
  return faults
}

/** Steps that were executed for certain: up to the first that may leave the block, or to where an interrupt came, in words. */
function executedSteps(block: Block, IVOR: number, interruptedAt: number): readonly Step[] {
  const { steps } = block
  const end = steps.findIndex(({ mayEnd }) => mayEnd)
  const all = end < 0 ? steps.length : end + 1
  if (IVOR === -1) return steps.slice(0, all)
  const isWithin = interruptedAt >= 0 && interruptedAt < CODE_BYTES / 4
  if (!isWithin) return end < 0 ? [] : steps.slice(0, all)
  const completed = stepsOf(block, interruptedAt).length
  // A trap is done when its interrupt is taken.
  return steps.slice(0, Math.min(all, steps[completed]?.mayEnd ? completed + 1 : completed))
}

const BLAMED_AT_MOST = 200

const sameState = (a: Buffer, b: Buffer, block: number) => {
  const from = block * STATE_BYTES
  return a.compare(b, from, from + AT.SPARE, from, from + AT.SPARE) === 0
}

/** Instructions that the harness executes for a block without steps. */
function overhead(core: CoreName): number {
  const empty: Block = { seed: 1, steps: [], isFloat: false, isEnabled: false }
  const [one, two] = [[empty], [empty, empty]].map(
    (blocks) => runOurs(core, blocks.length, imageOf(core, blocks)).instructions,
  )
  return two! - one!
}

export function compareBlocks(core: CoreName, count: number, seed: number): Result {
  const random = randomFrom(seed)
  const shaped = shapedRecords(core)
  const blocks = Array.from({ length: count }, () => ({ seed: random(), ...anyBlock(shaped, random) }))
  const { states, qemu, instructions } = runBoth(core, blocks)
  const compared = new Set<string>()
  const deviations = new Map<string, number>()
  const different: Block[] = []
  for (const [n, block] of blocks.entries()) {
    if (!sameState(states, qemu, n) && !isDeviation(core, undefined, differencesOf(states, qemu, n), deviations))
      different.push(block)
    else {
      const word = (offset: number) => states.readInt32BE(n * STATE_BYTES + offset)
      const interruptedAt = (word(AT.SRR0) - codeAddress(blocks.length, n)) / 4
      for (const { mnemonic } of executedSteps(block, word(AT.IVOR), interruptedAt)) compared.add(mnemonic)
    }
  }
  const blamed = different.length === 0 ? [] : blame(core, different.slice(0, BLAMED_AT_MOST))
  const faults = blamed.filter(({ mnemonic, differences }) => !isDeviation(core, mnemonic, differences, deviations))
  return { executed: instructions - count * overhead(core), blocks: count, compared, faults, deviations }
}
