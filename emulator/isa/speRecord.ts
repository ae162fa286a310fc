// What SPE records share: the EVX form, both elements of a register, SPEFSCR's overflow bits (SPE PEM 2.3, 5).
import type { FieldName } from './form.ts'
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'

/** The elements of a 64-bit register, or the halves of a doubleword. */
export interface Pair {
  readonly high: Node
  readonly low: Node
}

export const pairOf = (op: Op, name: FieldName): Pair => ({ high: op.gprHigh(name), low: op.gpr(name) })
export const accumulator = (op: Op): Pair => ({ high: op.special('ACCH'), low: op.special('ACCL') })

/** Both halves are computed before one is written: RT may be a source. */
export function setPair(op: Op, { high, low }: Pair): void {
  const [newHigh, newLow] = [op.let(high), op.let(low)]
  op.setGprHigh('RT', newHigh)
  op.setGpr('RT', newLow)
}
/** RT and the accumulator. */
export function setBoth(op: Op, { high, low }: Pair): void {
  const pair = { high: op.let(high), low: op.let(low) }
  op.setSpecial('ACCH', pair.high)
  op.setSpecial('ACCL', pair.low)
  setPair(op, pair)
}

/** SPEFSCR[OVH] and [OV] take these truth values, [SOVH] and [SOV] stay set. */
export function setOverflow(op: Op, high: Node, low: Node): void {
  const kept = op.and(op.special('SPEFSCR'), op.const(~0x40004000))
  const bits = op.or(op.binary('mul', high, op.const(0xc0000000)), op.binary('mul', low, op.const(0xc000)))
  op.setSpecial('SPEFSCR', op.or(kept, bits))
}

/** Register fields that no operand takes are not decoded. */
export const unusedRegisters = (operands: string): FieldName[] => [
  ...(/RA|[SU]IMM/.test(operands) ? [] : (['RA'] as const)),
  ...(/RB|SH|D\d/.test(operands) ? [] : (['RB'] as const)),
]

/** Every SPE instruction asks for MSR[SPE] first. */
export const spe = (
  mnemonic: string,
  title: string,
  XO11: number,
  operands: string,
  semantics: (op: Op) => void,
): Instruction => ({
  mnemonic,
  title,
  fixed: { OPCD: 4, XO11 },
  operands,
  manual: 'SPE PEM 5',
  category: 'SP',
  ignored: unusedRegisters(operands),
  semantics: (op) => {
    op.call('requireSpe')
    semantics(op)
  },
})
