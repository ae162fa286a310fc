// Cores, bus, devices and the host's debugger together. run(budget) goes on until the budget is used or something makes it stop: an Exit.
import { Board } from './board/board.ts'
import { planBoot } from './board/boot.ts'
import { Bus } from './board/bus.ts'
import type { BlockStore } from './board/disk.ts'
import { BootError, type BootOptions, type GuestImage } from './board/image.ts'
import { SpinTable } from './board/spinTable.ts'
import { Clock, TICKS_PER_INSTRUCTION, TICKS_PER_SECOND } from './core/clock.ts'
import { type CoreModel, coreModels } from './core/coreModel.ts'
import { Memory } from './core/memory.ts'
import {
  clearRam,
  Hash,
  hashRam,
  readBytes,
  restoreRam,
  type SavedRam,
  saveRam,
  writeBytes,
} from './core/memoryBlocks.ts'
import type { Access } from './core/mmu.ts'
import { Vcpu } from './core/vcpu.ts'
import { peek, peekPhysical, poke, type TlbEntry, tlbEntries } from './core/view.ts'
import type { DebugEvent } from './debug/debugLog.ts'
import type { Exit } from './debug/exit.ts'
import { type DebugTarget, HostDebug, type Slot } from './debug/hostDebug.ts'
import { type DebugOwnership, type DeniedWrite, type Hypervisor, rulesOf } from './debug/ownership.ts'
import { type DebugResources, debugResources } from './debug/resources.ts'
import { layTrap, trapWordOf } from './debug/trapWord.ts'
import { Interpreter } from './engine/interpreter.ts'
import { PollingLoop } from './engine/pollingLoop.ts'
import { STATE } from './isa/cpu.ts'
import { type Described, described, requireOwn } from './savedState.ts'
import type { CoreName } from './spr/record.ts'
import { SPR } from './spr/table.ts'
import { Turns } from './turns.ts'

const MEGABYTE = 1 << 20
/** Host addresses of RAM and of the cores' tables are signed words. */
const MOST_MEMORY = 2 ** 31
/** A released core finds this much mapped at 0. */
const SPIN_MAPPING = 64 * MEGABYTE
/** What is left of a slice is a word of the state block. */
const LONGEST_SLICE = 0x7fffffff
/** 2026-01-01T00:00:00Z. */
const RTC_START = 1767225600

export interface MachineConfiguration {
  /** Whole megabytes, below 2 GB. */
  readonly memoryBytes: number
  /** Default: e500v2. */
  readonly cpu?: CoreName
  /** 1 to 8. Default: 1. */
  readonly cores?: number
  /** Default: shared. */
  readonly debugOwnership?: DebugOwnership
  /** Whose rules the guest's debug registers follow. Default: none, the silicon's. */
  readonly hypervisor?: Hypervisor
  /** Default: what the hypervisor does. */
  readonly deniedWrite?: DeniedWrite | undefined
  /** Of what the guest takes for random: the device tree's rng-seed. */
  readonly seed?: number
  /** What the real time clock shows when the guest starts, in seconds since 1970. */
  readonly rtc?: number
  /** Disks, in the order of their PCI slots. Default: none. */
  readonly drives?: readonly BlockStore[]
  /** How many serial ports the board has: 1 or 2. Default: 1. */
  readonly uarts?: number
  /** Each byte that the guest sends through a UART. */
  readonly onUart?: (index: number, byte: number) => void
}

/** Plain data: what structuredClone and a file can hold. */
export interface MachineState extends Described {
  readonly ram: SavedRam
  readonly turns: ReturnType<Turns['save']>
  readonly vcpus: readonly ReturnType<Vcpu['save']>[]
  readonly board: ReturnType<Board['save']>
  readonly spinTable: ReturnType<SpinTable['save']>
}

export class Machine {
  readonly memory: Memory
  readonly bus: Bus
  /** The one that boots. */
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
  private readonly interpreters: readonly Interpreter[]
  private readonly clock = new Clock()
  private readonly turns: Turns
  private readonly spinTable: SpinTable
  private readonly pollingLoop: PollingLoop
  private exit: Exit | undefined
  private isLeaving = false
  /** Nothing has been in RAM yet, so it need not be cleared. */
  private isNew = true

