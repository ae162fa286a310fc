import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { setCrField } from '../../emulator/core/arithmetic.ts'
import { printBodies } from '../../emulator/engine/printInterpreter.ts'
import { STATE } from '../../emulator/isa/cpu.ts'
import { pattern, statementsOf } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { CODE, machineWith } from '../debug/machine.ts'
import { random } from '../support/random.ts'

test('the committed bodies are what the records print: npm run generate', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../emulator/engine/generated/bodies.ts'), 'utf8')
  expect(committed).toBe(printBodies())
})

/** Registers that all are addresses near 0x20000, so that every load and store hits; else words of any kind. */
function randomState(word: () => number, asAddresses: boolean): Int32Array {
  const state = new Int32Array(STATE.WORDS)
  const edges = [0, 1, -1, 0x7fffffff, 0x80000000 | 0, 31, 32]
  for (let n = 0; n < 32; n++) {
    const any = word() & 3 ? word() : edges[(word() >>> 1) % edges.length]!
    state[n] = asAddresses ? 0x20000 + (word() & 0xffc) + ((word() & 7) === 0 ? word() & 3 : 0) : any
  }
  for (const name of ['LR', 'CTR'] as const) state[STATE[name]] = word() & 7 ? word() & 0xfffffc : 1
  for (const name of ['CA', 'OV', 'SO'] as const) state[STATE[name]] = word() & 1
  for (let field = 0; field < 8; field++) setCrField(state, field, word() & 15)
  return state
}

test('the run loop does what the bodies do, with random words of each record', () => {
  const { machine, vcpu } = machineWith('ori r0,r0,0')
  const word = random(5)
  const data = machine.memory.words.subarray((machine.memory.ramBase + 0x18000) >>> 2).subarray(0, 0xa800)
  const after = (initial: Int32Array, isAccess: boolean, run: () => void) => {
    if (isAccess) data.fill(0x01020384)
    vcpu.state.set(initial)
    vcpu.state[STATE.NIA] = CODE
    run()
    vcpu.state[STATE.CIA] = vcpu.state[STATE.LEFT] = 0
    return { state: [...vcpu.state].join(' '), stored: isAccess && createHash('sha1').update(data).digest('hex') }
  }
  const step = () => void machine.run(1)
  const { categories } = vcpu.model
  for (const instruction of instructions.filter(
    (record) =>
      (!record.category || categories.has(record.category)) &&
      statementsOf(record).every(({ kind }) => kind !== 'call'),
  )) {
    const { value, mask } = pattern(instruction)
    const isAccess = instruction.manual === 'Book I 3.3.2'
    for (let n = 0; n < (isAccess ? 20 : 200); n++) {
      // D alone is no address that hits: RA is not 0.
      const code = (word() & ~mask) | value | (instruction.operands.includes('D(') ? 0x10000 : 0)
      const initial = randomState(word, isAccess)
      machine.memory.write(CODE, 4, code)
      const byBody = after(initial, isAccess, () => {
        vcpu.state[STATE.CIA] = CODE
        vcpu.state[STATE.NIA] = CODE + 4
        vcpu.storage.code!.execute(code)
      })
      // The first time decodes the word, which the body does, too.
      after(initial, isAccess, step)
      expect(after(initial, isAccess, step), `${instruction.mnemonic} ${hex(code)}`).toEqual(byBody)
    }
  }
})

test('high products equal those of exact integers', () => {
  const word = random(3)
  const edges = [0, 1, -1, 0x7fffffff, 0x80000000 | 0, 0xffff, 0x10000]
  const pairs = [
    ...edges.flatMap((a) => edges.map((b) => [a, b])),
    ...Array.from({ length: 2000 }, () => [word(), word()]),
  ]
  const { machine, vcpu } = machineWith('mulhw r5,r3,r4\nmulhwu r6,r3,r4')
  for (const [a, b] of pairs as [number, number][]) {
    vcpu.setRegister('r3', a)
    vcpu.setRegister('r4', b)
    vcpu.setRegister('pc', CODE)
    machine.run(2)
    expect(vcpu.state[5]).toBe(Number(BigInt.asIntN(32, (BigInt(a) * BigInt(b)) >> 32n)))
    expect(vcpu.state[6]).toBe(Number(BigInt.asIntN(32, (BigInt(a >>> 0) * BigInt(b >>> 0)) >> 32n)))
  }
})
