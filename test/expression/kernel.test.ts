// Expressions over a real kernel's image, with the types of its debug information, against what gdb prints.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ExpressionContext } from '../../adapter/expression/context.ts'
import { evaluate, parse } from '../../adapter/expression/expression.ts'
import { type ElfFile, readElf } from '../../adapter/symbols/elf.ts'
import { symbolStore } from '../../adapter/symbols/symbolStore.ts'
import { format } from '../../adapter/values/format.ts'
import type { ValueMemory } from '../../adapter/values/value.ts'
import { kernelFile } from '../support/guests.ts'
import { guests, missingProgram } from '../support/tools.ts'

const EXPRESSIONS = [
  'init_task',
  'init_task.comm',
  'init_task.thread',
  '&init_task.tasks',
  '*init_task.active_mm',
  '*init_task.files',
  '*init_task.cred',
  'init_task.parent->comm',
  'init_task.files->fd_array',
  'init_task.restart_block',
  '*init_task.nsproxy',
  'init_mm.mmap_lock',
  'init_pid_ns',
  'init_uts_ns.name',
  'init_user_ns',
  'root_user',
  'linux_banner',
  'console_printk',
  'panic_notifier_list',
  'system_state == SYSTEM_BOOTING',
  'SYSTEM_RUNNING + 1',
  'sizeof(struct task_struct) + sizeof(struct page)',
  '(unsigned)&((struct task_struct *)0)->comm',
  '((struct task_struct *)&init_task)->prio * 2',
  '(char)init_task.comm[1]',
  // The linker script defines it; C only declares it.
  'jiffies',
  'jiffies - 1 + sizeof jiffies',
]

function imageMemory({ segments }: ElfFile): ValueMemory {
  const read = (address: number, length: number) => {
    const segment = segments.find(({ virtual, memoryBytes }) => {
      const offset = address - (virtual >>> 0)
      return offset >= 0 && offset + length <= memoryBytes
    })
    if (!segment) return undefined
    const offset = address - (segment.virtual >>> 0)
    const bytes = new Uint8Array(length)
    bytes.set(segment.bytes.subarray(offset, offset + length))
    return bytes
  }
  return { read, register: () => undefined, write: () => false, writeRegister: () => false }
}

function ours(file: string): string[] {
  const elf = readElf(readFileSync(file), file)
  const symbols = symbolStore(elf)
  const memory = imageMemory(elf)
  const frame = { pc: 0, register: () => undefined, read: memory.read, cfa: () => undefined }
  const context: ExpressionContext = {
    memory,
    allowsSideEffects: false,
    variable: (name) => {
      const found = symbols.variable(name, undefined)
      return found && { type: found.type(), place: () => found.place(frame) }
    },
    typeNamed: (name) => symbols.typeNamed(name),
    enumerator: (name) => symbols.enumerator(name, undefined),
    register: () => undefined,
    setRegister: () => {},
  }
  return EXPRESSIONS.map((text) => format(evaluate(parse(text), context), { memory, maxLength: 1e6 }))
}

function theirs(file: string): string[] {
  const settings = ['set print elements 100000', 'set print repeats 10', 'set width 0']
  const commands = [...settings, ...EXPRESSIONS.map((text) => `print ${text}`)].flatMap((command) => ['-ex', command])
  const lines = execFileSync('gdb-multiarch', ['-nx', '-batch', ...commands, file], { encoding: 'utf8' })
    .trim()
    .split('\n')
  return lines.map((line) => line.replace(/^\$\d+ = /, ''))
}

/** Notation apart: zeros of addresses and at the end of text, a pointer's type, symbols, structs without members. */
const plain = (line: string) =>
  line
    .replace(/<No data fields>| <\w+(?:\+\d+)?>/g, '')
    .replace(/\b0x0+(?=[0-9a-f])/g, '0x')
    .replace(/^\([^()]*\*\) /, '')
    .replace(/(?:, )?'\\000' <repeats \d+ times>/g, '')
    .replace(/(?:\\000)+"/g, '"')

const isMissing = !guests || missingProgram('gdb-multiarch')

test.skipIf(isMissing)(
  "the kernel's variables are shown as gdb shows them",
  () => {
    const file = kernelFile('vmlinux-e500v2')
    const label = (line: string, i: number) => `${EXPRESSIONS[i]} = ${plain(line)}`
    expect(ours(file).map(label)).toEqual(theirs(file).map(label))
  },
  60_000,
)
