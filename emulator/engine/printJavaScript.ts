// Prints statements as JavaScript over a core's state block and the word w.
// A CR field is an i64 as two words: LT is bit 62, GT is value > 0, EQ is low word 0; its SO stands in CR_SO.
import { STATE } from '../isa/cpu.ts'
import { type FieldName, fieldPlace } from '../isa/form.ts'
import type { AccessSize, Node, Statement } from '../isa/op.ts'
import type { Known } from './opcodes.ts'
import { isTruth } from './specialise.ts'

/** What depends on where the text stands. */
export interface Place {
  readonly known: Known
  /** The instruction's address. */
  readonly CIA: string
  readonly NIA: string
  /** The word of the state block with that index. */
  register(index: number | string): string
  load(size: AccessSize, index: number, EA: string): string[]
  store(size: AccessSize, EA: string, value: string): string[]
  branch(target: string): string[]
  call(name: string, args: readonly string[]): string[]
}

/** What getField does, as text. */
export function fieldText(name: FieldName): string {
  // The halves of an SPR's number stand the other way round.
  if (name === 'SPR') return '(w >>> 16 & 31 | w >>> 6 & 992)'
  const { from, to, signed, shift = 0 } = fieldPlace(name)
  const below = 31 - to
  const ones = 2 ** (to - from + 1) - 1
  if (!signed && shift !== 0) return `(w >>> ${below - shift} & ${ones << shift})`
  if (!signed) return below === 0 ? `(w & ${ones})` : `(w >>> ${below} & ${ones})`
  if (shift === 0) return `(w << ${from} >> ${31 - to + from})`
  if (below !== shift) throw new Error(`${name} is signed and not where its value stands`)
  return `(w << ${from} >> ${from} & ${-(1 << shift)})`
}

/** High word of an unsigned product, by halves: each partial sum is below 2^32. `middle` is declared where the text stands. */
const highProduct = (a: string, b: string) =>
  `(middle = Math.imul(${a} >>> 16, ${b} & 65535) + (Math.imul(${a} & 65535, ${b} & 65535) >>> 16) | 0, ` +
  `Math.imul(${a} >>> 16, ${b} >>> 16) + (middle >>> 16) + (Math.imul(${a} & 65535, ${b} >>> 16) + (middle & 65535) >>> 16) | 0)`

const BINARY = {
  add: (a: string, b: string) => `(${a} + ${b} | 0)`,
  sub: (a: string, b: string) => `(${a} - ${b} | 0)`,
  mul: (a: string, b: string) => `Math.imul(${a}, ${b})`,
  mulhs: (a: string, b: string) => `(${highProduct(a, b)} - (${a} >> 31 & ${b}) - (${b} >> 31 & ${a}) | 0)`,
  mulhu: highProduct,
  divs: (a: string, b: string) => `(${a} / ${b} | 0)`,
  divu: (a: string, b: string) => `((${a} >>> 0) / (${b} >>> 0) | 0)`,
  and: (a: string, b: string) => `(${a} & ${b})`,
  or: (a: string, b: string) => `(${a} | ${b})`,
  xor: (a: string, b: string) => `(${a} ^ ${b})`,
  shl: (a: string, b: string) => `(${a} << ${b})`,
  shr: (a: string, b: string) => `(${a} >>> ${b} | 0)`,
  sar: (a: string, b: string) => `(${a} >> ${b})`,
  // Counts are taken modulo 32.
  rotl: (a: string, b: string) => `(${a} << ${b} | ${a} >>> 32 - ${b})`,
}
const TRUTH = {
  eq: (a: string, b: string) => `${a} === ${b}`,
  ne: (a: string, b: string) => `${a} !== ${b}`,
  lts: (a: string, b: string) => `${a} < ${b}`,
  ltu: (a: string, b: string) => `(${a} >>> 0) < (${b} >>> 0)`,
}
const isTruthOperation = (operation: string): operation is keyof typeof TRUTH => operation in TRUTH

const UNARY = {
  clz: (a: string) => `Math.clz32(${a})`,
  exts8: (a: string) => `(${a} << 24 >> 24)`,
  exts16: (a: string) => `(${a} << 16 >> 16)`,
  swap16: (a: string) => `(${a} << 8 & 0xff00 | ${a} >>> 8 & 0xff)`,
  swap32: (a: string) => `(${a} << 24 | ${a} << 8 & 0xff0000 | ${a} >>> 8 & 0xff00 | ${a} >>> 24)`,
}

