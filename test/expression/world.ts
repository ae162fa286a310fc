// A small program for tests: variables in memory and registers, types, enumerators, registers of the core.
import type { ExpressionContext, RegisterContents } from '../../adapter/expression/context.ts'
import { evaluate, parse } from '../../adapter/expression/expression.ts'
import type { CType, Place } from '../../adapter/symbols/model.ts'
import { typeOf } from '../../adapter/values/children.ts'
import { format } from '../../adapter/values/format.ts'
import {
  arrayOf,
  CHAR,
  DOUBLE,
  INT,
  LONG_LONG,
  pointerTo,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  VOID,
} from '../../adapter/values/types.ts'
import { bytesOf, enumeration, fakeMemory, member, struct, typedef } from '../values/build.ts'
import { bits, DATA, data, flags, mixed, point } from '../values/layout.ts'

const task: CType = struct(
  'task',
  24,
  member('pid', INT, 0),
  {
    name: 'next',
    offset: 4,
    get type() {
      return pointerTo(task)
    },
  },
  member('comm', arrayOf(CHAR, 16), 8),
)
const state = enumeration('state', { IDLE: 0, RUNNING: 1, DEAD: -1 }, true)
const u32 = typedef('u32', UNSIGNED_INT)
const u8 = typedef('u8', UNSIGNED_CHAR)

const TASKS = 0xc0002000
const GLOBALS = 0xc0003000

const tasks = `00000001 c0002018 73776170 70657200 00000000 00000000
               ffffffff 00000000 696e6974 00000000 00000000 00000000`
// i = -7, u = 42, text, current, wide = -2, state = 1, ratio = 2.5, nowhere, flag, list[4]
const globals = `fffffff9 0000002a c0002008 c0002000 ffffffff fffffffe 00000001 00000000
                 40040000 00000000 00000010 00000005 00000001 00000002 00000003 00000004`

const memoryPlace = (address: number): Place => ({ kind: 'memory', address })

const VARIABLES: Record<string, [CType, Place]> = {
  i: [INT, memoryPlace(GLOBALS)],
  u: [u32, memoryPlace(GLOBALS + 4)],
  text: [pointerTo(CHAR), memoryPlace(GLOBALS + 8)],
  current: [pointerTo(task), memoryPlace(GLOBALS + 12)],
  wide: [LONG_LONG, memoryPlace(GLOBALS + 16)],
  state: [state, memoryPlace(GLOBALS + 24)],
  ratio: [DOUBLE, memoryPlace(GLOBALS + 32)],
  nowhere: [pointerTo(INT), memoryPlace(GLOBALS + 40)],
  access: [flags, memoryPlace(GLOBALS + 44)],
  list: [arrayOf(INT, 4), memoryPlace(GLOBALS + 48)],
  tasks: [arrayOf(task, 2), memoryPlace(TASKS)],
  bits: [bits.type, memoryPlace(DATA)],
  mixed: [mixed.type, memoryPlace(DATA + 0x10)],
  count: [INT, { kind: 'register', number: 30 }],
  pair: [point, { kind: 'register', number: 28 }],
  gone: [INT, { kind: 'unavailable', reason: 'optimized out' }],
  raw: [pointerTo(VOID), memoryPlace(GLOBALS + 12)],
  'main.c::hidden': [INT, memoryPlace(GLOBALS + 60)],
  'tick::calls': [INT, memoryPlace(GLOBALS + 56)],
}

const TYPES: Record<string, CType> = {
  u32,
  u8,
  'struct task': task,
  'enum state': state,
  'struct hidden': { kind: 'struct', name: 'hidden', size: 0, incomplete: true, members: () => [] },
}

const SYMBOLS: Record<string, number> = { start: 0xc0000100, tick: 0xc0000200 }

function coreRegisters(): Record<string, RegisterContents> {
  const field = (name: string, from: number, to = from) => [name, from, to, ''] as const
  return {
    r1: { value: 0xc0005f40 | 0, size: 4 },
    r3: { value: -1, size: 4 },
    r28: { value: 5, size: 4 },
    pc: { value: 0xc0000100 | 0, size: 4, isAddress: true },
    msr: { value: 0x8200, size: 4, fields: [field('EE', 16), field('DE', 22), field('FE', 20, 23)] },
    tb: { value: 0x123456789an, size: 8 },
  }
}

export function world(allowsSideEffects = true) {
  const registers = coreRegisters()
  const memory = fakeMemory(
    { [DATA]: bytesOf(data), [TASKS]: bytesOf(tasks), [GLOBALS]: bytesOf(globals) },
    { 28: 11, 29: 22, 30: 33 },
  )
  const lookUps = { count: 0 }
  const own = <T>(record: Record<string, T>, name: string): T | undefined => {
    lookUps.count++
    return Object.hasOwn(record, name) ? record[name] : undefined
  }
  const context: ExpressionContext = {
    memory,
    allowsSideEffects,
    variable: (name, scope) => {
      const found = own(VARIABLES, scope === undefined ? name : `${scope}::${name}`)
      return found && { type: found[0], place: () => found[1] }
    },
    typeNamed: (name) => own(TYPES, name),
    enumerator: (name) => {
      for (const type of [state, flags]) {
        const found = type.kind === 'enum' && type.values().find((value) => value.name === name)
        if (found) return { value: found.value, type }
      }
      return undefined
    },
    register: (name) => (Object.hasOwn(registers, name.toLowerCase()) ? registers[name.toLowerCase()] : undefined),
    setRegister: (name, value) => {
      registers[name] = { ...registers[name]!, value }
    },
    symbolName: (address) => Object.keys(SYMBOLS).find((name) => SYMBOLS[name] === address),
    symbolAddress: (name) => own(SYMBOLS, name),
    namesLike: (name) => Object.keys(VARIABLES).filter((other) => other.startsWith(name.slice(0, 2))),
  }
  return { context, memory, registers, lookUps }
}

export type World = ReturnType<typeof world>

/** `type: value`, as a console shows it. */
export function ask(text: string, { context, memory }: World = world()): string {
  const expression = parse(text)
  const value = evaluate(expression, context)
  const { symbolName } = context
  return `${typeOf(value)}: ${format(value, { memory, display: expression.display, ...(symbolName && { symbolName }) })}`
}
