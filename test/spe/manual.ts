// SPE as the SPE PEM defines it, on whole registers as integers of any size: the judge of emulator/isa/spe*.ts.
// Results are computed exactly and then cut or saturated to their field, as the manual's text says it; nothing is taken from the records.

export interface Before {
  readonly a: bigint
  readonly b: bigint
  readonly ACC: bigint
  readonly SPEFSCR: bigint
}
export interface After {
  readonly RT: bigint
  readonly ACC: bigint
  readonly SPEFSCR: bigint
}

const WORD = 32n
const word = (register: bigint, high: boolean) => BigInt.asUintN(32, high ? register >> WORD : register)
const join = (high: bigint, low: bigint) => (BigInt.asUintN(32, high) << WORD) | BigInt.asUintN(32, low)
const signed = (value: bigint, bits = 32) => BigInt.asIntN(bits, value)

interface Result {
  readonly value: bigint
  readonly overflow: boolean
}
/** SATURATE of the manual; without it the value is cut later. */
function limit(value: bigint, kind: { isSigned: boolean; saturates: boolean }, bits = 32n): Result {
  const [least, most] = kind.isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n]
  const overflow = kind.saturates && (value < least || value > most)
  return { value: overflow ? (value < least ? least : most) : value, overflow }
}

function flags(SPEFSCR: bigint, high: boolean, low: boolean): bigint {
  const kept = SPEFSCR & ~0x40004000n
  return kept | (high ? 0xc0000000n : 0n) | (low ? 0xc000n : 0n)
}

interface Multiply {
  readonly size: 'h' | 'w'
  readonly part: 'e' | 'o' | 'h' | 'l' | ''
  readonly isGuarded: boolean
  readonly isSigned: boolean
  readonly saturates: boolean
  readonly isFraction: boolean
  readonly end: string
}
function parse(mnemonic: string): Multiply | undefined {
  const match = /^evm([hw])([eohl]?)(g?)([su])([sm])([if])(|a|aa|an|aaw|anw)$/.exec(mnemonic)
  if (!match) return undefined
  const [, size, part, guard, sign, mode, format, end] = match
  return {
    size: size as Multiply['size'],
    part: part as Multiply['part'],
    isGuarded: guard === 'g',
    isSigned: sign === 's',
    saturates: mode === 's',
    isFraction: format === 'f',
    end: end!,
  }
}

/** The exact product of one element; fractions have one zero bit more below. */
function product(m: Multiply, a: bigint, b: bigint): bigint {
  const operand = (register: bigint) => {
    const field = m.size === 'w' ? register : m.part === 'e' ? register >> 16n : register & 0xffffn
    return m.isSigned ? signed(field, m.size === 'w' ? 32 : 16) : field
  }
  return operand(a) * operand(b) * (m.isFraction ? 2n : 1n)
}

const accumulated = (m: Multiply, ACC: bigint, value: bigint) => (m.end.startsWith('an') ? ACC - value : ACC + value)

/** Only a saturating fraction limits its product. */
const limitedProduct = (m: Multiply, exact: bigint, bits: bigint) =>
  limit(exact, { isSigned: true, saturates: m.saturates && m.isFraction }, bits)

function multiplyElement(m: Multiply, { a, b, ACC }: Before, high: boolean): Result {
  const bits = m.size === 'h' ? 32n : 64n
  const limited = limitedProduct(m, product(m, word(a, high), word(b, high)), bits)
  const value = m.part === 'h' ? limited.value >> WORD : limited.value
  if (!m.end.endsWith('w')) return { value, overflow: limited.overflow }
  const extend = (register: bigint) => (m.isSigned ? signed(register) : BigInt.asUintN(32, register))
  const sum = limit(accumulated(m, extend(word(ACC, high)), extend(value)), m)
  return { value: sum.value, overflow: limited.overflow || sum.overflow }
}

function multiplyDoubleword(m: Multiply, { a, b, ACC, SPEFSCR }: Before): After {
  const limited = limitedProduct(m, product(m, word(a, false), word(b, false)), 64n)
  const isAdded = m.end.startsWith('aa') || m.end.startsWith('an')
  const exact = isAdded ? accumulated(m, signed(ACC, 64), limited.value) : limited.value
  const RT = BigInt.asUintN(64, exact)
  const overflow = limited.overflow || (isAdded && signed(exact, 64) !== exact)
  const isFlagged = m.saturates && m.isFraction
  return { RT, ACC: m.end === '' ? ACC : RT, SPEFSCR: isFlagged ? flags(SPEFSCR, false, overflow) : SPEFSCR }
}