/** A value, as an int32. */
export function expression(node: Node, place: Place): string {
  const inner = (child: Node) => expression(child, place)
  switch (node.kind) {
    case 'const':
      return node.value < 0 ? `(${node.value})` : `${node.value}`
    case 'field':
      return fieldText(node.name)
    case 'temp':
      return `t${node.index}`
    case 'gpr': {
      const number = fieldText(node.number)
      return node.orZero ? `(${number} === 0 ? 0 : ${place.register(number)})` : place.register(number)
    }
    case 'gprHigh':
      return place.register(`${STATE.GPRH} + ${fieldText(node.number)}`)
    case 'special':
      return node.name === 'CIA' || node.name === 'NIA' ? place[node.name] : place.register(STATE[node.name])
    case 'crBit':
      return place.known.crBit === undefined
        ? `crBit(R, ${fieldText(node.number)})`
        : `+(${knownCrBit(node.number, place.known.crBit, place)})`
    case 'unary':
      return node.operation === 'eqz' ? `+(${truth(node, place)})` : UNARY[node.operation](inner(node.a))
    case 'binary':
      return isTruthOperation(node.operation)
        ? `+(${truth(node, place)})`
        : BINARY[node.operation](inner(node.a), inner(node.b))
    case 'select':
      return `(${truth(node.condition, place)} ? ${inner(node.then)} : ${inner(node.otherwise)})`
    case 'mask':
      return 'masks[w >>> 1 & 1023]'
  }
}

/** Whether a value is not 0. */
function truth(node: Node, place: Place): string {
  const text = (child: Node) => expression(child, place)
  if (node.kind === 'unary' && node.operation === 'eqz')
    return isTruth(node.a) ? `!(${truth(node.a, place)})` : `${text(node.a)} === 0`
  if (node.kind === 'crBit' && place.known.crBit !== undefined) return knownCrBit(node.number, place.known.crBit, place)
  if (node.kind !== 'binary') return `${text(node)} !== 0`
  if (isTruthOperation(node.operation)) return TRUTH[node.operation](text(node.a), text(node.b))
  if (isTruth(node) && node.operation === 'and') return `(${truth(node.a, place)}) && (${truth(node.b, place)})`
  return `${text(node)} !== 0`
}

/** A bit of a CR field of which the word says the field, the known values which bit it is. */
function knownCrBit(name: FieldName, bit: number, place: Place): string {
  const { to } = fieldPlace(name)
  const twice = `(w >>> ${31 - to + 1} & 14)`
  const low = place.register(`${STATE.CR} + ${twice}`)
  const high = place.register(`${STATE.CR + 1} + ${twice}`)
  switch (bit) {
    case 0:
      return `(${high} & 0x40000000) !== 0`
    case 1:
      return `${high} >= 0 && (${low} | ${high}) !== 0`
    case 2:
      return `${low} === 0`
    default:
      return `${place.register(`${STATE.CR_SO} + (w >>> ${31 - to + 2} & 7)`)} !== 0`
  }
}

/** Whether a < b in the sign, without a branch of the host's (Hacker's Delight 2-12). */
function compareLines({ field, a, b, signed }: Statement & { kind: 'compare' }, place: Place): string[] {
  const f = field === 0 ? 0 : fieldText(field)
  const at = (word: number) => place.register(field === 0 ? word : `${word} + 2 * ${f}`)
  const so = place.register(field === 0 ? STATE.CR_SO : `${STATE.CR_SO} + ${f}`)
  const last = `${so} = ${place.register(STATE.SO)}`
  const x = expression(a, place)
  if (signed && b.kind === 'const' && b.value === 0)
    return [`const x = ${x}`, `${at(STATE.CR)} = x`, `${at(STATE.CR + 1)} = x >> 31`, last]
  const less = signed ? '(x & ~y | ~(x ^ y) & difference) >> 31' : '(~x & y | ~(x ^ y) & difference) >> 31'
  return [
    `const x = ${x}`,
    `const y = ${expression(b, place)}`,
    'const difference = x - y | 0',
    `${at(STATE.CR)} = difference`,
    `${at(STATE.CR + 1)} = ${less}`,
    last,
  ]
}

export function statement(s: Statement, place: Place): string[] {
  const text = (node: Node) => expression(node, place)
  switch (s.kind) {
    case 'let':
      return [`const t${s.index} = ${text(s.value)}`]
    case 'load':
      return place.load(s.size, s.index, text(s.ea))
    case 'store':
      return place.store(s.size, text(s.ea), text(s.value))
    case 'setGpr':
      return [`${place.register(fieldText(s.number))} = ${text(s.value)}`]
    case 'setGprHigh':
      return [`${place.register(`${STATE.GPRH} + ${fieldText(s.number)}`)} = ${text(s.value)}`]
    case 'setSpecial':
      return [`${place.register(STATE[s.name])} = ${text(s.value)}`]
    case 'setCrBit':
      return [`setCrBit(R, ${fieldText(s.number)}, ${text(s.value)})`]
    case 'compare':
      return compareLines(s, place)
    case 'branch': {
      const jump = place.branch(text(s.target))
      if (s.condition.kind === 'const') return jump
      return [`if (${truth(s.condition, place)}) {`, ...jump.map((line) => `  ${line}`), '}']
    }
    case 'call':
      return place.call(s.name, s.arguments.map(text))
  }
}
