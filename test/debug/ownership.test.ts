// Another owner for a while: what the guest had is exactly what it gets back, whatever the two of them did meanwhile (C20, T93, P2 to P5).
import { expect, test } from 'vitest'
import { ESR } from '../core/bits.ts'
import { random } from '../support/random.ts'
import { CODE, DATA, MSR, rig } from './rig.ts'

const SEQUENCES = 80
const RULES = ['none', 'kvm', 'nxp'] as const
const REGISTERS = { DBSR: 304, DBCR0: 308, DBCR1: 309, DBCR2: 310, IAC1: 312, IAC2: 313, DAC1: 316, DAC2: 317 } as const
/** What a host that owns the facility denies; mtmsr is not denied, and DE is the guest's own where its hypervisor does not hide it. */
const DENIED = [
  ...Object.keys(REGISTERS).map((name) => `mtspr ${name},r5`),
  ...['lwz r6,0(r9)', 'stw r6,0(r9)', 'tw 31,r0,r0', 'nop', 'b next\nnext:', 'sc'],
]

function picker(seed: number) {
  const next = random(seed * 0x9e3779b1)
  for (let n = 0; n < 8; n++) next()
  return (below: number) => (next() >>> 0) % below
}

test.each(['e500v2', 'e500mc'] as const)('%s: the guest gets its registers, DBSR and DE back', (cpu) => {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const pick = picker(seed)
    const word = () => (pick(2 ** 16) << 16) | pick(2 ** 16)
    const hypervisor = RULES[pick(3)]!
    const code = Array.from({ length: 8 }, (_, n) => DENIED[pick(DENIED.length)]!.replaceAll('next', `next${n}`))
    if (hypervisor === 'kvm') code[pick(8)] = 'mtmsr r7'
    const gpr = { 5: word(), 7: pick(2) ? MSR.DE | MSR.ME : MSR.ME, 9: DATA }
    const r = rig(cpu, code.join('\n'), { hypervisor, ownership: 'host', gpr, MSR: MSR.ME | (pick(2) ? MSR.DE : 0) })
    const { vcpu, machine } = r
    // As the guest had left them: nothing of it fires at once.
    for (const number of Object.values(REGISTERS)) vcpu.sprs[number] = word()
    vcpu.sprs[REGISTERS.DBCR0]! &= 0x3fffffff
    if (cpu === 'e500mc') vcpu.sprs[563] = word()
    const held = () => [...Object.values(REGISTERS), 563].map((number) => vcpu.sprs[number]).concat(vcpu.MSR & MSR.DE)
    const before = held()
    const { hostDebug } = machine
    for (let n = 0; n < 6; n++) {
      const place = CODE + 4 * pick(8)
      const act = pick(5)
      if (act === 0) hostDebug.place(n, { kind: 'instruction', placement: 'iac', address: place })
      else if (act === 1) hostDebug.place(n, { kind: 'instruction', placement: 'trap', address: place })
      else if (act === 2)
        hostDebug.place(n, { kind: 'data', placement: 'dac', address: DATA, length: 4, access: 'both' })
      else {
        if (act === 3) hostDebug.step(0)
        machine.run(3)
      }
    }
    expect(held(), `seed ${seed}`).toEqual(before)
    hostDebug.setOwnership(pick(2) ? 'guest' : 'shared')
    expect(held(), `seed ${seed}`).toEqual(before)
    // And the guest reads them so.
    expect(machine.debugResources(0).guest, `seed ${seed}`).toMatchObject(
      Object.fromEntries(Object.keys(REGISTERS).map((name, n) => [name, before[n]])),
    )
    hostDebug.setOwnership('host')
    expect(held(), `seed ${seed}`).toEqual(before)
  }
})

test.each(['e500v2', 'e500mc'] as const)('%s: a run with stays in "host" in between ends as one without', (cpu) => {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const pick = picker(seed)
    const DBCR0 = 0x40000000 | (pick(2) ? 0x00800000 : 0) | (pick(2) ? 0x00080000 : 0) | (pick(2) ? 0x01000000 : 0)
    const setup = {
      gpr: { 5: pick(2) ? MSR.DE : 0, 9: DATA },
      spr: { DBCR0, IAC1: CODE + 4 * pick(6), DAC1: DATA },
      MSR: pick(2) ? MSR.DE : 0,
    }
    const lines = ['nop', 'lwz r6,0(r9)', 'mtmsr r5', 'tw 31,r0,r0', 'mfspr r8,DBSR']
    const source = Array.from({ length: 6 }, () => lines[pick(lines.length)]!).join('\n')
    const ends = [false, true].map((isDisturbed) => {
      const r = rig(cpu, source, setup)
      for (let n = 0; n < 4; n++) {
        r.machine.run(2)
        if (!isDisturbed) continue
        r.machine.hostDebug.setOwnership('host')
        r.machine.hostDebug.place(1, { kind: 'data', placement: 'dac', address: DATA, length: 4, access: 'both' })
        r.machine.hostDebug.remove(1)
        r.machine.hostDebug.setOwnership(pick(2) ? 'guest' : 'shared')
      }
      return r.vcpu.save()
    })
    expect(ends[1], `seed ${seed}`).toEqual(ends[0])
  }
})

test.each([
  ['none', 'DBSRWR', 'runs'],
  ['nxp', 'DBSRWR', 'I6'],
  ['kvm', 'DBSRWR', 'I6'],
  ['nxp', 'DBCR4', 'runs'],
  ['kvm', 'DBCR4', 'I6'],
] as const)(
  'e500mc, hypervisor %s: a guest that owns the facility writes %s (reference 1.7, 3.3)',
  (hypervisor, name, outcome) => {
    const r = rig('e500mc', `mtspr ${name},r5`, { hypervisor })
    expect(r.go()).toMatch(RegExp(`^${outcome}`))
    if (outcome === 'I6') expect(r.reg('ESR')).toBe(ESR.PIL)
  },
)
