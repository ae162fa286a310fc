// What an expression is worth. Expected values by hand from the bytes in world.ts and the rules of C.
import { describe, expect, test } from 'vitest'
import { ask, world } from './world.ts'

describe('values', () => {
  test.each([
    ['i', 'int: -7'],
    ['u', 'u32: 42'],
    ['wide', 'long long: -2'],
    ['ratio * 2', 'double: 5'],
    ['state', 'enum state: RUNNING'],
    ['DEAD', 'enum state: DEAD'],
    ['DEAD + 0', 'int: -1'],
    ['access', 'enum flags: READ | EXECUTE'],
    ['count', 'int: 33'],
    ['pair.y', 'int: 22'],
    ['gone', 'int: <optimized out>'],
    ['text', 'char *: 0xc0002008 "swapper"'],
    ['"a" "b\\n"', 'char [4]: "ab\\n"'],
    ["'a'", "char: 97 'a'"],
    ['NULL', 'void *: 0x00000000'],
    ['true', 'int: 1'],
  ])('%s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
})

describe('members, elements, pointers', () => {
  test.each([
    ['current->pid', 'int: 1'],
    ['current.pid', 'int: 1'],
    ['(*current).next->pid', 'int: -1'],
    ['current->next->comm', 'char [16]: "init"'],
    ['tasks[1].comm[0]', "char: 105 'i'"],
    ['1[list]', 'int: 2'],
    ['*list', 'int: 1'],
    ['*(list + 2)', 'int: 3'],
    ['list[1..2]', 'int [2]: {2, 3}'],
    ['*list@3', 'int [3]: {1, 2, 3}'],
    ['current->next - current', 'int: 1'],
    ['&current->next->comm', 'char (*)[16]: 0xc0002020'],
    ['&((struct task *)0)->comm', 'char (*)[16]: 0x00000008'],
    ['&list[2]', 'int *: 0xc0003038'],
    ['&*nowhere', 'int *: 0x00000010'],
    ['current + 1', 'struct task *: 0xc0002018'],
    ['raw + 1', 'void *: 0xc0002001'],
    ['(struct task *)raw', 'struct task *: 0xc0002000'],
    ['((struct task *)raw)->pid', 'int: 1'],
    ['*(u32 *)&ratio', 'u32: 1074003968'],
    ['{u32}0xc0003004', 'u32: 42'],
    ['{struct task}raw', 'struct task: {pid = 1, next = 0xc0002018, comm = "swapper"}'],
    ['{u8 [4]}&i', "u8 [4]: {255 '\\377', 255 '\\377', 255 '\\377', 249 '\\371'}"],
    ['mixed.high', 'short: 4660'],
    ['bits.b * 2', 'int: -6'],
    ['bits.d', 'unsigned long long : 33: 4886718345'],
    ['main.c::hidden', 'int: 4'],
    ["'main.c'::hidden", 'int: 4'],
    ['tick::calls', 'int: 3'],
  ])('%s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
})

describe('types', () => {
  test.each([
    ['sizeof(struct task)', 'unsigned int: 24'],
    ['sizeof tasks', 'unsigned int: 48'],
    ['sizeof(u32)', 'unsigned int: 4'],
    ['sizeof(i) + 1', 'unsigned int: 5'],
    ['sizeof(unsigned long long int *[3])', 'unsigned int: 12'],
    ['sizeof nowhere[5]', 'unsigned int: 4'],
    ['_Alignof(long long)', 'unsigned int: 8'],
    ['(u32)-1', 'u32: 4294967295'],
    ['(i)-1', 'int: -8'],
    ['(u32)~0 >> 28', 'unsigned int: 15'],
    ['(char)0x141', "char: 65 'A'"],
    ['(_Bool)0.5', '_Bool: true'],
    ['(enum state)1', 'enum state: RUNNING'],
    ['(int (*)(void))start', 'int (*)(void): 0xc0000100 <start>'],
    ['(void (*)(int, const char *))0', 'void (*)(int, char *): 0x00000000'],
    ['(unsigned long int)1', 'unsigned long: 1'],
  ])('%s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
})

describe('registers and symbols', () => {
  test.each([
    ['$r3', 'unsigned int: 0xffffffff'],
    ['r3', 'unsigned int: 0xffffffff'],
    ['(int)$r3', 'int: -1'],
    ['$r3 + 1', 'unsigned int: 0'],
    ['$pc', 'void *: 0xc0000100 <start>'],
    ['$pc == start', 'int: 1'],
    ['$pc == &start', 'int: 1'],
    ['start', 'void (void): {void (void)} 0xc0000100 <start>'],
    ['(u32)tick - (u32)start', 'unsigned int: 256'],
    ['$msr.EE', 'unsigned int : 1: 1'],
    ['$msr.fe', 'unsigned int : 4: 2'],
    ['$MSR.EE && !$msr.DE', 'int: 0'],
    ['$tb', 'unsigned long long: 0x123456789a'],
    ['$r1 & ~0x1fff', 'unsigned int: 3221241856'],
    ['/x $r1 & ~0x1fff', 'unsigned int: 0xc0004000'],
  ])('%s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
})

describe('as somebody wants to see it', () => {
  test.each([
    ['/x u', 'u32: 0x2a'],
    ['u,x', 'u32: 0x2a'],
    ['u, b', 'u32: 0b101010'],
    ['/t u', 'u32: 0b101010'],
    ['/o u', 'u32: 052'],
    ['/c u', "u32: 42 '*'"],
    ['/d $r3', 'unsigned int: 4294967295'],
    ['/s current->comm', 'char [16]: "swapper"'],
    ['/x list', 'int [4]: {0x1, 0x2, 0x3, 0x4}'],
    ['/x state', 'enum state: 0x1'],
  ])('%s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
})

describe('strings are compared by their characters', () => {
  test.each([
    ['current->comm == "swapper"', 'int: 1'],
    ['text == "swap"', 'int: 0'],
    ['text != "swapper/0"', 'int: 1'],
    ['"init" == current->next->comm', 'int: 1'],
  ])('%s', (text, expected) => {
    expect(ask(text)).toBe(expected)
  })
})

describe('assignments', () => {
  test.each([
    ['i = 5', 'i', 'int: 5'],
    ['i += 2', 'i', 'int: -5'],
    ['wide <<= 3', 'wide', 'long long: -16'],
    ['i++', 'i', 'int: -6'],
    ['--count', 'count', 'int: 32'],
    ['pair.x = pair.y = 3', 'pair', 'struct {...}: {x = 3, y = 3}'],
    ['bits.a = 9', 'bits.a', 'unsigned int : 3: 1'],
    ['current->comm = "idle"', 'current->comm', 'char [16]: "idle"'],
    ['tasks[0] = tasks[1]', 'tasks[0].comm', 'char [16]: "init"'],
    ['current++', 'current->pid', 'int: -1'],
    ['$msr.EE = 0', '$msr', 'unsigned int: 0x200'],
    ['$msr.FE = 0xf', '$msr', 'unsigned int: 0x8f00'],
    ['$r3 = 0x10', '$r3', 'unsigned int: 0x10'],
    ['state = DEAD', 'state', 'enum state: DEAD'],
    ['i = 1, u = i + 1', 'u', 'u32: 2'],
    ['u = i < 0 ? 3 : (i = 9)', 'i', 'int: -7'],
    ['*(list + 1) = 0x100000000LL + 7', 'list', 'int [4]: {1, 7, 3, 4}'],
    ['ratio = i / 2', 'ratio', 'double: -3'],
  ])('%s', (text, then, expected) => {
    const all = world()
    ask(text, all)
    expect(ask(then, all)).toBe(expected)
  })

  test('have a value: the new one, for x++ the old one', () => {
    expect(ask('i++')).toBe('int: -7')
    expect(ask('++i')).toBe('int: -6')
    expect(ask('bits.a = 9')).toBe('unsigned int : 3: 1')
  })

  test('each side is looked at once', () => {
    const all = world()
    ask('*text++ = 65', all)
    expect(ask('current->comm', all)).toBe('char [16]: "Awapper"')
    expect(ask('text', all)).toBe('char *: 0xc0002009 "wapper"')
  })
})