function multiply(m: Multiply, before: Before): After {
  if (m.isGuarded || (m.size === 'w' && m.part === '')) return multiplyDoubleword(m, before)
  const [high, low] = [multiplyElement(m, before, true), multiplyElement(m, before, false)]
  const RT = join(high.value, low.value)
  return {
    RT,
    ACC: m.end === '' ? before.ACC : RT,
    SPEFSCR: m.saturates ? flags(before.SPEFSCR, high.overflow, low.overflow) : before.SPEFSCR,
  }
}

/** evadd..iaaw and evsubf..iaaw: RA into the accumulator. */
function accumulate(mnemonic: string, { a, ACC, SPEFSCR }: Before): After | undefined {
  const match = /^ev(add|subf)([su])([sm])iaaw$/.exec(mnemonic)
  if (!match) return undefined
  const kind = { isSigned: match[2] === 's', saturates: match[3] === 's' }
  const element = (high: boolean) => {
    const extend = (register: bigint) => (kind.isSigned ? signed(word(register, high)) : word(register, high))
    return limit(match[1] === 'add' ? extend(ACC) + extend(a) : extend(ACC) - extend(a), kind)
  }
  const [high, low] = [element(true), element(false)]
  const RT = join(high.value, low.value)
  return { RT, ACC: RT, SPEFSCR: kind.saturates ? flags(SPEFSCR, high.overflow, low.overflow) : SPEFSCR }
}

function divide(mnemonic: string, { a, b, ACC, SPEFSCR }: Before): After | undefined {
  if (!/^evdivw[su]$/.test(mnemonic)) return undefined
  const isSigned = mnemonic.endsWith('s')
  const element = (high: boolean): Result => {
    const [x, y] = [a, b].map((register) => (isSigned ? signed(word(register, high)) : word(register, high))) as [
      bigint,
      bigint,
    ]
    if (y === 0n) return { value: isSigned ? (x < 0n ? -(1n << 31n) : (1n << 31n) - 1n) : -1n, overflow: true }
    return limit(x / y, { isSigned, saturates: true })
  }
  const [high, low] = [element(true), element(false)]
  return { RT: join(high.value, low.value), ACC, SPEFSCR: flags(SPEFSCR, high.overflow, low.overflow) }
}

const bitsOf = (value: bigint) => BigInt.asUintN(32, value).toString(2).padStart(32, '0')
const leading = (text: string, digit: string) => BigInt(text.length - text.replace(new RegExp(`^${digit}+`), '').length)
/** Both elements alike, from the words of RA and RB. */
const ELEMENT: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  evaddw: (a, b) => a + b,
  evsubfw: (a, b) => b - a,
  evabs: (a) => (signed(a) < 0n ? -signed(a) : a),
  evneg: (a) => -a,
  evextsb: (a) => signed(a, 8),
  evextsh: (a) => signed(a, 16),
  evrndw: (a) => ((a + 0x8000n) / 0x10000n) * 0x10000n,
  evcntlzw: (a) => leading(bitsOf(a), '0'),
  evcntlsw: (a) => leading(bitsOf(a), bitsOf(a)[0]!),
  evand: (a, b) => a & b,
  evandc: (a, b) => a & ~b,
  evxor: (a, b) => a ^ b,
  evor: (a, b) => a | b,
  evnor: (a, b) => ~(a | b),
  eveqv: (a, b) => ~(a ^ b),
  evorc: (a, b) => a | ~b,
  evnand: (a, b) => ~(a & b),
  evslw: (a, b) => a << (b % 64n),
  evsrwu: (a, b) => a >> (b % 64n),
  evsrws: (a, b) => signed(a) >> (b % 64n),
  evrlw: (a, b) => (a << (b % 32n)) | (a >> (32n - (b % 32n))),
}
const MERGE: Readonly<Record<string, readonly [boolean, boolean]>> = {
  evmergehi: [true, true],
  evmergelo: [false, false],
  evmergehilo: [true, false],
  evmergelohi: [false, true],
}

/** RT, the accumulator and SPEFSCR after an instruction with the operands RT,RA or RT,RA,RB; undefined for others. */
export function evaluate(mnemonic: string, before: Before): After | undefined {
  const { a, b, ACC, SPEFSCR } = before
  const m = parse(mnemonic)
  if (m) return multiply(m, before)
  if (mnemonic === 'evmra') return { RT: a, ACC: a, SPEFSCR }
  const element = ELEMENT[mnemonic]
  if (element)
    return { RT: join(element(word(a, true), word(b, true)), element(word(a, false), word(b, false))), ACC, SPEFSCR }
  const merged = MERGE[mnemonic]
  if (merged) return { RT: join(word(a, merged[0]), word(b, merged[1])), ACC, SPEFSCR }
  return accumulate(mnemonic, before) ?? divide(mnemonic, before)
}
