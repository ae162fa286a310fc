// gdb's reading of the same expressions over the same object: members, elements, pointers, gdb's own operators.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ExpressionContext } from '../../adapter/expression/context.ts'
import { evaluate, parse } from '../../adapter/expression/expression.ts'
import type { CType } from '../../adapter/symbols/model.ts'
import { format } from '../../adapter/values/format.ts'
import { missingProgram } from '../support/tools.ts'
import { bits, color, DATA, flags, layoutMemory, mixed } from '../values/layout.ts'

/** Unlike C and us, gdb does not promote narrow unsigned bit fields to int; gcc.test.ts has those. */
const EXPRESSIONS = [
  '(int)bits.a + bits.b * (int)bits.c',
  'bits.f',
  'bits.f == BLUE',
  'bits.d / 3',
  '~bits.h',
  'mixed.low',
  'mixed.high << 4',
  'mixed.word >> 28',
  'mixed.big % 1000',
  'mixed.half * 3',
  'mixed.flags & ~READ',
  'mixed.flags | LOCKED',
  'mixed.point[1]',
  'mixed.point[1].y * mixed.point[0].y',
  'mixed.point',
  '*mixed.point@1',
  '*(mixed.zeros)@3',
  'mixed.zeros[0]@2',
  '(&mixed.point[1])->x',
  '&mixed.point[1] - &mixed.point[0]',
  '*(&mixed.word + 1)',
  '(unsigned)&mixed.point[1]',
  '(unsigned)&mixed.zeros + 1',
  '(unsigned)(&mixed.zeros + 1)',
  '(unsigned)(mixed.zeros + 1)',
  '(unsigned)&((struct mixed *)0)->big',
  '((struct mixed *)&mixed)->point[0]',
  '*(short *)&mixed.word',
  '{short}&mixed.word',
  '{struct bits}&bits',
  '*(unsigned long long *)&mixed.ratio',
  'sizeof(struct mixed) + sizeof bits',
  'sizeof(mixed.point[0]) * 2',
  'sizeof(int (*)[7])',
  '(enum color)2',
  '(char)mixed.name[1]',
  '*mixed.name',
  'mixed.mac[1] + mixed.mac[3]',
  '!mixed.yes',
  'mixed.yes ? mixed.big : 1',
  "'a' + 1",
  '0x7fffffff + 0x80000000',
  '1 << 2 + 3',
]

function context(): ExpressionContext {
  const types: Record<string, CType> = { 'struct mixed': mixed.type, 'struct bits': bits.type, 'enum color': color }
  return {
    memory: layoutMemory(),
    allowsSideEffects: false,
    variable: (name) => {
      const value = name === 'bits' ? bits : name === 'mixed' ? mixed : undefined
      return value && { type: value.type, place: () => value.place as { kind: 'memory'; address: number } }
    },
    typeNamed: (name) => types[name],
    enumerator: (name) => {
      for (const type of [color, flags]) {
        const found = type.kind === 'enum' && type.values().find((value) => value.name === name)
        if (found) return { value: found.value, type }
      }
      return undefined
    },
    register: () => undefined,
    setRegister: () => {},
  }
}

/** gdb puts flags in parentheses. */
const shorter = (line: string) => line.replace(/^\((\w+(?: \| \w+)*)\)$/, '$1')

function gdb(folder: string): string[] {
  const elf = join(folder, 'layout.elf')
  const source = join(import.meta.dirname, '../values/layout.c')
  const link = ['-static', '-nostdlib', '-Wl,-e0', `-Wl,-Tdata=0x${DATA.toString(16)}`]
  execFileSync('powerpc-linux-gnu-gcc', ['-g', ...link, source, '-o', elf], { stdio: 'pipe' })
  const commands = EXPRESSIONS.flatMap((text) => ['-ex', `print ${text}`])
  const lines = execFileSync('gdb-multiarch', ['-nx', '-batch', ...commands, elf], { encoding: 'utf8' })
  return lines
    .trim()
    .split('\n')
    .map((line) => shorter(line.replace(/^\$\d+ = /, '')))
}

const isMissing = missingProgram('gdb-multiarch') || missingProgram('powerpc-linux-gnu-gcc')

test.skipIf(isMissing)('expressions are worth what gdb says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gdb-'))
  const theirs = gdb(folder)
  rmSync(folder, { recursive: true })
  const here = context()
  const ours = EXPRESSIONS.map((text) => format(evaluate(parse(text), here), { memory: here.memory }))
  expect(EXPRESSIONS.map((text, i) => `${text} = ${ours[i]}`)).toEqual(
    EXPRESSIONS.map((text, i) => `${text} = ${theirs[i]}`),
  )
})
