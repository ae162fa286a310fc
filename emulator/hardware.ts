// Cores, bus and devices, connected: each asks and tells the others what it has to. Nothing in here runs.
import { Board } from './board/board.ts'
import { Bus } from './board/bus.ts'
import { BootError } from './board/image.ts'
import { SpinTable } from './board/spinTable.ts'
import { type MachineConfiguration, withDefaults } from './configuration.ts'
import { Clock, TICKS_PER_SECOND } from './core/clock.ts'
import { type CoreModel, coreModels } from './core/coreModel.ts'
import { Memory } from './core/memory.ts'
import { readBytes } from './core/memoryBlocks.ts'
import { Vcpu } from './core/vcpu.ts'
import type { Exit } from './debug/exit.ts'
import { type DebugTarget, HostDebug, type Slot } from './debug/hostDebug.ts'
import { rulesOf } from './debug/ownership.ts'
import { layTrap, trapWordOf } from './debug/trapWord.ts'
import { STATE } from './isa/cpu.ts'
import { SPR } from './spr/table.ts'
import { Turns } from './turns.ts'

const MEGABYTE = 1 << 20
/** Host addresses of RAM and of the cores' tables are signed words. */
const MOST_MEMORY = 2 ** 31
/** A released core finds this much mapped at 0. */
const SPIN_MAPPING = 64 * MEGABYTE

/** Whom it tells. */
export interface Listener {
  /** The guest powers off or asks for a reset. */
  stop(exit: Exit): void
  tlb1Changed(): void
}

export class Hardware {
  readonly model: CoreModel
  readonly memory: Memory
  readonly bus: Bus
  readonly board: Board
  readonly hostDebug: HostDebug
  readonly vcpus: readonly Vcpu[]
  readonly clock = new Clock()
  readonly turns: Turns
  readonly spinTable: SpinTable
  readonly seed: number
  private readonly listener: Listener

  constructor(configuration: MachineConfiguration, listener: Listener) {
    const given = withDefaults(configuration)
    const { cores } = given
    this.listener = listener
    this.seed = given.seed
    this.model = coreModels[given.cpu]
    this.memory = memoryFor(given.memoryBytes, cores)
    this.bus = new Bus(this.memory)
    this.board = this.newBoard(given)
    this.hostDebug = new HostDebug(
      this.debugTarget(),
      given.debugOwnership,
      rulesOf(given.hypervisor, given.deniedWrite),
    )
    this.bus.traps = this.hostDebug
    this.vcpus = Array.from({ length: cores }, (_, index) => this.newCore(index))
    this.turns = new Turns(this.vcpus, this.clock)
    this.spinTable = new SpinTable(cores, (core, address, r3) => this.release(core, address, r3))
    this.bus.attach(this.spinTable)
    this.bus.onAccess = (awaitsInput) => {
      const { pollWatcher } = this.turns.running()
      if (awaitsInput) pollWatcher?.looks()
      else pollWatcher?.disturbed()
    }
  }

  private newBoard({ cores, rtc, uarts, drives, seed, onUart }: ReturnType<typeof withDefaults>): Board {
    const { model, clock, listener } = this
    return new Board(this.bus, {
      cores,
      PVR: model.reset[SPR.PVR] ?? 0,
      SVR: model.reset[SPR.SVR] ?? 0,
      rtc,
      time: { now: () => clock.now(), nextEventChanged: () => this.turns.running().leaveSlice() },
      currentCore: () => this.turns.running().index,
      seconds: () => Math.floor(clock.now() / TICKS_PER_SECOND),
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
      powerOff: () => listener.stop({ kind: 'powerOff' }),
      reset: () => listener.stop({ kind: 'reset' }),
    })
  }

  private newCore(index: number): Vcpu {
    const { model, memory, bus, board, hostDebug, clock, listener } = this
    const vcpu = new Vcpu(model, index, memory.core(index), bus, board.pic, hostDebug, clock)
    vcpu.onTlb1Changed = () => listener.tlb1Changed()
    vcpu.onResetRequest = () => listener.stop({ kind: 'reset' })
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
      const seen = this.vcpus.map((vcpu) => vcpu.storage.peekCode(EA))
      return seen.find((code) => code && !code.isReversed)?.physical
    },
    layTrap: (physical) => layTrap(this.memory, physical, trapWordOf(this.hostDebug.rules().hypervisor)),
  })

  reset(isByGuest: boolean): void {
    this.board.reset(isByGuest)
    this.spinTable.reset()
    for (const vcpu of this.vcpus) vcpu.reset()
    this.turns.reset()
  }

  /** The spin table's word to a secondary core. Said again it changes nothing. */
  private release(core: number, address: number, r3: number): void {
    if (!this.turns.isHalted(core)) return
    bootCore(this.vcpus[core]!, address, SPIN_MAPPING, { 3: r3, 7: SPIN_MAPPING })
    this.turns.start(core)
    this.listener.tlb1Changed()
  }
}

/** The state in which the board's boot protocol starts a core: TLB1[0] maps 0 to 0 (mappedBytes: a power of 4 KB), MSR 0. */
export function bootCore(
  vcpu: Vcpu,
  entry: number,
  mappedBytes: number,
  registers: Readonly<Record<number, number>>,
): void {
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
