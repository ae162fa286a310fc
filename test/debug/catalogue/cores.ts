// T128: two cores.
import { expect } from 'vitest'
import { Machine } from '../../../emulator/machine.ts'
import type { CoreName } from '../../../emulator/spr/record.ts'
import { codeImage } from '../../support/board.ts'
import { DBCR0 } from '../rig.ts'
import { T } from './case.ts'

const LOOP = 0x100
/** Core 0 maps the spin table, releases core 1 at LOOP and goes there itself. */
const RELEASE = `
  addis r5,r0,0x1001\nmtspr MAS0,r5\naddis r5,r0,0x8000\nori r5,r5,0x100\nmtspr MAS1,r5
  addis r5,r0,0xef00\nmtspr MAS2,r5\nori r6,r5,0x3f\nmtspr MAS3,r6\naddi r6,r0,0xf\nmtspr MAS7,r6\ntlbwe
  addi r6,r0,${LOOP}\nstw r6,0x24(r5)\nmtspr CTR,r6\nbctr`

function twoCores(cpu: CoreName): Machine {
  const machine = new Machine({ memoryBytes: 64 << 20, cpu, cores: 2 })
  const length = RELEASE.split(/\n/).filter((line) => line.trim()).length
  const gap = 'nop\n'.repeat(LOOP / 4 - length)
  machine.load(codeImage(`${RELEASE}\n${gap}loop:\naddi r8,r8,1\naddi r9,r9,1\nb loop`))
  machine.run(20_000)
  return machine
}

export const cores = [
  T(128, 'both', "registers and events are a core's own; host stops are on both, a step moves one", (cpu) => {
    const machine = twoCores(cpu)
    const [first, second] = machine.vcpus as [Machine['vcpu'], Machine['vcpu']]
    expect([first.register('r8')! > 0, second.register('r8')! > 0]).toEqual([true, true])
    second.setRegister('IAC1', LOOP + 4)
    second.setRegister('DBCR0', DBCR0.IAC1)
    machine.run(20_000)
    expect([first, second].map(({ sprs }) => sprs[304]! & DBCR0.IAC1)).toEqual([0, DBCR0.IAC1])

    machine.hostDebug.place(1, { kind: 'instruction', placement: 'iac', address: LOOP })
    const seen = new Set<number>()
    for (let n = 0; n < 10_000 && seen.size < 2; n++) {
      const exit = machine.run(20_000)
      if (exit.kind === 'breakpoint') seen.add(exit.vcpu)
    }
    expect([...seen].sort()).toEqual([0, 1])

    machine.hostDebug.remove(1)
    const before = [first.instructions(), second.instructions()]
    machine.hostDebug.step(1)
    expect(machine.run(1).kind).toBe('step')
    expect([first.instructions(), second.instructions()]).toEqual([before[0], before[1]! + 1])
  }),
]
