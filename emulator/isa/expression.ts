// Expressions of assembly text as GNU as reads them: precedence * / % << >>, then | & ^ !, then + -; integers of 64 bits.
// Names are given a meaning by who asks; @l, @h and @ha take the half of the whole value.

/** A user's mistake in a line of assembly. */
export class AssemblyError extends Error {}

export interface Value {
  readonly value: bigint
  /** A register's name alone: r3, cr7. */
  readonly register?: 'r' | 'cr' | 'f' | undefined
  readonly half?: 'l' | 'h' | 'ha' | undefined
}

type Lookup = (name: string) => Value | undefined

const LEVELS: readonly (readonly string[])[] = [
  ['+', '-'],
  ['|', '&', '^'],
  ['*', '/', '%', '<<', '>>'],
]

const compute: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / nonZero(b),
  '%': (a, b) => a % nonZero(b),
  '<<': (a, b) => a << shiftCount(b),
  '>>': (a, b) => BigInt.asUintN(64, a) >> shiftCount(b),
}
function nonZero(value: bigint): bigint {
  if (value === 0n) throw new AssemblyError('A division by zero.')
  return value
}
function shiftCount(value: bigint): bigint {
  if (value < 0n || value > 63n) throw new AssemblyError(`A shift by ${value}: 0 to 63 are possible.`)
  return value
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, f: 12, '\\': 92, "'": 39, '"': 34 }

/** Reads from a line: operands one after the other, and what separates them. */
export class Reader {
  private rest: string
  private readonly lookup: Lookup
  private half: Value['half']

  constructor(text: string, lookup: Lookup) {
    this.rest = text.trimStart()
    this.lookup = lookup
  }
  get isAtEnd(): boolean {
    return this.rest === ''
  }
  get remaining(): string {
    return this.rest
  }
  /** Goes past a mark if it stands here. */
  takes(mark: string): boolean {
    if (!this.rest.startsWith(mark)) return false
    this.rest = this.rest.slice(mark.length).trimStart()
    return true
  }

  expression(): Value {
    this.half = undefined
    const value = this.level(0)
    return { ...value, value: BigInt.asIntN(64, value.value), half: this.half }
  }

  private level(n: number): Value {
    const operators = LEVELS[n]
    if (!operators) return this.unary()
    let left = this.level(n + 1)
    for (;;) {
      const operator = operators.find((mark) => this.takes(mark))
      if (operator === undefined) return left
      left = { value: BigInt.asIntN(64, compute[operator]!(left.value, this.level(n + 1).value)) }
    }
  }

  private unary(): Value {
    if (this.takes('-')) return { value: -this.unary().value }
    if (this.takes('+')) return { value: this.unary().value }
    if (this.takes('~')) return { value: ~this.unary().value }
    if (this.takes('!')) return { value: this.unary().value === 0n ? 1n : 0n }
    const value = this.takes('(') ? this.inParentheses() : this.primary()
    const half = this.match(/^@(ha|h|l)\b/)
    if (!half) return value
    this.half = half[1] as Value['half']
    return { value: value.value }
  }

  private inParentheses(): Value {
    const { value } = this.level(0)
    if (!this.takes(')')) throw new AssemblyError(`A ")" is missing before "${this.rest}".`)
    return { value }
  }

  private primary(): Value {
    const number = this.match(/^(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+)(?![\w$.])/)
    if (number) return { value: numberOf(number[0]) }
    const character = this.match(/^'(?:\\(.)|([^\\]))'?/)
    if (character) return { value: BigInt(ESCAPES[character[1]!] ?? (character[1] ?? character[2])!.codePointAt(0)!) }
    const name = this.match(/^%?[A-Za-z_.$][\w.$]*|^\d+[bf](?!\w)/)
    if (!name) throw new AssemblyError(this.rest === '' ? 'An operand is missing.' : `"${this.rest}" is no expression.`)
    const value = this.lookup(name[0])
    if (!value) throw new AssemblyError(`"${name[0]}" is no register and no known symbol.`)
    return value
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.rest)
    if (!match) return undefined
    this.rest = this.rest.slice(match[0].length).trimStart()
    return match
  }
}

/** A leading zero means octal. */
function numberOf(text: string): bigint {
  if (!/^0\d/.test(text)) return BigInt(text)
  if (/[89]/.test(text))
    throw new AssemblyError(`${text} is octal, because it begins with 0, and has the digits 8 or 9.`)
  return BigInt(`0o${text.slice(1)}`)
}