  constructor({
    memoryBytes,
    cpu = 'e500v2',
    cores = 1,
    onUart,
    debugOwnership = 'shared',
    hypervisor = 'none',
    deniedWrite,
    seed = 1,
    rtc = RTC_START,
    uarts = 1,
    drives = [],
  }: MachineConfiguration) {
    this.model = coreModels[cpu]
    this.memory = memoryFor(memoryBytes, cores)
    this.bus = new Bus(this.memory)
    this.seed = seed
    this.board = new Board(this.bus, {
      cores,
      PVR: this.model.reset[SPR.PVR] ?? 0,
      SVR: this.model.reset[SPR.SVR] ?? 0,
      rtc,
      time: { now: () => this.clock.now(), nextEventChanged: () => this.turns.running().leaveSlice() },
      currentCore: () => this.turns.running().index,
      seconds: () => Math.floor(this.clock.now() / TICKS_PER_SECOND),
      interrupts: {
        externalChanged: (core) => this.vcpus[core]!.interruptsChanged(),
        critical: (core, level) => this.vcpus[core]!.setCriticalInput(level),
      },
      uarts,
      drives,
      seed,
      deviceLoads: (physical, length) => this.hostDebug.withoutTraps(() => readBytes(this.memory, physical, length)),
      deviceStores: (physical, length) => {
        this.hostDebug.guestStores(physical, length)
        for (const vcpu of this.vcpus) vcpu.deviceStores(physical, length)
      },
      sent: (uart, byte) => onUart?.(uart, byte),
      powerOff: () => this.stop({ kind: 'powerOff' }),
      reset: () => this.stop({ kind: 'reset' }),
    })
    this.hostDebug = new HostDebug(this.debugTarget(), debugOwnership, rulesOf(hypervisor, deniedWrite))
    this.bus.traps = this.hostDebug
    this.vcpus = Array.from({ length: cores }, (_, index) => this.newCore(index))
    this.vcpu = this.vcpus[0]!
    this.interpreters = this.vcpus.map((vcpu) => new Interpreter(vcpu, this.memory))
    this.turns = new Turns(this.vcpus, this.clock)
    this.spinTable = new SpinTable(cores, (core, address, r3) => this.release(core, address, r3))
    this.bus.attach(this.spinTable)
    this.pollingLoop = new PollingLoop(this.memory)
    for (const vcpu of this.vcpus) vcpu.onLook = () => this.pollingLoop.looks(vcpu)
    this.bus.onAwaiting = () => this.turns.running().onLook?.()
  }
  private newCore(index: number): Vcpu {
    const { model, memory, bus, board, hostDebug, clock } = this
    const vcpu = new Vcpu(model, index, memory.core(index), bus, board.pic, hostDebug, clock)
    vcpu.onTlb1Changed = () => this.onTlb1Changed?.()
    vcpu.onResetRequest = () => this.stop({ kind: 'reset' })
    vcpu.cores = () => this.vcpus
    return vcpu
  }

  private debugTarget = (): DebugTarget => ({
    hasDbcr4: this.model.categories.has('E.ED'),
    guestSlots: () => new Set<Slot>(this.vcpus.flatMap((vcpu) => [...vcpu.debug.guestSlots()])),
    stopsChanged: () => {
      for (const vcpu of this.vcpus) vcpu.hostStopsChanged()
    },
    watchesChanged: () => {
      for (const vcpu of this.vcpus) vcpu.hostWatchesChanged()
    },
    codeAt: (EA) => {
      const seen = this.vcpus.map((vcpu) => vcpu.storage.peekTranslation(EA, 'execute'))
      return seen.find((physical) => physical !== undefined && this.memory.isRam(physical))
    },
    layTrap: (physical) => layTrap(this.memory, physical, trapWordOf(this.hostDebug.rules().hypervisor)),
  })

  private stop(exit: Exit): void {
    this.exit = exit
    this.turns.running().leaveSlice()
  }

