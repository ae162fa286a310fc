// npm run differential -- --core e500v2 --count 1000000 [--seed N]: random instructions in this machine and in QEMU until so many were executed.
import { parseArgs } from 'node:util'
import { disassemble } from '../../emulator/isa/disassemble.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { compareBlocks, type Fault } from './compare.ts'

const { values } = parseArgs({
  options: {
    core: { type: 'string', default: 'e500v2' },
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
})
const core = values.core as CoreName
const count = Number(values.count)
const BATCH = 10_000
const LISTED = 3

const kinds = new Map<string, Fault[]>()
const compared = new Set<string>()
const deviations = new Map<string, number>()
let executed = 0
let blocks = 0
for (let seed = Number(values.seed); executed < count; seed++) {
  const result = compareBlocks(core, BATCH, seed)
  executed += result.executed
  blocks += result.blocks
  for (const mnemonic of result.compared) compared.add(mnemonic)
  for (const [what, times] of result.deviations) deviations.set(what, (deviations.get(what) ?? 0) + times)
  for (const fault of result.faults) kinds.set(fault.mnemonic, [...(kinds.get(fault.mnemonic) ?? []), fault])
}

const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0')
for (const [mnemonic, faults] of kinds) {
  console.log(`${mnemonic}: ${faults.length} times`)
  for (const { words, differences } of faults.slice(0, LISTED)) {
    console.log(`  ${words.map((word) => disassemble(word, 0, { core })).join('; ')}`)
    for (const { where, ours, qemu } of differences) console.log(`    ${where}: ours ${hex(ours)}, QEMU ${hex(qemu)}`)
  }
}
for (const [what, times] of deviations) console.log(`QEMU in ${times} blocks: ${what}`)
console.log(
  `${core}: ${executed} instructions of ${compared.size} records executed in ${blocks} blocks; ` +
    `${kinds.size} kinds of differences, ${deviations.size} kinds of QEMU's own faults.`,
)
if (kinds.size > 0) process.exitCode = 1
