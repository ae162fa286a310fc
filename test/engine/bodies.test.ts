import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { printBodies } from '../../emulator/engine/printInterpreter.ts'
import { CODE, machineWith } from '../debug/machine.ts'
import { random } from '../support/random.ts'

test('the committed bodies are what the records print: npm run generate', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../emulator/engine/generated/bodies.ts'), 'utf8')
  expect(committed).toBe(printBodies())
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
