// Cores, bus, devices and the host's debugger together. run(budget) goes on until the budget is used or something makes it stop: an Exit.
import { Board } from './board/board.ts'
import { planBoot } from './board/boot.ts'
import { Bus } from './board/bus.ts'
import { BootError, type BootOptions, type GuestImage } from './board/image.ts'
import { type CoreModel, coreModels } from './core/coreModel.ts'
import { Memory } from './core/memory.ts'
import { clearRam, Hash, hashRam, restoreRam, type SavedRam, saveRam, writeBytes } from './core/memoryBlocks.ts'
import type { Access } from './core/mmu.ts'
import { TICKS_PER_INSTRUCTION, TICKS_PER_SECOND } from './core/timers.ts'
import { Vcpu } from './core/vcpu.ts'
import { peek, peekPhysical, poke, type TlbEntry, tlbEntries } from './core/view.ts'
import type { Exit } from './debug/exit.ts'
import { type DebugTarget, HostDebug, type Slot } from './debug/hostDebug.ts'
import type { DebugOwnership } from './debug/ownership.ts'
import { type DebugResources, debugResources } from './debug/resources.ts'
import { layTrap } from './debug/trapWord.ts'
import { Interpreter } from './engine/interpreter.ts'
import { STATE } from './isa/cpu.ts'
import type { CoreName } from './spr/record.ts'

const STATE_VERSION = 1
const MEGABYTE = 1 << 20
/** What is left of a slice is a word of the state block. */
const LONGEST_SLICE = 0x7fffffff
/** 2026-01-01T00:00:00Z. */
const RTC_START = 1767225600
const PVR = 287
const SVR = 1023

export interface MachineConfiguration {
  /** Whole megabytes, below 2 GB. */
  readonly memoryBytes: number
  /** Default: e500v2. */
  readonly cpu?: CoreName
  /** Default: shared. */
  readonly debugOwnership?: DebugOwnership
  /** Of what the guest takes for random: the device tree's rng-seed. */
  readonly seed?: number
  /** What the real time clock shows when the guest starts, in seconds since 1970. */
  readonly rtc?: number
  /** How many serial ports the board has: 1 or 2. Default: 1. */
  readonly uarts?: number
  /** Each byte that the guest sends through a UART. */
  readonly onUart?: (index: number, byte: number) => void
}

/** Plain data: what structuredClone and a file can hold. */
export interface MachineState {
  readonly version: number
  readonly machine: {
    readonly core: string
    readonly cores: number
    readonly memoryBytes: number
    readonly ticksPerInstruction: number
  }
  readonly ram: SavedRam
  readonly vcpus: readonly ReturnType<Vcpu['save']>[]
  readonly board: ReturnType<Board['save']>
}

export class Machine {
  readonly memory: Memory
  readonly bus: Bus
  readonly vcpu: Vcpu
  readonly vcpus: readonly Vcpu[]
  readonly hostDebug: HostDebug
  readonly model: CoreModel
  /** What the guest of the last load was given. */
  deviceTree: Uint8Array = new Uint8Array()
  /** Called when a TLB1 entry was written or invalidated: breakpoints placed in it are exact before the next instruction. */
  onTlb1Changed: (() => void) | undefined
  private readonly board: Board
  private readonly seed: number
  private readonly interpreter: Interpreter
  private exit: Exit | undefined
  private isLeaving = false
  /** Nothing has been in RAM yet, so it need not be cleared. */
  private isNew = true

  constructor({
    memoryBytes,
    cpu = 'e500v2',
    onUart,
    debugOwnership = 'shared',
    seed = 1,
    rtc = RTC_START,
    uarts = 1,
  }: MachineConfiguration) {
    this.model = coreModels[cpu]
    this.memory = new Memory(memoryBytes, 1)
    this.bus = new Bus(this.memory)
    this.seed = seed
    this.board = new Board(this.bus, {
      cores: 1,
      PVR: this.model.reset[PVR] ?? 0,
      SVR: this.model.reset[SVR] ?? 0,
      rtc,
      currentCore: () => 0,
      seconds: () => Math.floor(this.vcpu.timers.now() / TICKS_PER_SECOND),
      interruptChanged: (core) => this.vcpus[core]!.interruptsChanged(),
      uarts,
      sent: (uart, byte) => onUart?.(uart, byte),
      powerOff: () => this.stop({ kind: 'powerOff' }),
      reset: () => this.stop({ kind: 'reset' }),
    })
    this.hostDebug = new HostDebug(this.debugTarget(), debugOwnership)
    this.vcpu = new Vcpu(this.model, 0, this.memory.core(0), this.bus, this.board.pic, this.hostDebug)
    this.vcpu.onTlb1Changed = () => this.onTlb1Changed?.()
    this.vcpu.onResetRequest = () => this.stop({ kind: 'reset' })
    this.vcpus = [this.vcpu]
    this.interpreter = new Interpreter(this.vcpu, this.memory)
  }

