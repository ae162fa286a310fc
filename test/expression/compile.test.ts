// Conditions and log messages: names are looked up once, values are read each time.
import { describe, expect, test } from 'vitest'
import { compile, compileCondition, evaluate, parse } from '../../adapter/expression/expression.ts'
import { logMessage } from '../../adapter/expression/logMessage.ts'
import { setFromText } from '../../adapter/expression/setFromText.ts'
import { format } from '../../adapter/values/format.ts'
import { ask, world } from './world.ts'

describe('a compiled condition', () => {
  test('sees registers and memory change, and looks nothing up again', () => {
    const { context, memory, registers, lookUps } = world(false)
    const holds = compileCondition(parse('r3 == 4 && u > 100 && current->comm == "swapper"'), context)
    const before = lookUps.count
    expect(holds()).toBe(false)
    registers.r3 = { value: 4, size: 4 }
    expect(holds()).toBe(false)
    memory.write(0xc0003004, Uint8Array.of(0, 0, 0, 101))
    expect(holds()).toBe(true)
    expect(lookUps.count).toBe(before)
  })

  test('a register of the frame is read each time', () => {
    const { context, memory } = world(false)
    const count = compile(parse('count * 2'), context)
    memory.registers[30] = 50
    expect(format(count(), { memory })).toBe('100')
  })

  test('what decides a length must be a constant', () => {
    const { context, memory } = world(false)
    expect(format(compile(parse('*list@sizeof(int) / 2'), context)(), { memory })).toBe('{1, 2}')
    expect(() => compile(parse('*list@u'), context)).toThrow(
      '"u" must be a constant here, since it decides how long the array is.',
    )
  })

  test('stops with a sentence where memory is not mapped', () => {
    const holds = compileCondition(parse('*nowhere == 1'), world(false).context)
    expect(holds).toThrow('Memory at 0x00000010 cannot be read (not mapped).')
  })
})

describe('log messages', () => {
  const print = (message: string) => {
    const { context, memory } = world(false)
    const show = (part: ReturnType<typeof logMessage>[number]) =>
      'text' in part
        ? part.text
        : format(evaluate(part.expression, context), { memory, display: part.expression.display })
    return logMessage(message).map(show).join('')
  }

  test.each([
    ['pid {current->pid}, u = {u,x}', 'pid 1, u = 0x2a'],
    ['{{u32}0xc0003004}', '42'],
    ['\\{i\\} is {i}', '{i} is -7'],
    ['quoted {"}"} brace', 'quoted "}" brace'],
    ['no expression } at all', 'no expression } at all'],
    ['', ''],
  ])('%s', (message, expected) => {
    expect(print(message)).toBe(expected)
  })

  test.each([
    ['a {i', 'The { at character 3 of the log message is never closed. Write \\{ for a brace.'],
    ['a {}', 'The expression is empty.'],
    ['{i +}', 'Expected a value at character 4, but the expression ends there.'],
  ])('%s is refused', (message, sentence) => {
    expect(() => logMessage(message)).toThrow(sentence)
  })
})

describe('set from a field of the Variables view', () => {
  test.each([
    ['i', '0x10', 'int: 16'],
    ['i', "97 'a'", 'int: 97'],
    ['i', 'u * 2', 'int: 84'],
    ['access', 'READ | LOCKED', 'enum flags: READ | LOCKED'],
    ['state', 'DEAD', 'enum state: DEAD'],
    ['current', 'current->next', 'struct task *: 0xc0002018'],
    ['current', '0xc0002018 <x>', 'struct task *: 0xc0002018'],
    ['current->comm', '"x"', 'char [16]: "x"'],
    ['tasks[0]', 'tasks[1]', 'struct task: {pid = -1, next = 0x00000000, comm = "init"}'],
    ['ratio', '-1e3', 'double: -1000'],
    ['$msr', '$msr & ~0x8000', 'unsigned int: 0x200'],
    ['$msr.EE', '0', 'unsigned int : 1: 0'],
  ])('%s to %s', (target, text, expected) => {
    const all = world()
    setFromText(evaluate(parse(target), all.context), text, all.context)
    expect(ask(target, all)).toBe(expected)
  })

  test.each([
    ['i', '0x1ffffffff', '8589934591 does not fit into int (-2147483648 to 2147483647).'],
    ['bits.a', 'u', '42 does not fit into a bit field of 3 bits (0 to 7).'],
    ['$msr.EE', '2', '2 does not fit into a bit field of 1 bits (0 to 1).'],
    ['i', 'nonsense', 'There is no "nonsense" here.'],
    ['tasks[0]', '5', 'A value of type struct task cannot be set as a whole. Set its parts one by one.'],
    ['current->comm', '"12345678901234567"', 'The string has 17 bytes, char [16] has room for 16.'],
  ])('%s to %s is refused', (target, text, sentence) => {
    const { context } = world()
    expect(() => setFromText(evaluate(parse(target), context), text, context)).toThrow(sentence)
  })
})
