// Core, bus and devices together. run(budget) goes on until the budget is used or something makes it stop: an Exit.

import { Bus } from './board/bus.ts'
import { gpio, uart } from './board/devices.ts'
import { Memory } from './core/memory.ts'
import { Vcpu } from './core/vcpu.ts'
import { Interpreter } from './engine/interpreter.ts'
import { STATE } from './isa/cpu.ts'

export interface MachineConfiguration {
  readonly ramBytes: number
  /** Each byte that the guest's UART0 sends. */
  readonly onConsole: (byte: number) => void
}

export type Exit = { readonly kind: 'budget' } | { readonly kind: 'powerOff' }

export class Machine {
  readonly memory: Memory
  readonly bus: Bus
  readonly vcpu: Vcpu
  private readonly interpreter: Interpreter
  private exit: Exit | undefined

  constructor({ ramBytes, onConsole }: MachineConfiguration) {
    this.memory = new Memory(ramBytes, 1)
    this.bus = new Bus(this.memory)
    const noInterrupts = { pending: () => false, acknowledge: () => 0xffff }
    this.vcpu = new Vcpu(0, this.memory.core(0), this.bus, noInterrupts)
    this.interpreter = new Interpreter(this.vcpu, this.memory)
    this.bus.attach(
      uart(onConsole),
      gpio(() => this.stop({ kind: 'powerOff' })),
    )
  }

  private stop(exit: Exit): void {
    this.exit = exit
    this.vcpu.leaveSlice()
  }

  /** The state in which the board's boot protocol starts a guest: TLB1[0] maps 0 to 0 (mappedBytes: a power of 4 KB), MSR 0. */
  boot(entry: number, mappedBytes: number, registers: Readonly<Record<number, number>> = {}): void {
    const TSIZE = Math.log2(mappedBytes / 1024) / 2
    this.memory.core(0).tlb.set([(0x80000000 | 0) + TSIZE * 0x100, 0, 0x3f, 0], 512 * 4)
    for (const [number, value] of Object.entries(registers)) this.vcpu.state[Number(number)] = value
    this.vcpu.state[STATE.NIA] = entry
  }

  run(budgetInstructions: number): Exit {
    const { vcpu } = this
    const end = vcpu.instructions() + budgetInstructions
    this.exit = undefined
    while (!this.exit) {
      const left = end - vcpu.instructions()
      if (left <= 0) return { kind: 'budget' }
      vcpu.timers.update(vcpu)
      vcpu.takePending()
      vcpu.beginSlice(Math.min(left, vcpu.timers.instructionsToEvent()))
      this.interpreter.runSlice()
    }
    return this.exit
  }
}
