// One more reader of the instructions: what a word does to a round, whose registers are affine in the round's number (affine.ts).
// Each word becomes a function once. What it leaves out, ends the rounds that hold.
import { crField, setCrField } from '../core/arithmetic.ts'
import { readCr } from '../core/xerAndCr.ts'
import { STATE } from '../isa/cpu.ts'
import { type FieldName, getField } from '../isa/form.ts'
import type { Node, Statement } from '../isa/op.ts'
import { type Instruction, operandNames, statementsOf } from '../isa/record.ts'
import { SPR } from '../spr/table.ts'
import type { Round } from './round.ts'
import { specialise } from './specialise.ts'
import { masks } from './tables.ts'

/** Gives a value's base and leaves its step in the round. */
type Value = () => number
type Effect = () => void

const LINK_AND_COUNTER: Readonly<Record<number, number>> = {
  [SPR.LR]: STATE.LR,
  [SPR.CTR]: STATE.CTR,
}

/** What of interface Cpu changes nothing but registers. */
const CALLS: Readonly<Record<string, (round: Round, args: readonly Value[]) => Effect>> = {
  isync: () => () => {},
  mfspr: (round, [number, RT]) => {
    const [special, target] = [number!(), RT!()]
    const register = LINK_AND_COUNTER[special]
    return () => round.set(target, register === undefined ? round.special(special) : round.get(register))
  },
  mtspr: (round, [number, value]) => {
    const register = LINK_AND_COUNTER[number!()]
    return register === undefined ? () => round.unknown() : () => round.set(register, value!())
  },
  mfmsr: (round, [RT]) => {
    const target = RT!()
    return () => round.set(target, round.constant(round.core.MSR))
  },
  mfcr: (round, [RT]) => {
    const target = RT!()
    return () => {
      for (let field = 0; field < 8; field++) settleCrField(round, field)
      round.set(target, round.constant(readCr(round.base)))
    }
  },
  mcrf: (round, [to, from]) => {
    const [BF, BFA] = [to!(), from!()]
    return () => {
      settleCrField(round, BFA)
      putCrField(round, BF, crField(round.base, BFA))
    }
  },
  trap: (round, [TO, a, b]) => {
    const conditions = TO!()
    return () => {
      const x = a!()
      const xStep = round.step
      const y = b!()
      const yStep = round.step
      const [signed, unsigned] = [true, false].map((isSigned) => round.isLess(x, xStep, y, yStep, isSigned))
      const met = round.isEqual(x, xStep, y, yStep) ? 4 : (signed ? 16 : 8) | (unsigned ? 2 : 1)
      if (conditions & met) round.unknown()
    }
  },
  lmw: (round, [EA, RT]) => {
    const first = RT!()
    return () => {
      const start = EA!()
      const { step } = round
      for (let n = first; n < 32; n++) round.set(n, round.load(4, (start + 4 * (n - first)) | 0, step))
    }
  },
  stmw: (round, [EA, RS]) => {
    const first = RS!()
    return () => {
      const start = EA!()
      const { step } = round
      for (let n = first; n < 32; n++) round.store(4, (start + 4 * (n - first)) | 0, step, round.get(n))
    }
  },
}

/** Its bits stay as they are: what was compared may move on. */
function settleCrField(round: Round, field: number): void {
  for (let bit = 0; bit < 4; bit++) {
    round.crBit(4 * field + bit)
    if (round.step !== 0) round.unknown()
  }
}
function putCrField(round: Round, field: number, value: number): void {
  setCrField(round.base, field, value)
  round.steps[STATE.CR + 2 * field] = round.steps[STATE.CR + 2 * field + 1] = round.steps[STATE.CR_SO + field] = 0
}

function valueFrom(node: Node, word: number, round: Round): Value {
  const inner = (child: Node) => valueFrom(child, word, round)
  const field = (name: FieldName) => getField(word, name)
  switch (node.kind) {
    case 'const':
      return () => round.constant(node.value)
    case 'field':
      return inner({ kind: 'const', value: field(node.name) })
    case 'mask':
      return inner({ kind: 'const', value: masks[(word >>> 1) & 1023]! })
    case 'temp':
      return () => round.temp(node.index)
    case 'gpr': {
      const number = field(node.number)
      return node.orZero && number === 0 ? () => round.constant(0) : () => round.get(number)
    }
    case 'gprHigh': {
      const number = STATE.GPRH + field(node.number)
      return () => round.get(number)
    }
    case 'special': {
      if (node.name === 'CIA') return () => round.constant(round.CIA)
      if (node.name === 'NIA') return () => round.constant((round.CIA + 4) | 0)
      const number = STATE[node.name]
      return () => round.get(number)
    }
    case 'crBit': {
      const BI = field(node.number)
      return () => round.crBit(BI)
    }
    case 'unary': {
      const a = inner(node.a)
      return () => round.unary(node.operation, a())
    }
    case 'binary':
      return binary(node, word, round)
    case 'select': {
      const [condition, then, otherwise] = [inner(node.condition), inner(node.then), inner(node.otherwise)]
      return () => (isTrue(round, condition) ? then() : otherwise())
    }
  }
}

