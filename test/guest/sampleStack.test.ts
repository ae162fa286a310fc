// The call stack of the sample kernel through its interrupt vectors, whose call frame information is written by hand. gdb under QEMU
// shows the same functions (but none while the place to go on is still in SRR0: it knows no SPRs).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readElf } from '../../adapter/symbols/elf.ts'
import { symbolStore } from '../../adapter/symbols/symbolStore.ts'
import { unwind } from '../../adapter/symbols/unwind.ts'
import { sprByNumber } from '../../emulator/spr/table.ts'
import { elfImage, machineWithConsole } from '../support/board.ts'

const file = readFileSync(join(import.meta.dirname, 'sample/sample.elf'))
const symbols = symbolStore(readElf(file, 'sample.elf'))
const addressOf = (name: string) => symbols.symbolNamed(name)!.address

function guest() {
  const { machine, console } = machineWithConsole()
  machine.load(elfImage(file))
  return { machine, console }
}
type Guest = ReturnType<typeof guest>

function runTo({ machine }: Guest, address: number): void {
  machine.hostDebug.place(1, { kind: 'instruction', placement: 'auto', address })
  expect(machine.run(100_000_000)).toMatchObject({ kind: 'breakpoint', address: address | 0 })
  machine.hostDebug.remove(1)
}

/** DWARF's numbers: r0 to r31, LR, CTR, and from 100 on the SPRs (Power Architecture 32-bit ABI). */
function register({ machine }: Guest, number: number): number | undefined {
  const name =
    number < 32 ? `r${number}` : number === 65 ? 'LR' : number === 66 ? 'CTR' : sprByNumber.get(number - 100)?.name
  return name === undefined ? undefined : machine.vcpu.register(name)
}

const names = (of: Guest) => {
  const state = {
    pc: of.machine.vcpu.register('pc')!,
    register: (number: number) => register(of, number),
    read: (address: number, length: number) => of.machine.peek(0, address, length),
  }
  const codeAt = (pc: number) => ({ row: symbols.unwindRow(pc), start: symbols.symbolAt(pc)?.address })
  return [...unwind(state, codeAt)].map(({ callPc }) => symbols.symbolAt(callPc)?.name)
}

const PRODUCER_SLEEPS = ['system_call', 'sleep', 'producer', 'user_task_start']

test('at the vector, in each instruction that saves registers, and in the handler', () => {
  const of = guest()
  runTo(of, addressOf('producer'))
  runTo(of, addressOf('sleep'))
  runTo(of, addressOf('system_call_vector'))
  expect(names(of)).toEqual(['system_call_vector', ...PRODUCER_SLEEPS])
  for (let step = 0; names(of)[0] !== 'handle_interrupt'; step++) {
    expect(step).toBeLessThan(60)
    expect(names(of).slice(-4)).toEqual(PRODUCER_SLEEPS)
    of.machine.hostDebug.step(0)
    of.machine.run(1)
  }
  runTo(of, addressOf('task_sleep'))
  const handlers = ['task_sleep', 'sys_sleep', 'handle_system_call', 'handle_interrupt', 'base_entry']
  expect(names(of)).toEqual([...handlers, ...PRODUCER_SLEEPS])
})

test('on the way out, up to rfi', () => {
  const of = guest()
  runTo(of, addressOf('sleep'))
  runTo(of, addressOf('leave_interrupt'))
  const interrupted = names(of).slice(1)
  let last: (string | undefined)[] = []
  for (let step = 0; names(of)[0] === 'leave_interrupt' || names(of)[0] === 'base_entry'; step++) {
    expect(step).toBeLessThan(30)
    expect(names(of).slice(1)).toEqual(interrupted)
    last = names(of)
    of.machine.hostDebug.step(0)
    of.machine.run(1)
  }
  expect(last.length).toBeGreaterThan(1)
  expect(names(of)).toEqual(interrupted)
})

test("a function's first instruction, interrupted by the guest's own IAC", () => {
  const of = guest()
  of.machine.run(1_000_000)
  expect(of.console.text).toMatch(/sample> $/)
  of.machine.uartInput(0, Buffer.from('debug\r'))
  runTo(of, addressOf('debugger_handle_event'))
  expect(names(of)).toEqual([
    ...['debugger_handle_event', 'handle_debug', 'handle_interrupt', 'critical_entry'],
    ...['debug_target', 'debugger_demonstrate', 'run_debug', 'run_command', 'shell', 'kernel_task_start'],
  ])
})
