// A mistake is a sentence that says where and what. No text throws anything but a UserError.
import { describe, expect, test } from 'vitest'
import { compile, compileCondition, evaluate, parse } from '../../adapter/expression/expression.ts'
import { logMessage } from '../../adapter/expression/logMessage.ts'
import { UserError } from '../../adapter/userError.ts'
import { random } from '../support/random.ts'
import { ask, world } from './world.ts'

describe('text that is no expression', () => {
  test.each([
    ['', 'The expression is empty.'],
    ['/x', 'The expression is empty.'],
    ['i +', 'Expected a value at character 4, but the expression ends there.'],
    ['i + * ]', 'Expected a value at character 7, but "]" stands there.'],
    ['list[1', 'Expected "]" to close the "[" at character 7, but the expression ends there.'],
    ['(i', 'Expected ")" to close the "(" at character 3, but the expression ends there.'],
    ['i i', 'Expected an operator or the end at character 3, but "i" stands there.'],
    ['current->', 'Expected the name of a member at character 10, but the expression ends there.'],
    ['a ? b', 'Expected ":" between the two results of "?" at character 6, but the expression ends there.'],
    ['"abc', 'The " at character 1 is never closed.'],
    ["u == 'ab+'", "'ab+' at character 6 is more than one byte. Write a string in double quotes."],
    ['0x', '"0x" at character 1 is not a number.'],
    ['09', '"09" at character 1 is not a number.'],
    ['12abc', '"12abc" at character 1 is not a number.'],
    ['0x10000000000000000', '0x10000000000000000 does not fit into 64 bits.'],
    ['i # 3', 'Character 3, "#", has no meaning in an expression.'],
    ['i + $', "A register's name is missing after the $ at character 5."],
    ['/y i', 'There is no format /y. There are: /x /d /o /t /c /s.'],
    ['(unsigned float)1', '"unsigned float" is not a type of C.'],
    ['(struct)1', 'Expected the name of a struct at character 8, but ")" stands there.'],
    ['('.repeat(1e4), 'The expression is too long: more than 1000 words.'],
    ['('.repeat(900), 'The expression is nested too deeply.'],
    ['-'.repeat(999), 'The expression is nested too deeply.'],
  ])('%s', (text, sentence) => {
    expect(() => parse(text)).toThrow(new UserError(sentence))
  })
})

describe('expressions without a value here', () => {
  test.each([
    ['foo', 'There is no "foo" here.'],
    ['lisp', 'There is no "lisp" here. Did you mean "list"?'],
    ['toString', 'There is no "toString" here.'],
    ['$foo', 'There is no register "foo".'],
    ['other.c::i', 'There is no "i" in other.c.'],
    ['(struct page *)0', 'The debug information has no struct page.'],
    ['(task *)0', 'There is no type "task" in the debug information. Write struct task.'],
    ['current->y', '"current" has no member "y". It has: pid, next, comm.'],
    ['i.x', '"i" is of type int and has no members.'],
    ['$msr.ZZ', '"$msr" has no member "ZZ". It has: EE, DE, FE.'],
    ['((struct hidden *)8)->x', 'The members of struct hidden are not known: the debug information only declares it.'],
    [
      '(struct hidden *)8 + 1',
      'The size of struct hidden is not known, so "(struct hidden *)8" cannot be counted over.',
    ],
    ['sizeof(struct hidden)', 'The size of "struct hidden" is not known: struct hidden is not complete.'],
    ['*nowhere', 'Memory at 0x00000010 cannot be read (not mapped).'],
    ['*(struct task *)nowhere', 'Memory at 0x00000010 cannot be read (not mapped).'],
    ['(char [4])i', 'Nothing can be cast to char [4]. To see memory as one, write {char [4]}address.'],
    ['*nowhere + 1', 'Memory at 0x00000010 cannot be read (not mapped).'],
    ['(char *)nowhere == "x"', 'Memory at 0x00000010 cannot be read (not mapped).'],
    ['gone + 1', '"gone" has no value here: optimized out.'],
    ['*i', '"i" is of type int, not a pointer. Write {int}i, or cast it to one.'],
    ['*raw', '"raw" points to void. Cast it first: *(int *)raw.'],
    ['i / (u - 42)', 'Division by zero.'],
    ['wide % 0', 'Division by zero.'],
    ['1 << i', '<< cannot shift by -7, which is negative.'],
    ['ratio % 2', '% works on integers, and one side is of type double.'],
    ['tasks[0] + 1', '"tasks[0]" is of type struct task; + works on numbers.'],
    ['current + current', 'Two pointers cannot be added: "current + current".'],
    ['current - nowhere', '"current - nowhere" counts elements between struct task * and int *.'],
    ['&(i + 1)', '"(i + 1)" is computed and has no address.'],
    ['&bits.a', '"bits.a" is a bit field and has no address.'],
    ['&count', '"count" has no address: it is not in memory.'],
    ['&$r3', '"$r3" has no address: it is not in memory.'],
    ['list@-1', '-1 elements cannot be shown (1 to 1000000).'],
    ['tick(1, i)', '"tick(1, i)" calls a function of the guest, which the debugger does not do.'],
    ['(struct task)i', 'Nothing can be cast to struct task. To see memory as one, write {struct task}address.'],
    ['5 = i', '"5" is computed and cannot be assigned to.'],
    ['i + 1 = 3', '"i + 1" is computed and cannot be assigned to.'],
    ['i = "text"', 'A string has no address in the guest and cannot be assigned to "i", which is of type int.'],
    ['tasks[0] = i', '"i" (int) cannot be assigned to "tasks[0]" (struct task).'],
    ['gone = 1', 'The value cannot be set: optimized out.'],
  ])('%s', (text, sentence) => {
    expect(() => ask(text)).toThrow(new UserError(sentence))
  })

  test.each(['i = 1', 'i++', '--i', 'i += 1', 'u == 1 || (i = 3)'])(
    '%s is refused where nothing may change',
    (text) => {
      const all = world(false)
      expect(() => ask(text, all)).toThrow(
        /would change the guest, which is not allowed here\. Use the debug console\.$/,
      )
      expect(ask('i', all)).toBe('int: -7')
    },
  )
})

