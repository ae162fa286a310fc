// Random expressions over typed variables, compared with what GCC computes: conversions, promotions of bit fields, operators,
// casts, assignments. Types that have another size on the host (long, pointers) are left out; -fwrapv makes overflow defined.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExpressionContext } from '../../adapter/expression/context.ts'
import { evaluate, parse } from '../../adapter/expression/expression.ts'
import type { CType } from '../../adapter/symbols/model.ts'
import { readScalar } from '../../adapter/values/read.ts'
import { encode } from '../../adapter/values/scalar.ts'
import { typeName } from '../../adapter/values/typeName.ts'
import {
  BOOL,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  isScalar,
  LONG_LONG,
  SHORT,
  SIGNED_CHAR,
  strip,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG_LONG,
  UNSIGNED_SHORT,
} from '../../adapter/values/types.ts'
import { isUnavailable } from '../../adapter/values/value.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'
import { bits, fakeMemory, struct } from '../values/build.ts'

const EXPRESSIONS = 1500
const SEED = 4711

/** What chance does not find: a long integer just above the middle between two floats, remainders below zero, precedence. */
const CHOSEN = [
  '(float)18014399583223809ll',
  '(float)-18014399583223809ll',
  '18014399583223809ull * 1.0f',
  'fl = 18014399583223809ll',
  'in % 7',
  'll % -1000',
  'in / 7',
  '-ll / 3 * 3 + -ll % 3',
  '1 - 2 - 3 << 1 + 1 < 5 == 0 & 1 ^ 2 | 4 && 1 || 0',
  '1 ? 2 : 0 ? 3 : 4',
  '!bo == 0',
  '- -sc',
  '~-uc',
  '-un',
  '(unsigned)sizeof(ch + ch)',
  '(unsigned)sizeof(sh ? sc : uc)',
  '(unsigned)sizeof(fl * ll)',
  '(in, db)',
]

/** name, type, C initialiser and value. */
const VARIABLES: readonly (readonly [string, CType, string, number | bigint])[] = [
  ['bo', BOOL, '1', 1],
  ['ch', CHAR, '200', 200],
  ['sc', SIGNED_CHAR, '-77', -77],
  ['uc', UNSIGNED_CHAR, '250', 250],
  ['sh', SHORT, '-30000', -30000],
  ['us', UNSIGNED_SHORT, '65000', 65000],
  ['in', INT, '-2147483647 - 1', -2147483648],
  ['im', INT, '123456789', 123456789],
  ['un', UNSIGNED_INT, '0xfffffff0u', 0xfffffff0],
  ['uo', UNSIGNED_INT, '3u', 3],
  ['ll', LONG_LONG, '-5000000000000000001ll', -5000000000000000001n],
  ['lm', LONG_LONG, '77ll', 77n],
  ['ul', UNSIGNED_LONG_LONG, '0xfedcba9876543210ull', 0xfedcba9876543210n],
  ['fl', FLOAT, '1.1f', Math.fround(1.1)],
  ['db', DOUBLE, '-1234567.875', -1234567.875],
]
const FIELDS = [
  ['a', UNSIGNED_INT, 3, 6],
  ['b', INT, 5, -13],
  ['c', UNSIGNED_INT, 31, 0x7ffffffe],
  ['d', UNSIGNED_INT, 32, 0xfffffffe],
  ['e', INT, 32, -2],
] as const

const fieldsType = struct('fields', 16, ...FIELDS.map(([name, type, width], i) => bits(name, type, 32 * i, width)))
const BASE = 0x1000
const FIELDS_BASE = 0x2000

function context(): ExpressionContext {
  const memory = fakeMemory({ [BASE]: new Uint8Array(16 * VARIABLES.length), [FIELDS_BASE]: new Uint8Array(32) })
  VARIABLES.forEach(([, type, , value], i) => {
    const stripped = strip(type)
    if (isScalar(stripped)) memory.write(BASE + 16 * i, encode(stripped, value))
  })
  FIELDS.forEach(([, , width, value], i) => {
    memory.write(FIELDS_BASE + 4 * i, encode(UNSIGNED_INT, value << (32 - width)))
  })
  return {
    memory,
    allowsSideEffects: true,
    variable: (name) => {
      if (name === 's') return { type: fieldsType, place: () => ({ kind: 'memory', address: FIELDS_BASE }) }
      const index = VARIABLES.findIndex(([other]) => other === name)
      if (index < 0) return undefined
      return { type: VARIABLES[index]![1], place: () => ({ kind: 'memory', address: BASE + 16 * index }) }
    },
    typeNamed: () => undefined,
    enumerator: () => undefined,
    register: () => undefined,
    setRegister: () => {},
  }
}

