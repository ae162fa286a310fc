// SPE in the interpreter beside the manual's definitions: every edge value with every other in both elements, and random ones.
import { expect, test } from 'vitest'
import { STATE } from '../../emulator/isa/cpu.ts'
import { pattern } from '../../emulator/isa/record.ts'
import { instructions } from '../../emulator/isa/table.ts'
import { CODE, machineFor } from '../core/machine.ts'
import { recordCompared } from '../support/compared.ts'
import { random } from '../support/random.ts'
import { type After, type Before, evaluate } from './manual.ts'
import { EDGES } from './values.ts'

const MSR_SPE = 0x02000000

const word = random(4)
const pick = () => (word() & 3 ? EDGES[(word() >>> 0) % EDGES.length]! : word())
/** Each pair of edge values once in the high and once in the low element. */
const inputs = EDGES.flatMap((a, n) => EDGES.map((b, k) => [a, b, EDGES[(n + k) % EDGES.length]!] as const))

const machine = machineFor({ code: '' })
const { vcpu, memory } = machine
const { state } = vcpu
const joined = (high: number, low: number) => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

/** RT=r3, RA=r4, RB=r5. */
function execute(value: number, high: readonly number[], low: readonly number[], SPEFSCR: number): [Before, After] {
  for (const [n, r] of [4, 5].entries()) {
    state[STATE.GPRH + r] = high[n]!
    state[r] = low[n]!
  }
  state[STATE.ACCH] = high[2]!
  state[STATE.ACCL] = low[2]!
  state[STATE.SPEFSCR] = SPEFSCR
  const before = {
    a: joined(high[0]!, low[0]!),
    b: joined(high[1]!, low[1]!),
    ACC: joined(high[2]!, low[2]!),
    SPEFSCR: BigInt(SPEFSCR >>> 0),
  }
  memory.write(CODE, 4, value | (3 << 21) | (4 << 16) | (5 << 11))
  state[STATE.NIA] = CODE
  machine.run(1)
  const after = {
    RT: joined(state[STATE.GPRH + 3]!, state[3]!),
    ACC: joined(state[STATE.ACCH]!, state[STATE.ACCL]!),
    SPEFSCR: BigInt(state[STATE.SPEFSCR]! >>> 0),
  }
  return [before, after]
}

const NONE: Before = { a: 0n, b: 0n, ACC: 0n, SPEFSCR: 0n }
const judged = instructions.filter(
  ({ category, mnemonic }) => category === 'SP' && evaluate(mnemonic, NONE) !== undefined,
)

test(`${judged.length} instructions on ${EDGES.length ** 2} pairs of edge values`, () => {
  vcpu.setMsr(MSR_SPE)
  for (const instruction of judged) {
    const { value } = pattern(instruction)
    for (const [n, low] of inputs.entries()) {
      const high = n & 1 ? [pick(), pick(), pick()] : inputs[(n + 7) % inputs.length]!
      const [before, after] = execute(value, high, low, word() & 0xc000_c03f)
      const expected = evaluate(instruction.mnemonic, before)
      if (after.RT !== expected!.RT || after.ACC !== expected!.ACC || after.SPEFSCR !== expected!.SPEFSCR)
        expect({ of: instruction.mnemonic, before, ...after }).toEqual({
          of: instruction.mnemonic,
          before,
          ...expected,
        })
    }
  }
  expect(judged.length).toBe(122)
  recordCompared(
    'e500v2',
    'SPE PEM',
    judged.map(({ mnemonic }) => mnemonic),
  )
})