function binary(node: Node & { kind: 'binary' }, word: number, round: Round): Value {
  const { operation } = node
  if (operation === 'and' && node.a.kind === 'binary' && node.a.operation === 'rotl') {
    const amount = constantOf(node.a.b, word)
    if (amount !== undefined) return rotatedAndMasked(node.a.a, amount, node.b, word, round)
  }
  const a = valueFrom(node.a, word, round)
  const b = valueFrom(node.b, word, round)
  return () => {
    const x = a()
    const xStep = round.step
    const y = b()
    return round.binary(operation, x, xStep, y, round.step)
  }
}
function constantOf(node: Node, word: number): number | undefined {
  if (node.kind === 'const') return node.value
  return node.kind === 'field' ? getField(word, node.name) : undefined
}
/** A rotation is two shifts: what a mask leaves of them is linear more often. */
function rotatedAndMasked(rotated: Node, amount: number, mask: Node, word: number, round: Round): Value {
  const value = valueFrom(rotated, word, round)
  const ones = valueFrom(mask, word, round)
  const fromRight = amount === 0 ? 0 : (1 << amount) - 1
  return () => {
    const bits = ones()
    const x = value()
    const { step } = round
    const left = round.binary('and', round.binary('shl', x, step, amount, 0), round.step, bits & ~fromRight, 0)
    if (amount === 0) return left
    const leftStep = round.step
    const right = round.binary('and', round.binary('shr', x, step, 32 - amount, 0), round.step, bits & fromRight, 0)
    return round.binary('or', left, leftStep, right, round.step)
  }
}

function isTrue(round: Round, condition: Value): boolean {
  const value = condition()
  return round.isEqual(value, round.step, 0, 0) === 0
}

function effectOf(s: Statement, word: number, round: Round): Effect {
  const value = (node: Node) => valueFrom(node, word, round)
  const setter = (register: number, node: Node): Effect => {
    const from = value(node)
    return () => round.set(register, from())
  }
  switch (s.kind) {
    case 'let': {
      const from = value(s.value)
      return () => round.setTemp(s.index, from())
    }
    case 'setGpr':
      return setter(getField(word, s.number), s.value)
    case 'setGprHigh':
      return setter(STATE.GPRH + getField(word, s.number), s.value)
    case 'setSpecial':
      return s.name === 'CIA' || s.name === 'NIA' ? () => round.unknown() : setter(STATE[s.name], s.value)
    case 'setCrBit':
      return crBitSetter(getField(word, s.number), value(s.value), round)
    case 'compare':
      return comparing(s.field === 0 ? 0 : getField(word, s.field), value(s.a), value(s.b), s.signed, round)
    case 'load': {
      const EA = value(s.ea)
      return () => {
        const address = EA()
        round.setTemp(s.index, round.load(s.size, address, round.step))
      }
    }
    case 'store': {
      const EA = value(s.ea)
      const from = value(s.value)
      return () => {
        const address = EA()
        const { step } = round
        round.store(s.size, address, step, from())
      }
    }
    case 'branch': {
      const condition = value(s.condition)
      const target = value(s.target)
      return () => {
        if (!isTrue(round, condition)) return
        round.NIA = target()
        if (round.step !== 0) round.unknown()
      }
    }
    case 'call': {
      const call = CALLS[s.name]
      return call ? call(round, s.arguments.map(value)) : () => round.unknown()
    }
  }
}

function crBitSetter(BT: number, value: Value, round: Round): Effect {
  const mask = 8 >> (BT & 3)
  return () => {
    const bit = value()
    if (round.step !== 0) round.unknown()
    settleCrField(round, BT >> 2)
    const old = crField(round.base, BT >> 2)
    putCrField(round, BT >> 2, bit ? old | mask : old & ~mask)
  }
}

/** A CR field as the engines keep it: the difference, and whether it is less. */
function comparing(field: number, a: Value, b: Value, signed: boolean, round: Round): Effect {
  return () => {
    const x = a()
    const xStep = round.step
    const y = b()
    const yStep = round.step
    const isLess = round.isLess(x, xStep, y, yStep, signed)
    round.set(STATE.CR + 2 * field + 1, -isLess | 0)
    round.set(STATE.CR_SO + field, round.get(STATE.SO))
    round.step = (xStep - yStep) | 0
    round.set(STATE.CR + 2 * field, (x - y) | 0)
  }
}

export function effectOfWord(word: number, instruction: Instruction, round: Round): Effect {
  const names = [...operandNames(instruction), ...(Object.keys(instruction.fixed) as FieldName[])]
  const fields = Object.fromEntries(names.map((name) => [name, getField(word, name)]))
  const effects = specialise(statementsOf(instruction), { fields }).map((s) => effectOf(s, word, round))
  if (effects.length === 1) return effects[0]!
  return () => {
    for (const effect of effects) effect()
  }
}