interface Made {
  readonly text: string
  readonly isFloat: boolean
}

/** Nothing that C leaves open: shift counts and divisors are kept in range, floating point is never made an integer. */
class Maker {
  private readonly next: () => number

  constructor(seed: number) {
    this.next = random(seed)
  }

  below(limit: number): number {
    return (this.next() >>> 3) % limit
  }

  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  leaf(): Made {
    if (this.below(5) === 0) return { text: this.of(FIELDS.map(([name]) => `s.${name}`)), isFloat: false }
    if (this.below(3) > 0) {
      const [text, type] = this.of(VARIABLES)
      return { text, isFloat: type === FLOAT || type === DOUBLE }
    }
    if (this.below(6) === 0) return { text: this.of(['0.5', '3.25f', '1e10', '.1', '7.', '2E-3f']), isFloat: true }
    return { text: this.literal(), isFloat: false }
  }

  literal(): string {
    const value = this.of([this.below(10), this.next() >>> 0, this.below(70000), 0x7fffffff, 0x80000000])
    const digits = this.of([
      String(value),
      `0x${value.toString(16)}`,
      `0${value.toString(8)}`,
      `0b${value.toString(2)}`,
    ])
    return this.of([digits, digits, `${digits}u`, `${digits}LL`, `${digits}ull`, "'a'+0", "'\\377'+0"])
  }

  integer(depth: number): Made {
    for (;;) {
      const made = this.expression(depth)
      if (!made.isFloat) return made
    }
  }

  expression(depth: number): Made {
    if (depth === 0) return this.leaf()
    const kind = this.below(10)
    if (kind === 0) return this.unary(depth)
    if (kind === 1) return this.cast(depth)
    if (kind === 2) return this.conditional(depth)
    if (kind === 3) return this.shift(depth)
    if (kind === 4) return this.division(depth)
    return this.binary(depth)
  }

  binary(depth: number): Made {
    const operator = this.of(['+', '-', '*', '<', '>', '<=', '>=', '==', '!=', '&&', '||', '&', '|', '^'])
    const bitwise = '&|^'.includes(operator)
    const [left, right] = bitwise
      ? [this.integer(depth - 1), this.integer(depth - 1)]
      : [this.expression(depth - 1), this.expression(depth - 1)]
    const isFloat = '+-*'.includes(operator) && (left.isFloat || right.isFloat)
    return { text: `${this.wrap(left)} ${operator} ${this.wrap(right)}`, isFloat }
  }

  unary(depth: number): Made {
    const operator = this.of(['-', '+', '!', '~'])
    const operand = operator === '~' ? this.integer(depth - 1) : this.expression(depth - 1)
    return { text: `${operator}(${operand.text})`, isFloat: operand.isFloat && operator !== '!' }
  }

  cast(depth: number): Made {
    if (this.below(4) === 0)
      return { text: `(${this.of(['float', 'double'])})${this.wrap(this.expression(depth - 1))}`, isFloat: true }
    const names = ['int', 'unsigned', 'short', 'unsigned short', 'signed char', 'unsigned char', '_Bool', 'long long']
    const type = this.of([...names, 'unsigned long long int', 'long long unsigned', 'short int'])
    return { text: `(${type})${this.wrap(this.integer(depth - 1))}`, isFloat: false }
  }

  conditional(depth: number): Made {
    const [condition, then, otherwise] = [0, 1, 2].map(() => this.expression(depth - 1)) as [Made, Made, Made]
    const text = `(${condition.text} ? ${then.text} : ${otherwise.text})`
    return { text, isFloat: then.isFloat || otherwise.isFloat }
  }

  shift(depth: number): Made {
    const [left, count] = [this.integer(depth - 1), this.integer(depth - 1)]
    return { text: `${this.wrap(left)} ${this.of(['<<', '>>'])} ((${count.text}) & 31)`, isFloat: false }
  }