  // ---- starting ----
  /** A cold start; again is a restart. The debugger's breakpoints stay. Throws a BootError, with nothing changed, for what does not fit. */
  load(image: GuestImage, options: BootOptions = {}): void {
    const { memory } = this
    const plan = planBoot(image, options, this.treeOptions())
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
  private treeOptions = () => ({
    memoryBytes: this.memory.ramBytes,
    seed: this.seed,
    uarts: this.board.uarts.length,
    cores: this.vcpus.length,
    cacheLine: this.model.cacheLine,
  })
  private reset(): void {
    this.exit = undefined
    this.board.reset()
    this.spinTable.reset()
    for (const vcpu of this.vcpus) vcpu.reset()
    this.turns.reset()
    for (const interpreter of this.interpreters) interpreter.stopsChanged()
  }

  /** The state in which the board's boot protocol starts a guest: TLB1[0] maps 0 to 0 (mappedBytes: a power of 4 KB), MSR 0. */
  boot(entry: number, mappedBytes: number, registers: Readonly<Record<number, number>> = {}): void {
    this.isNew = false
    bootCore(this.vcpu, entry, mappedBytes, registers)
  }
  /** The spin table's word to a secondary core. Said again it changes nothing. */
  private release(core: number, address: number, r3: number): void {
    if (!this.turns.isHalted(core)) return
    bootCore(this.vcpus[core]!, address, SPIN_MAPPING, { 3: r3, 7: SPIN_MAPPING })
    this.turns.start(core)
    this.onTlb1Changed?.()
  }

  /** What somebody types. It waits until the guest reads it. */
  uartInput(index: number, bytes: Iterable<number>): void {
    const uart = this.board.uarts[index]
    if (!uart) throw new Error(`There is no UART ${index}.`)
    uart.receive(bytes)
  }

  // ---- running ----
  /** At most so many instructions of all cores and, if given, so many ticks of waiting (MSR[WE]): neither changes what the guest does. */
  run(budgetInstructions: number, idleBudgetTicks = Infinity): Exit {
    const stepping = this.vcpus[this.hostDebug.takeStep()]
    stepping?.debug.markReported()
    const exit = this.runUntil(this.instructions() + budgetInstructions, this.idleTicks() + idleBudgetTicks, stepping)
    stepping?.debug.markReported()
    this.hostDebug.exited(exit)
    return exit
  }
  /** stepping: the run ends with its next instruction; until its turn the others run as they would without the debugger. */
  private runUntil(end: number, idleEnd: number, stepping: Vcpu | undefined): Exit {
    const { clock } = this
    this.isLeaving = false
    while (!this.isLeaving && clock.instructions() < end && clock.idleTicks() < idleEnd) {
      this.board.pic.timersMayBeDue()
      const vcpu = this.turns.next()
      const exit = vcpu
        ? this.slice(vcpu, end - clock.instructions(), vcpu === stepping)
        : this.wait(idleEnd - clock.idleTicks())
      if (exit) return exit
    }
    return { kind: 'budget' }
  }
  /** From within a run, in onUart for instance: it ends after the present instruction, as if the budget were used. */
  leave(): void {
    this.isLeaving = true
    this.turns.running().leaveSlice()
  }
  /** Time-base ticks that the guest has waited so far; the time base has 400 MHz. */
  idleTicks = () => this.clock.idleTicks()
  /** With the ticks in which it polled its console or a timer and did nothing else: no part of the machine's state, but for who paces it. */
  restingTicks = () => this.clock.idleTicks() + this.pollingLoop.skippedInstructions * TICKS_PER_INSTRUCTION

  /** One slice of a core: to the end of its turn, to its next timer event, to a change of what may interrupt it, or to a stop. */
  private slice(vcpu: Vcpu, left: number, isStep: boolean): Exit | undefined {
    vcpu.timers.update(vcpu)
    vcpu.taken = undefined
    vcpu.takePending(isStep)
    if (isStep && vcpu.taken) return stepped(vcpu)
    const early = this.takeExit(vcpu)
    if (early || vcpu.isWaiting()) return early
    const traced = vcpu.debug.tracesInstructions()
    const before = vcpu.instructions()
    vcpu.taken = undefined
    if (traced && vcpu.endsBeforeBranch()) return this.takeExit(vcpu) ?? (isStep ? stepped(vcpu) : undefined)
    const enables = vcpu.debug.enables()
    const toEvent = Math.min(vcpu.timers.instructionsToEvent(), this.instructionsToBoardEvent())
    const longest = Math.min(left, this.turns.left(), toEvent, LONGEST_SLICE)
    vcpu.beginSlice(traced || isStep ? 1 : longest)
    const reason = this.interpreters[vcpu.index]!.runSlice()
    if (reason) return { kind: 'lost', vcpu: vcpu.index, address: vcpu.CIA(), reason }
    if (traced && vcpu.hasCompleted() && vcpu.instructions() > before) vcpu.debug.traced(enables)
    return this.takeExit(vcpu) ?? (isStep ? stepped(vcpu) : undefined)
  }

  private instructionsToBoardEvent = () => Math.max(1, Math.ceil(this.board.pic.ticksToEvent() / TICKS_PER_INSTRUCTION))

  private takeExit(vcpu: Vcpu): Exit | undefined {
    const exit = this.exit ?? vcpu.exit?.(vcpu.state[STATE.NIA]!)
    this.exit = undefined
    vcpu.exit = undefined
    return exit
  }

  /** All cores wait: that takes no instruction; it lasts to the next timer event or to a device's interrupt. */
  private wait(atMostTicks: number): Exit | undefined {
    const vcpu = this.turns.running()
    const reset = this.takeExit(vcpu)
    if (reset) return reset
    const ticks = this.turns.ticksToWake((core) => this.board.pic.ticksToInterrupt(core))
    if (ticks !== Infinity) this.clock.sleep(Math.min(atMostTicks, ticks))
    else if (this.turns.takesExternalInput()) return { kind: 'idle', vcpu: vcpu.index }
    else return { kind: 'lost', vcpu: vcpu.index, address: vcpu.state[STATE.NIA]!, reason: NOTHING_WAKES }
    return undefined
  }

  // ---- for the debugger: no side effect on the guest ----
  /** Of all cores. */
  instructions = () => this.clock.instructions()
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
  /** The last of them, the oldest first. */
  debugEvents = (vcpu: number, count: number): readonly DebugEvent[] => this.core(vcpu).debug.log.last(count)
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
    uarts: this.board.uarts.length,
    drives: this.board.drives.map(({ sectors }) => sectors),
    ticksPerInstruction: TICKS_PER_INSTRUCTION,
  })
  private saveOwners = () => ({
    turns: this.turns.save(),
    vcpus: this.vcpus.map((vcpu) => vcpu.save()),
    board: this.board.save(),
    spinTable: this.spinTable.save(),
  })
  save(): MachineState {
    const ram = this.hostDebug.withoutTraps(() => saveRam(this.memory))
    return { ...described(this.description()), ram, ...this.saveOwners() }
  }
  /** Throws a BootError, with nothing changed, for a state of another machine. */
  restore(saved: MachineState): void {
    requireOwn(saved, this.description())
    this.isNew = false
    this.exit = undefined
    this.hostDebug.withoutTraps(() => restoreRam(this.memory, saved.ram))
    this.turns.restore(saved.turns)
    for (const [n, vcpu] of this.vcpus.entries()) vcpu.restore(saved.vcpus[n]!)
    this.board.restore(saved.board)
    this.spinTable.restore(saved.spinTable)
    for (const interpreter of this.interpreters) interpreter.stopsChanged()
  }
  hash(): string {
    const hash = new Hash()
    this.hostDebug.withoutTraps(() => hashRam(hash, this.memory))
    hash.text(JSON.stringify(this.saveOwners()))
    return hash.digest()
  }
}