const WORDS = [
  ...['i', 'u', 'current', 'list', 'u32', 'gone', 'nowhere', 'bits', '$r3', '$msr', 'struct task', 'int', 'main.c::'],
  ...['(', ')', '[', ']', '{', '}', '.', '->', '*', '&', '+', '-', '++', '--', '!', '~', '?', ':', ',', '@', '..', '='],
  ...[
    '<<=',
    '&&',
    '||',
    '==',
    '<',
    'sizeof',
    '1',
    '0x1F',
    '1.5e3f',
    "'a'",
    '"s"',
    '\\',
    '"',
    "'",
    '#',
    '$',
    'é',
    '/x ',
  ],
  ...['pid', 'comm', 'EE', '0', '-1', '4294967295', '%', '/', 'NULL', '__proto__', ' '],
]

/** Sentences of random words: most are garbage, some are expressions. */
function* sentences(count: number, seed: number) {
  const next = random(seed)
  for (let i = 0; i < count; i++) {
    const length = 1 + ((next() >>> 8) % 9)
    yield Array.from({ length }, () => WORDS[(next() >>> 4) % WORDS.length]).join((next() >>> 3) % 2 ? ' ' : '')
  }
}

const DOORS: readonly ((text: string) => unknown)[] = [
  (text) => evaluate(parse(text), world().context),
  (text) => compile(parse(text), world().context)(),
  (text) => compileCondition(parse(text), world().context)(),
  (text) => logMessage(`a {${text}} b`),
]

test('garbage throws nothing but UserError, in all of the doors', () => {
  const outcomes = { value: 0, mistake: 0 }
  for (const text of sentences(20000, 2026)) {
    for (const look of DOORS) {
      try {
        look(text)
        outcomes.value++
      } catch (mistake) {
        if (!(mistake instanceof UserError)) throw new Error(`"${text}" threw ${mistake}`, { cause: mistake })
        expect(mistake.message).toMatch(/\.$|\?$/)
        outcomes.mistake++
      }
    }
  }
  expect(outcomes.value).toBeGreaterThan(1000)
  expect(outcomes.mistake).toBeGreaterThan(10000)
})

test('random bytes end, too', () => {
  const next = random(7)
  for (let i = 0; i < 5000; i++) {
    const text = String.fromCharCode(...Array.from({ length: (next() >>> 5) % 40 }, () => 32 + ((next() >>> 6) % 224)))
    expect(() => {
      try {
        parse(text)
        logMessage(text)
      } catch (mistake) {
        if (!(mistake instanceof UserError)) throw mistake
      }
    }).not.toThrow()
  }
})