  private debugTarget = (): DebugTarget => ({
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
      return layTrap(this.memory, address, (changed) => this.vcpu.storage.code?.stored(changed))
    },
  })

  private stop(exit: Exit): void {
    this.exit = exit
    this.vcpu.leaveSlice()
  }

  // ---- starting ----
  /** A cold start; again is a restart. The debugger's breakpoints stay. Throws a BootError, with nothing changed, for what does not fit. */
  load(image: GuestImage, options: BootOptions = {}): void {
    const { memory } = this
    const plan = planBoot(image, options, { memoryBytes: memory.ramBytes, seed: this.seed, uarts: this.board.uarts.length })
    const isImage = (address: number) =>
      plan.pieces.some(({ physical, bytes }) => address >= physical && address < physical + bytes.length)
    this.hostDebug.whileReloading(() => {
      if (!this.isNew) clearRam(memory)
      this.reset()
      for (const { physical, bytes } of plan.pieces) writeBytes(memory, physical, bytes)
      this.boot(plan.entry, plan.mappedBytes, plan.registers)
    }, isImage)
    this.deviceTree = plan.deviceTree
  }
  private reset(): void {
    this.exit = undefined
    this.board.reset()
    for (const vcpu of this.vcpus) vcpu.reset()
    this.interpreter.forgetCode()
  }

  /** The state in which the board's boot protocol starts a guest: TLB1[0] maps 0 to 0 (mappedBytes: a power of 4 KB), MSR 0. */
  boot(entry: number, mappedBytes: number, registers: Readonly<Record<number, number>> = {}): void {
    this.isNew = false
    const TSIZE = Math.log2(mappedBytes / 1024) / 2
    this.vcpu.mmu.mapAtBoot(TSIZE)
    for (const [number, value] of Object.entries(registers)) this.vcpu.state[Number(number)] = value
    this.vcpu.state[STATE.NIA] = entry
  }

  /** What somebody types. It waits until the guest reads it. */
  uartInput(index: number, bytes: Iterable<number>): void {
    const uart = this.board.uarts[index]
    if (!uart) throw new Error(`There is no UART ${index}.`)
    uart.receive(bytes)
  }

  // ---- running ----
  /** At most so many instructions and, if given, so many ticks of waiting (MSR[WE]): neither changes what the guest does. */
  run(budgetInstructions: number, idleBudgetTicks = Infinity): Exit {
    const { vcpu } = this
    const end = vcpu.instructions() + budgetInstructions
    const idleEnd = vcpu.timers.idleTicks() + idleBudgetTicks
    this.isLeaving = false
    if (this.hostDebug.takeStep() >= 0) return this.step()
    while (!this.isLeaving && vcpu.instructions() < end && vcpu.timers.idleTicks() < idleEnd) {
      const exit = this.slice(end - vcpu.instructions(), idleEnd - vcpu.timers.idleTicks())
      if (exit) return exit
    }
    return { kind: 'budget' }
  }
  /** From within a run, in onUart for instance: it ends after the present instruction, as if the budget were used. */
  leave(): void {
    this.isLeaving = true
    this.vcpu.leaveSlice()
  }
  /** Time-base ticks that the guest has waited so far; the time base has 400 MHz. */
  idleTicks = () => this.vcpu.timers.idleTicks()

  private step(): Exit {
    const { vcpu } = this
    vcpu.debug.markReported()
    const exit = this.slice(1, Infinity, true) ?? this.stepped()
    vcpu.debug.markReported()
    return exit
  }
  private stepped(): Exit {
    const { index, taken: interrupted, state } = this.vcpu
    return { kind: 'step', vcpu: index, address: state[STATE.NIA]!, ...(interrupted && { interrupted }) }
  }

  /** One slice of the core: to its next timer event, to a change of what may interrupt it, or to a stop. */
  private slice(left: number, idleLeft: number, isStep = false): Exit | undefined {
    const { vcpu } = this
    vcpu.timers.update(vcpu)
    vcpu.taken = undefined
    vcpu.takePending()
    if (isStep && vcpu.taken) return this.stepped()
    const early = this.takeExit()
    if (early) return early
    if (vcpu.isWaiting()) return this.wait(idleLeft)
    const traced = vcpu.debug.tracesInstructions()
    const before = vcpu.instructions()
    vcpu.taken = undefined
    vcpu.beginSlice(traced ? 1 : Math.min(left, vcpu.timers.instructionsToEvent(), LONGEST_SLICE))
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
  private wait(atMostTicks: number): Exit | undefined {
    const { vcpu } = this
    if (vcpu.pendingInterrupt() || vcpu.timers.sleep(vcpu.MSR, atMostTicks)) return undefined
    if (vcpu.takesExternalInput()) return { kind: 'idle', vcpu: vcpu.index }
    const reason = 'it waits (MSR[WE]) with interrupts off, so nothing can wake it'
    return { kind: 'lost', vcpu: vcpu.index, address: vcpu.state[STATE.NIA]!, reason }
  }

  // ---- for the debugger: no side effect on the guest ----
  instructions = () => this.vcpu.instructions()
  /** Bytes at an effective address, devices' registers too; undefined: some of them are not mapped, or nothing is there. */
  peek = (vcpu: number, address: number, length: number): Uint8Array | undefined =>
    peek(this.core(vcpu), this.bus, this.hostDebug, address, length)
  /** All or nothing; false: some of it is not mapped to RAM. */
  poke = (vcpu: number, address: number, bytes: Uint8Array): boolean =>
    poke(this.core(vcpu), this.memory, this.hostDebug, address, bytes)
  peekPhysical = (address: number, length: number): Uint8Array | undefined =>
    peekPhysical(this.bus, this.hostDebug, address, length)
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
  private description = () => ({
    core: this.model.name,
    cores: this.vcpus.length,
    memoryBytes: this.memory.ramBytes,
    ticksPerInstruction: TICKS_PER_INSTRUCTION,
  })
  private saveOwners = () => ({ vcpus: this.vcpus.map((vcpu) => vcpu.save()), board: this.board.save() })
  save(): MachineState {
    const ram = this.hostDebug.withoutTraps(() => saveRam(this.memory))
    return { version: STATE_VERSION, machine: this.description(), ram, ...this.saveOwners() }
  }
  /** Throws a BootError, with nothing changed, for a state of another machine. */
  restore(saved: MachineState): void {
    this.requireOwn(saved)
    this.isNew = false
    this.exit = undefined
    this.hostDebug.withoutTraps(() => restoreRam(this.memory, saved.ram))
    for (const [n, vcpu] of this.vcpus.entries()) vcpu.restore(saved.vcpus[n]!)
    this.board.restore(saved.board)
    this.interpreter.forgetCode()
  }
  private requireOwn({ version, machine }: MachineState): void {
    if (version !== STATE_VERSION)
      throw new BootError(
        `The saved state is of version ${version}; this emulator reads version ${STATE_VERSION}. Save it anew.`,
      )
    const own = this.description()
    const text = ({ core, cores, memoryBytes, ticksPerInstruction }: MachineState['machine']) =>
      `${cores} ${core}, ${memoryBytes / MEGABYTE} MB of memory, ${ticksPerInstruction} ticks per instruction`
    if (text(machine) !== text(own))
      throw new BootError(`The saved state is of another machine (${text(machine)}); this one has ${text(own)}.`)
  }
  hash(): string {
    const hash = new Hash()
    this.hostDebug.withoutTraps(() => hashRam(hash, this.memory))
    hash.text(JSON.stringify(this.saveOwners()))
    return hash.digest()
  }
}