  division(depth: number): Made {
    const [left, right] = [this.integer(depth - 1), this.integer(depth - 1)]
    return { text: `${this.wrap(left)} ${this.of(['/', '%'])} (((${right.text}) & 63) + 1)`, isFloat: false }
  }

  /** Sometimes without parentheses, so that precedence counts. */
  wrap(made: Made): string {
    const risky = /[/%<>&|^?=]/.test(made.text)
    return risky || this.below(2) === 0 ? `(${made.text})` : made.text
  }

  whole(): string {
    const depth = 1 + this.below(4)
    if (this.below(4) > 0) return this.expression(depth).text
    const operator = this.of(['=', '+=', '-=', '*=', '&=', '|=', '^='])
    if (this.below(4) === 0) return `+(s.${this.of(FIELDS)[0]} ${operator} ${this.integer(depth).text})`
    const [name, type] = this.of(VARIABLES)
    const isFloat = type === FLOAT || type === DOUBLE
    if (!isFloat) return `${name} ${operator} ${this.integer(depth).text}`
    return `${name} ${/[&|^]/.test(operator) ? '=' : operator} ${this.expression(depth).text}`
  }
}

/** The type's name and the result's bytes, most significant first. */
function ours(text: string): string {
  const { memory, ...rest } = context()
  const value = evaluate(parse(text), { memory, ...rest })
  const scalar = readScalar(memory, value)
  const type = strip(value.type)
  if (isUnavailable(scalar) || !isScalar(type)) throw new Error(`${text} has no value`)
  if (Number.isNaN(scalar)) return `${typeName(type)} nan`
  return `${typeName(type)} ${Buffer.from(encode(type, scalar)).toString('hex')}`
}

const TYPES = `bool, signed char, unsigned char, char, short, unsigned short, int, unsigned int, float, double,
               long long, unsigned long long`

function program(expressions: readonly string[]): string {
  const generic = TYPES.split(/,\s+/).map(
    (type) => `${type.replace('bool', '_Bool')}: "${type.replace('bool', '_Bool')}"`,
  )
  const declarations = VARIABLES.map(([name, type, initialiser]) => `${typeName(type)} ${name} = ${initialiser};`)
  const fields = FIELDS.map(([name, type, width]) => `${typeName(type)} ${name} : ${width};`).join(' ')
  const values = FIELDS.map(([, , , value]) => value).join(', ')
  return `
    #include <stdio.h>
    #include <string.h>
    struct fields { ${fields} };
    static void show(const char *type, const void *value, unsigned size, int nan) {
      unsigned char bytes[8];
      memcpy(bytes, value, size);
      printf("%s ", type);
      if (nan) printf("nan");
      else for (unsigned i = size; i > 0; i--) printf("%02x", bytes[i - 1]);
      printf("\\n");
    }
    #define NAME(e) _Generic((e), ${generic}, long: "long long", unsigned long: "unsigned long long")
    #define SHOW(e) { ${declarations.join(' ')} struct fields s = { ${values} }; __typeof__(e) r = (e); \\
      show(NAME(r), &r, sizeof r, r != r); }
    ${expressions.map((text, i) => `static void f${i}(void) SHOW((${text}))`).join('\n')}
    int main(void) { ${expressions.map((_, i) => `f${i}();`).join(' ')} return 0; }`
}

test.skipIf(missingProgram('gcc'))(`${EXPRESSIONS} random expressions are worth what GCC says`, () => {
  const maker = new Maker(SEED)
  const expressions = [...CHOSEN, ...Array.from({ length: EXPRESSIONS }, () => maker.whole())]
  const folder = mkdtempSync(join(tmpdir(), 'expressions-'))
  const source = join(folder, 'expressions.c')
  writeFileSync(source, program(expressions))
  const options = ['-O0', '-w', '-std=gnu11', '-fwrapv', '-funsigned-char', '-ffp-contract=off']
  execFileSync('gcc', [...options, source, '-o', join(folder, 'expressions')])
  const theirs = execFileSync(join(folder, 'expressions'), { encoding: 'utf8' }).trim().split('\n')
  rmSync(folder, { recursive: true })
  const different = expressions.flatMap((text, i) => {
    const [gcc, our] = [theirs[i], ours(text)]
    return gcc === our ? [] : [{ text, gcc, our }]
  })
  expect(theirs).toHaveLength(expressions.length)
  expect(different.slice(0, 10)).toEqual([])
})
