// Cores, bus, devices and the host's debugger together. run(budget) goes on until the budget is used or something makes it stop: an Exit.
import { Bus } from './board/bus.ts'
import { gpio, uart } from './board/devices.ts'
import { Memory } from './core/memory.ts'
import { Vcpu } from './core/vcpu.ts'
import type { Exit } from './debug/exit.ts'
import { HostDebug, type LaidTrap, type Slot } from './debug/hostDebug.ts'
import { Interpreter } from './engine/interpreter.ts'
import { STATE } from './isa/cpu.ts'

export interface MachineConfiguration {
  readonly ramBytes: number
  /** Each byte that the guest's UART0 sends. */
  readonly onConsole: (byte: number) => void
}

/** `tw 31,0,0`: the host's trap word. */
const TRAP_WORD = 0x7fe00008

export class Machine {
  readonly memory: Memory
  readonly bus: Bus
  readonly vcpu: Vcpu
  readonly vcpus: readonly Vcpu[]
  readonly hostDebug: HostDebug
  private readonly interpreter: Interpreter
  private exit: Exit | undefined

  constructor({ ramBytes, onConsole }: MachineConfiguration) {
    this.memory = new Memory(ramBytes, 1)
    this.bus = new Bus(this.memory)
    const noInterrupts = { pending: () => false, acknowledge: () => 0xffff }
    this.hostDebug = new HostDebug({
      guestSlots: () => new Set<Slot>(this.vcpus.flatMap((vcpu) => [...vcpu.debug.guestSlots()])),
      stopsChanged: () => {
        for (const vcpu of this.vcpus) vcpu.hostStopsChanged()
      },
      watchesChanged: () => {
        for (const vcpu of this.vcpus) vcpu.hostWatchesChanged()
      },
      layTrap: (address) => this.layTrap(address),
    })
    this.vcpu = new Vcpu(0, this.memory.core(0), this.bus, noInterrupts, this.hostDebug)
    this.vcpus = [this.vcpu]
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

  private layTrap(EA: number): LaidTrap | undefined {
    const address = this.vcpu.storage.peekTranslation(EA, 'execute')
    if (address === undefined || !this.memory.isRam(address)) return undefined
    let word = 0
    const write = (value: number) => {
      this.memory.write(address, 4, value)
      this.interpreter.stored(address)
    }
    const lay = () => {
      word = this.memory.read(address, 4)
      write(TRAP_WORD)
    }
    lay()
    const remove = () => {
      if (this.memory.read(address, 4) === TRAP_WORD) write(word)
    }
    return { word: () => word, remove, lay }
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
    if (this.hostDebug.takeStep() >= 0) return this.step()
    while (vcpu.instructions() < end) {
      const exit = this.slice(end - vcpu.instructions())
      if (exit) return exit
    }
    return { kind: 'budget' }
  }

  private step(): Exit {
    const { vcpu } = this
    vcpu.debug.markReported()
    const exit = this.slice(1, true) ?? this.stepped()
    vcpu.debug.markReported()
    return exit
  }
  private stepped(): Exit {
    const { index, taken: interrupted, state } = this.vcpu
    return { kind: 'step', vcpu: index, address: state[STATE.NIA]!, ...(interrupted && { interrupted }) }
  }

  /** One slice of the core: to its next timer event, to a change of what may interrupt it, or to a stop. */
  private slice(left: number, isStep = false): Exit | undefined {
    const { vcpu } = this
    vcpu.timers.update(vcpu)
    vcpu.taken = undefined
    vcpu.takePending()
    if (isStep && vcpu.taken) return this.stepped()
    const early = this.takeExit()
    if (early) return early
    if (vcpu.isWaiting()) return this.wait()
    const traced = vcpu.debug.tracesInstructions()
    const before = vcpu.instructions()
    vcpu.taken = undefined
    vcpu.beginSlice(traced ? 1 : Math.min(left, vcpu.timers.instructionsToEvent()))
    const reason = this.interpreter.runSlice()
    if (reason) return { kind: 'lost', vcpu: vcpu.index, address: vcpu.CIA(), reason }
    if (traced && !vcpu.taken && vcpu.instructions() > before) vcpu.debug.instructionCompleted()
    return this.takeExit()
  }

  private takeExit(): Exit | undefined {
    const { vcpu } = this
    const exit = this.exit ?? vcpu.exit?.(vcpu.state[STATE.NIA]!)
    this.exit = undefined
    vcpu.exit = undefined
    return exit
  }

  /** MSR[WE]: the waiting takes no instruction; it lasts to the next timer event or to a device's interrupt. */
  private wait(): Exit | undefined {
    const { vcpu } = this
    if (vcpu.pendingInterrupt() || vcpu.timers.sleep()) return undefined
    return { kind: 'idle', vcpu: vcpu.index }
  }
}
