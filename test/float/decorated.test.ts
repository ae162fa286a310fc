// Decorated loads and stores of FPRs: no device of this board reads the decoration, so they are plain accesses at RB.
import { expect, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { DATA, machineFor } from '../core/machine.ts'
import { recordCompared } from '../support/compared.ts'

const FP = 0x2000

test('lfddx and stfddx do what lfd and stfd do at RB (category DS)', () => {
  const code = (load: string, store: string) => ({
    cpu: 'e500mc' as const,
    MSR: FP,
    code: `${load}\n${store}`,
    gpr: { 4: 0x1234, 5: DATA, 6: DATA + 16 },
    memory: { [DATA]: 0x3ff80000, [DATA + 4]: 0x12345678 },
  })
  const words = [code('lfddx f1,r4,r5', 'stfddx f1,r4,r6'), code('lfd f1,0(r5)', 'stfd f1,0(r6)')].map((it) => {
    const machine = machineFor(it)
    machine.run(2)
    return [DATA + 16, DATA + 20].map((address) => hex(machine.memory.read(address, 4)))
  })
  expect(words[0]).toEqual(['0x3ff80000', '0x12345678'])
  expect(words[0]).toEqual(words[1])
  recordCompared('e500mc', 'lfd and stfd', ['lfddx', 'stfddx'])
})
