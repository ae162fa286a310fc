// SPE loads and stores beside the manual's definitions, which cut a doubleword into half words (SPE PEM 5).
// QEMU is no judge of evldh and evlwhsplat (test/differential/deviations.ts).
import { expect, test } from 'vitest'
import { STATE } from '../../emulator/isa/cpu.ts'
import { CODE, DATA, machineFor } from '../core/machine.ts'
import { recordCompared } from '../support/compared.ts'
import { random } from '../support/random.ts'

const MSR_SPE = 0x02000000
type Halves = readonly number[]

const sign = (half: number) => (half & 0x8000 ? 0xffff : 0)
/** The four half words of RT from those at EA. */
const LOADS: Readonly<Record<string, (m: Halves) => Halves>> = {
  evldd: ([a, b, c, d]) => [a!, b!, c!, d!],
  evldw: ([a, b, c, d]) => [a!, b!, c!, d!],
  evldh: ([a, b, c, d]) => [a!, b!, c!, d!],
  evlhhesplat: ([a]) => [a!, 0, a!, 0],
  evlhhousplat: ([a]) => [0, a!, 0, a!],
  evlhhossplat: ([a]) => [sign(a!), a!, sign(a!), a!],
  evlwhe: ([a, b]) => [a!, 0, b!, 0],
  evlwhou: ([a, b]) => [0, a!, 0, b!],
  evlwhos: ([a, b]) => [sign(a!), a!, sign(b!), b!],
  evlwwsplat: ([a, b]) => [a!, b!, a!, b!],
  evlwhsplat: ([a, b]) => [a!, a!, b!, b!],
}
/** The half words at EA from those of RS; what lies behind them stays. */
const STORES: Readonly<Record<string, (r: Halves) => Halves>> = {
  evstdd: ([a, b, c, d]) => [a!, b!, c!, d!],
  evstdw: ([a, b, c, d]) => [a!, b!, c!, d!],
  evstdh: ([a, b, c, d]) => [a!, b!, c!, d!],
  evstwhe: ([a, , c]) => [a!, c!],
  evstwho: ([, b, , d]) => [b!, d!],
  evstwwe: ([a, b]) => [a!, b!],
  evstwwo: ([, , c, d]) => [c!, d!],
}
const forms = (mnemonics: Readonly<Record<string, unknown>>) =>
  Object.keys(mnemonics).flatMap((name) => [
    [name, name, `${name} r3,0(r4)`] as const,
    [`${name}x`, name, `${name}x r3,r4,r5`] as const,
  ])

const word = random(20261129)
const someHalves = (): Halves => Array.from({ length: 4 }, () => (word() >>> 7) & 0xffff)
const joined = (high: number, low: number) => (high << 16) | low | 0
const halvesOf = (...words: number[]) => words.flatMap((each) => [each >>> 16, each & 0xffff])

/** Executes the instruction again and again, with these half words in r3 and at EA; what they are afterwards. */
function executor(code: string) {
  const machine = machineFor({ code, MSR: MSR_SPE, gpr: { 4: DATA } })
  const { vcpu, memory } = machine
  const { state } = vcpu
  return (register: Halves, atEA: Halves) => {
    state[STATE.GPRH + 3] = joined(register[0]!, register[1]!)
    state[3] = joined(register[2]!, register[3]!)
    for (const [n, half] of atEA.entries()) memory.write(DATA + 2 * n, 2, half)
    state[STATE.NIA] = CODE
    machine.run(1)
    return {
      register: halvesOf(state[STATE.GPRH + 3]!, state[3]!),
      atEA: atEA.map((_, n) => memory.read(DATA + 2 * n, 2)),
    }
  }
}

const TIMES = 20

test.each(forms(LOADS))('%s', (mnemonic, name, code) => {
  const execute = executor(code)
  for (let n = 0; n < TIMES; n++) {
    const atEA = someHalves()
    expect(execute(someHalves(), atEA)).toEqual({ register: LOADS[name]!(atEA), atEA })
  }
  recordCompared('e500v2', 'SPE PEM', [mnemonic])
})

test.each(forms(STORES))('%s', (mnemonic, name, code) => {
  const execute = executor(code)
  for (let n = 0; n < TIMES; n++) {
    const [register, before] = [someHalves(), someHalves()]
    const stored = STORES[name]!(register)
    expect(execute(register, before)).toEqual({ register, atEA: [...stored, ...before.slice(stored.length)] })
  }
  recordCompared('e500v2', 'SPE PEM', [mnemonic])
})
