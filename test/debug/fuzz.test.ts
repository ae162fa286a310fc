// Random guests, host requests and changes of the owner: the machine's events are those of the simple model. E500_FUZZ=10000 for all of them.
import { expect, test } from 'vitest'
import type { CoreName } from '../../emulator/spr/record.ts'
import { random } from '../support/random.ts'
import { DEBUG, type Instruction, Model, PROGRAM } from './model.ts'
import { CODE, DATA, handler, MSR, rig } from './rig.ts'

const SEQUENCES = Number(process.env.E500_FUZZ ?? 500)
const LENGTH = 14
const address = (index: number) => CODE + 4 * index

/** Numbers below a bound; the first few words of neighbouring seeds are alike, so they are left out. */
function picker(seed: number) {
  const next = random(seed * 0x9e3779b1)
  for (let n = 0; n < 8; n++) next()
  return (below: number) => (next() >>> 0) % below
}
type Random = ReturnType<typeof picker>

const ENABLES = [
  0x40000000, 0x40000000, 0x08000000, 0x04000000, 0x01000000, 0x00800000, 0x00400000, 0x00080000, 0x00040000,
]
const someEnables = (pick: Random) => ENABLES.reduce((mask, bit) => (pick(2) ? mask | bit : mask), 0)

function instruction(pick: Random): Instruction {
  const plain = ['nothing', 'nothing', 'tw', 'load', 'store', 'branchToNext'] as const
  const which = pick(10)
  if (which < 5) return { kind: plain[pick(pick(3) ? 2 : plain.length)]! }
  if (which < 7) return { kind: 'mtmsr', DE: pick(2) === 1 }
  const register = (['DBCR0', 'DBCR0', 'DBSR', 'IAC1', 'IAC2', 'DAC1'] as const)[pick(6)]!
  const values = {
    DBCR0: () => someEnables(pick),
    DBSR: () => (pick(2) ? 0xffffffff : someEnables(pick)),
    IAC1: () => address(pick(LENGTH)),
    IAC2: () => address(pick(LENGTH)),
    DAC1: () => DATA + 4 * pick(2),
  }
  return { kind: 'mtspr', register, value: values[register]() >>> 0 }
}

/** Values come from r8 up, one for each instruction. */
function text(one: Instruction, index: number): string {
  if (one.kind === 'mtmsr') return `mtmsr r${8 + index}`
  if (one.kind === 'mtspr') return `mtspr ${one.register},r${8 + index}`
  const plain = { nothing: 'nop', tw: 'tw 31,r0,r0', load: 'lwz r3,0(r7)', store: 'stw r3,0(r7)' }
  return plain[one.kind as keyof typeof plain] ?? `b next${index}\nnext${index}:`
}
const registerFor = (one: Instruction) =>
  one.kind === 'mtmsr' ? (one.DE ? MSR.DE : 0) : one.kind === 'mtspr' ? one.value | 0 : 0

function sequence(cpu: CoreName, seed: number): void {
  const pick = picker(seed)
  const code = Array.from({ length: LENGTH }, () => instruction(pick))
  const gpr = { 7: DATA, ...Object.fromEntries(code.map((one, n) => [8 + n, registerFor(one)])) }
  const r = rig(cpu, code.map(text).join('\n'), { gpr })
  const model = new Model(code, address, DATA)
  const { hostDebug } = r.machine
  for (let n = 0; n < 12; n++) {
    const said = `seed ${seed}, step ${n}`
    const index = pick(LENGTH)
    const mode = (['guest', 'host', 'shared'] as const)[pick(3)]!
    const act = pick(8)
    if (act < 4) {
      const count = 1 + pick(5)
      expect(r.machine.run(count).kind === 'breakpoint', said).toBe(model.run(count))
    } else if (act === 4) {
      hostDebug.setOwnership(mode)
      model.mode = mode
    } else if (act === 5) {
      hostDebug.place(index, { kind: 'instruction', placement: 'auto', address: address(index) })
      model.breakpoints.add(index)
    } else if (act === 6) {
      hostDebug.remove(index)
      model.breakpoints.delete(index)
    } else {
      hostDebug.step(0)
      r.machine.run(1)
      model.step()
    }
    expect(r.vcpu.sprs[304]! >>> 0, said).toBe(model.registers.DBSR)
    if (model.pc === DEBUG) break
  }
  compareEnd(cpu, r, model, seed)
}

function compareEnd(cpu: CoreName, r: ReturnType<typeof rig>, model: Model, seed: number): void {
  const places = { [PROGRAM]: handler(6), [DEBUG]: handler(15) } as Record<number, number>
  const where = (pc: number) => places[pc] ?? address(pc)
  const saved = () => (model.pc === PROGRAM ? r.reg('SRR0') : r.reg(cpu === 'e500mc' ? 'DSRR0' : 'CSRR0'))
  expect([r.reg('pc'), (r.vcpu.MSR & MSR.DE) !== 0], `seed ${seed}`).toEqual([where(model.pc), model.DE])
  if (model.pc < 0) expect(saved(), `seed ${seed}`).toBe(where(model.saved))
}

test.each(['e500v2', 'e500mc'] as const)('%s: random sequences', { timeout: 600_000 }, (cpu) => {
  for (let seed = 1; seed <= SEQUENCES / 2; seed++) sequence(cpu, seed)
})