const NOTHING_WAKES = 'it waits (MSR[WE]) with interrupts off, so nothing can wake it'

/** A step over `wait` has completed it: the core is awake. */
function stepped(vcpu: Vcpu): Exit {
  vcpu.stopWaiting()
  const { index, taken, state } = vcpu
  const interrupted = taken && { name: taken.name, from: taken.from }
  return { kind: 'step', vcpu: index, address: state[STATE.NIA]!, ...(interrupted && { interrupted }) }
}

/** The board's boot protocol, of the first core and of those that the spin table releases. */
function bootCore(vcpu: Vcpu, entry: number, mappedBytes: number, registers: Readonly<Record<number, number>>): void {
  vcpu.mmu.mapAtBoot(Math.log2(mappedBytes / 1024) / 2)
  for (const [number, value] of Object.entries(registers)) vcpu.state[Number(number)] = value
  vcpu.state[STATE.NIA] = entry
}

function memoryFor(bytes: number, cores: number): Memory {
  const most = Math.floor((MOST_MEMORY - Memory.coresBytes(cores)) / MEGABYTE)
  if (bytes > most * MEGABYTE)
    throw new BootError(`${cores} cores leave room for ${most} MB of memory. Write "memory": "${most}M" or less.`)
  return new Memory(bytes, cores)
}
