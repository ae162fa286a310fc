// Cores, bus, devices and the host's debugger together. run(budget) goes on until the budget is used or something makes it stop: an Exit.
import { Bus } from './board/bus.ts'
import { gpio, uart } from './board/devices.ts'
import { Memory } from './core/memory.ts'
import { Hash, hashRam, readBytes, restoreRam, type SavedRam, saveRam } from './core/memoryBlocks.ts'
import type { Access } from './core/mmu.ts'
import { Vcpu } from './core/vcpu.ts'
import { peek, poke, type TlbEntry, tlbEntries } from './core/view.ts'
import type { Exit } from './debug/exit.ts'
import { type DebugTarget, HostDebug, type Slot } from './debug/hostDebug.ts'
import type { DebugOwnership } from './debug/ownership.ts'
import { type DebugResources, debugResources } from './debug/resources.ts'
import { layTrap } from './debug/trapWord.ts'
import { Interpreter } from './engine/interpreter.ts'
import { STATE } from './isa/cpu.ts'

export interface MachineConfiguration {
  readonly ramBytes: number
  /** Default: shared. */
  readonly debugOwnership?: DebugOwnership
  /** Each byte that the guest's UART0 sends. */
  readonly onConsole: (byte: number) => void
}

/** Plain data: what structuredClone and a file can hold. */
export interface MachineState {
  readonly ram: SavedRam
  readonly vcpus: readonly ReturnType<Vcpu['save']>[]
}

export class Machine {
  readonly memory: Memory
  readonly bus: Bus
  readonly vcpu: Vcpu
  readonly vcpus: readonly Vcpu[]
  readonly hostDebug: HostDebug
  private readonly interpreter: Interpreter
  private exit: Exit | undefined

  constructor({ ramBytes, onConsole, debugOwnership = 'shared' }: MachineConfiguration) {
    this.memory = new Memory(ramBytes, 1)
    this.bus = new Bus(this.memory)
    const noInterrupts = { pending: () => false, acknowledge: () => 0xffff }
    const target: DebugTarget = {
      guestSlots: () => new Set<Slot>(this.vcpus.flatMap((vcpu) => [...vcpu.debug.guestSlots()])),
      stopsChanged: () => {
        for (const vcpu of this.vcpus) vcpu.hostStopsChanged()
      },
      watchesChanged: () => {
        for (const vcpu of this.vcpus) vcpu.hostWatchesChanged()
      },
      layTrap: (EA) => {
        const address = this.vcpu.storage.peekTranslation(EA, 'execute')
        if (address === undefined || !this.memory.isRam(address)) return undefined
        return layTrap(this.memory, address, (changed) => this.interpreter.stored(changed))
      },
    }
    this.hostDebug = new HostDebug(target, debugOwnership)
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

  /** The state in which the board's boot protocol starts a guest: TLB1[0] maps 0 to 0 (mappedBytes: a power of 4 KB), MSR 0. */
  boot(entry: number, mappedBytes: number, registers: Readonly<Record<number, number>> = {}): void {
    const TSIZE = Math.log2(mappedBytes / 1024) / 2
    this.memory.core(0).tlb.set([(0x80000000 | 0) + TSIZE * 0x100, 0, 0x3f, 0], 512 * 4)
    for (const [number, value] of Object.entries(registers)) this.vcpu.state[Number(number)] = value
    this.vcpu.state[STATE.NIA] = entry
  }

  /** At most so many instructions and, if given, so many ticks of waiting (MSR[WE]): neither changes what the guest does. */
  run(budgetInstructions: number, idleBudgetTicks = Infinity): Exit {
    const { vcpu } = this
    const end = vcpu.instructions() + budgetInstructions
    const idleEnd = vcpu.timers.idleTicks() + idleBudgetTicks
    if (this.hostDebug.takeStep() >= 0) return this.step()
    while (vcpu.instructions() < end && vcpu.timers.idleTicks() < idleEnd) {
      const exit = this.slice(end - vcpu.instructions())
      if (exit) return exit
    }
    return { kind: 'budget' }
  }
  /** Time-base ticks that the guest has waited so far; the time base has 400 MHz. */
  idleTicks = () => this.vcpu.timers.idleTicks()

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

  // ---- for the debugger: no side effect on the guest ----
  instructions = () => this.vcpu.instructions()
  /** Bytes at an effective address; undefined: some of them are not mapped, or a device's. */
  peek = (vcpu: number, address: number, length: number): Uint8Array | undefined =>
    peek(this.core(vcpu), this.memory, this.hostDebug, address, length)
  /** All or nothing; false: some of it is not mapped to RAM. */
  poke = (vcpu: number, address: number, bytes: Uint8Array): boolean =>
    poke(this.core(vcpu), this.memory, this.hostDebug, address, bytes)
  peekPhysical(address: number, length: number): Uint8Array | undefined {
    if (!this.memory.isRam(address) || !this.memory.isRam(address + length - 1)) return undefined
    return this.hostDebug.withoutTraps(() => readBytes(this.memory, address, length))
  }
  /** The physical address behind an effective one; undefined: no TLB entry maps it. Permissions are not asked. */
  translate = (vcpu: number, address: number, access: Access) =>
    this.core(vcpu).storage.peekTranslation(address, access)
  tlb = (vcpu: number): readonly TlbEntry[] => tlbEntries(this.core(vcpu))
  debugResources = (vcpu: number): DebugResources => debugResources(this.core(vcpu), this.hostDebug)
  private core(index: number): Vcpu {
    const vcpu = this.vcpus[index]
    if (!vcpu) throw new Error(`There is no CPU ${index}.`)
    return vcpu
  }

  // ---- saved states: the guest's, never the debugger's ----
  save(): MachineState {
    return this.hostDebug.withoutTraps(() => ({
      ram: saveRam(this.memory),
      vcpus: this.vcpus.map((vcpu) => vcpu.save()),
    }))
  }
  restore(saved: MachineState): void {
    if (saved.ram.bytes !== this.memory.ramBytes)
      throw new Error(`The saved state has ${saved.ram.bytes} bytes of memory, this machine ${this.memory.ramBytes}.`)
    this.hostDebug.withoutTraps(() => restoreRam(this.memory, saved.ram))
    for (const [n, vcpu] of this.vcpus.entries()) vcpu.restore(saved.vcpus[n]!)
    this.interpreter.forgetCode()
  }
  hash(): string {
    const hash = new Hash()
    this.hostDebug.withoutTraps(() => hashRam(hash, this.memory))
    hash.text(JSON.stringify(this.vcpus.map((vcpu) => vcpu.save())))
    return hash.digest()
  }
}
