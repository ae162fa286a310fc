// One core: the owners of its state, MSR, slices of instructions, and what the debug unit asks of it.
// What instructions ask of it stands in calls.ts, what SPRs ask in sprCpu.ts, interrupts in interruptEntry.ts.
import type { Bus } from '../board/bus.ts'
import type { DebugCpu } from '../debug/debugCpu.ts'
import { DebugUnit } from '../debug/debugUnit.ts'
import type { Exit } from '../debug/exit.ts'
import type { HostDebug } from '../debug/hostDebug.ts'
import { type Cpu, STATE } from '../isa/cpu.ts'
import type { Spr, SprCpu } from '../spr/record.ts'
import { SPR, sprs as sprRecords } from '../spr/table.ts'
import { callsOf } from './calls.ts'
import type { Clock } from './clock.ts'
import type { CoreModel } from './coreModel.ts'
import { Doorbells } from './doorbells.ts'
import { HostTraps } from './hostTraps.ts'
import {
  isGuests,
  pendingInterrupt,
  takeInterrupt,
  takePending,
  takesCriticalInput,
  takesExternalInput,
} from './interruptEntry.ts'
import { InterruptLog } from './interruptLog.ts'
import { GuestInterrupt, type InterruptName, MSR } from './interrupts.ts'
import type { CoreRegions } from './memory.ts'
import { Mmu, type TlbChange } from './mmu.ts'
import { PerformanceMonitor } from './performanceMonitor.ts'
import { readRegister, writeRegister } from './registerAccess.ts'
import { Reservation } from './reservation.ts'
import { sprCpu } from './sprCpu.ts'
import { Storage } from './storage.ts'
import { Timers } from './timers.ts'
import { readCr, writeCrFields } from './xerAndCr.ts'

/** The external interrupt line into a core. With the external proxy the core acknowledges as it takes the interrupt; else undefined. */
export interface InterruptSource {
  pending(core: number): boolean
  proxyAcknowledge(core: number): number | undefined
}

/** Who wants to know whether a core does nothing but wait. */
export interface PollWatcher {
  /** Before the instruction at CIA reads a timer, or a device's register that awaits input. */
  looks(): void
  /** It accesses a device in another way. */
  disturbed(): void
}

/** Where a core stands until somebody starts it: that of the manual, and QEMU's. */
const RESET_VECTOR = 0xfffffffc | 0

export class Vcpu implements DebugCpu {
  readonly index: number
  readonly model: CoreModel
  readonly state: Int32Array
  readonly sprs: Int32Array
  /** Undefined: this core has no register of that number. */
  readonly sprByNumber: readonly (Spr | undefined)[]
  readonly mmu: Mmu
  readonly timers: Timers
  readonly performanceMonitor = new PerformanceMonitor()
  readonly doorbells = new Doorbells()
  readonly interruptLog = new InterruptLog()
  readonly reservation: Reservation
  readonly storage: Storage
  readonly debug: DebugUnit
  readonly hostTraps = new HostTraps(this)
  /** What SPRs ask. */
  readonly sprCpu: SprCpu
  /** What instructions call. */
  readonly calls: Cpu
  MSR = 0
  /** The critical input line. */
  criticalInput = false
  /** An Exit to hand out when the slice has ended; the address is where the core then stands. */
  exit: ((address: number) => Exit | undefined) | undefined
  /** The interrupt that the last instruction ended in, or that came in its place; for steps. */
  taken: { readonly name: InterruptName; readonly from: number; readonly isAfter: boolean } | undefined
  /** A TLB1 entry was written or invalidated. */
  onTlb1Changed: (() => void) | undefined
  pollWatcher: PollWatcher | undefined
  /** The watchdog or DBCR0[RST] asks for a reset. */
  onResetRequest: (() => void) | undefined
  /** All cores of the machine, this one too: messages and invalidations reach them. */
  cores: () => readonly Vcpu[] = () => [this]
  readonly host: HostDebug
  readonly interrupts: InterruptSource
  private readonly regions: CoreRegions
  /** The instruction count at which the present slice ends; STATE.LEFT are left of it. */
  private sliceEnd = 0
  /** In `wait`. */
  private waits = false
  private waitsForReservation = false
  private machineCheckPending = false

  constructor(
    model: CoreModel,
    index: number,
    regions: CoreRegions,
    bus: Bus,
    interrupts: InterruptSource,
    host: HostDebug,
    clock: Clock,
  ) {
    this.model = model
    this.index = index
    this.regions = regions
    this.state = regions.state
    this.sprs = regions.sprs
    this.interrupts = interrupts
    this.host = host
    this.sprByNumber = sprsOf(model)
    this.mmu = new Mmu(model, regions.tlb, regions.sprs, (name) => isGuests(this, name))
    this.timers = new Timers(regions.sprs, clock)
    this.reservation = new Reservation(model.cacheLine)
    this.storage = new Storage(regions, bus, this.mmu)
    this.debug = new DebugUnit(this, host)
    this.storage.accesses.watcher = this.debug
    this.sprCpu = sprCpu(this)
    this.calls = callsOf(this)
    this.reset()
  }

  /** As the board's boot protocol finds a core: everything 0 but its place and what the model says; time begins anew. */
  reset(): void {
    this.state.fill(0)
    writeCrFields(this.state, 0xff, 0)
    this.state[STATE.NIA] = RESET_VECTOR
    this.sprs.fill(0)
    this.regions.tlb.fill(0)
    for (const [number, value] of Object.entries(this.model.reset)) this.sprs[Number(number)] = value
    this.sprs[SPR.PIR] = this.index
    this.MSR = 0
    this.sliceEnd = 0
    this.waits = this.waitsForReservation = this.machineCheckPending = this.criticalInput = false
    this.exit = this.taken = undefined
    this.reservation.lose()
    this.doorbells.reset()
    this.debug.forgetReported()
    this.debug.log.clear()
    this.interruptLog.clear()
    this.mmu.restore({ victim: 0 })
    this.timers.reset()
    this.performanceMonitor.reset()
    this.storage.msrChanged(0)
    this.translationChanged()
    this.debugRegistersChanged()
  }

  /** For the debugger: r0 to r31, pc, msr, cr or an SPR by name (core/registerAccess). */
  register = (name: string) => readRegister(this, name)
  setRegister = (name: string, value: number) => writeRegister(this, name, value)

  // ---- slices ----
  instructions = () => this.sliceEnd - this.state[STATE.LEFT]!
  /** During an instruction: those before it. */
  completed = () => this.instructions() - (this.executing ? 1 : 0)
  /** The interpreter is within an instruction: what happens now is the guest's doing, not the debugger's. */
  executing = false
  CIA = () => this.state[STATE.CIA]!
  interrupt = (name: 'Debug' | 'Program', syndrome?: { readonly ESR: number }) => new GuestInterrupt(name, syndrome)
  /** The guest's own, though a trap of the host's may stand there. */
  peekInstruction = (EA: number) => this.hostTraps.at(EA)?.word ?? this.storage.peekInstruction(EA)
  trapIds = (EA: number) => this.hostTraps.at(EA)?.ids ?? []
  beginSlice(length: number): void {
    this.sliceEnd = this.instructions() + length
    this.state[STATE.LEFT] = length
  }
  /** Ends the slice after the present instruction; the count stays exact. */
  leaveSlice(): void {
    this.sliceEnd -= this.state[STATE.LEFT]!
    this.state[STATE.LEFT] = 0
  }
  /** The present instruction did not happen. */
  undoInstruction(): void {
    this.state[STATE.NIA] = this.state[STATE.CIA]!
    this.state[STATE.LEFT]!++
    this.leaveSlice()
  }
  asStopped<T>(work: () => T): T {
    const { state } = this
    if (!this.executing) return work()
    const NIA = state[STATE.NIA]!
    this.executing = false
    state[STATE.NIA] = state[STATE.CIA]!
    state[STATE.LEFT]!++
    try {
      return work()
    } finally {
      this.executing = true
      state[STATE.NIA] = NIA
      // It may have ended the slice.
      if (state[STATE.LEFT] === 0) this.sliceEnd++
      else state[STATE.LEFT]!--
    }
  }
  stopAfter(exit: (address: number) => Exit | undefined): void {
    this.exit ??= exit
    this.leaveSlice()
  }
  interruptsChanged(): void {
    this.debug.timersMayFreeze()
    this.leaveSlice()
  }
  freezeTimers = (isFrozen: boolean) => this.timers.freeze(isFrozen)
  debugRegistersChanged(): void {
    this.interruptsChanged()
    if (!this.debug.guestArmsChanged()) return
    this.host.guestTook(this.debug.guestSlots())
    this.stopsChanged()
    this.storage.forgetPages()
  }
  private stopsChanged(): void {
    this.storage.code?.stopsChanged()
  }
  hostStopsChanged(): void {
    this.debug.hostStopsChanged()
    this.stopsChanged()
  }
  hostWatchesChanged(): void {
    this.debug.hostWatchesChanged()
    this.storage.forgetPages()
  }
  /** The last instruction completed; sc does although it ends in an interrupt. */
  hasCompleted = () => this.taken === undefined || this.taken.isAfter
  /** True: BRT's debug interrupt, or before it a stop of the host's, came in place of the branch that is next. */
  endsBeforeBranch(): boolean {
    const NIA = this.state[STATE.NIA]!
    this.state[STATE.CIA] = NIA
    const stop = this.debug.tracesBranches() ? this.debug.hostStop(NIA) : undefined
    if (stop) this.stopAfter(() => stop)
    else if (this.storage.mayExecute(NIA) && this.debug.branchEvent(NIA)) this.take(new GuestInterrupt('Debug'))
    else return false
    return true
  }

  save = () => ({
    MSR: this.MSR,
    instructions: this.instructions(),
    reservation: this.reservation.save(),
    doorbells: this.doorbells.save(),
    waits: this.waits,
    waitsForReservation: this.waitsForReservation,
    machineCheckPending: this.machineCheckPending,
    criticalInput: this.criticalInput,
    state: this.savedState(),
    sprs: Array.from(this.sprs),
    tlb: Array.from(this.regions.tlb),
    mmu: this.mmu.save(),
    timers: this.timers.save(),
    performanceMonitor: this.performanceMonitor.save(),
  })
  /** Between instructions CIA and LEFT mean nothing: a stop of the debugger's must not show in them. */
  private savedState(): number[] {
    const state = Array.from(this.state)
    state[STATE.CIA] = this.state[STATE.NIA]!
    state[STATE.LEFT] = 0
    return state
  }
  restore(saved: ReturnType<Vcpu['save']>): void {
    this.MSR = saved.MSR
    this.waits = saved.waits
    this.waitsForReservation = saved.waitsForReservation
    this.machineCheckPending = saved.machineCheckPending
    this.criticalInput = saved.criticalInput
    this.reservation.restore(saved.reservation)
    this.doorbells.restore(saved.doorbells)
    this.state.set(saved.state)
    this.state[STATE.LEFT] = 0
    this.sliceEnd = saved.instructions
    this.sprs.set(saved.sprs)
    this.regions.tlb.set(saved.tlb)
    this.mmu.restore(saved.mmu)
    this.timers.restore(saved.timers)
    this.performanceMonitor.restore(saved.performanceMonitor)
    this.debug.forgetReported()
    this.storage.msrChanged(this.MSR)
    this.translationChanged()
    this.debugRegistersChanged()
  }

  // ---- translation ----
  translationChanged = () => this.storage.translationChanged()
  /** The pages whose translation may differ now. */
  tlbChanged({ pages, inTlb1 }: TlbChange): void {
    if (pages === 'all') this.translationChanged()
    else for (const page of pages) this.storage.translationChanged(page)
    if (!inTlb1) return
    this.leaveSlice()
    this.onTlb1Changed?.()
  }

  // ---- registers ----
  getCr = () => readCr(this.state)
  setCr = (value: number) => writeCrFields(this.state, 0xff, value)
  ticks = () => this.timers.now()
  timerControlChanged(): void {
    this.timers.controlChanged()
    this.leaveSlice()
  }
  requestReset = () => this.onResetRequest?.()

  /** All bits that there are, whoever asks; what a guest cannot change is msr.ts' affair. */
  setMsr(value: number): void {
    const changed = this.MSR ^ (value & this.model.MSR)
    this.MSR ^= changed
    if (changed & (MSR.IS | MSR.DS | MSR.PR | MSR.GS)) this.storage.msrChanged(this.MSR)
    this.leaveSlice()
  }

  // ---- interrupts ----
  take = (interrupt: GuestInterrupt) => takeInterrupt(this, interrupt)
  takePending = (isStep = false) => takePending(this, isStep)
  pendingInterrupt = () => pendingInterrupt(this)
  takesExternalInput = () => takesExternalInput(this)
  takesInput = () => takesExternalInput(this) || takesCriticalInput(this)
  setCriticalInput(level: boolean): void {
    this.criticalInput = level
    this.leaveSlice()
  }
  /** An error that the bus, a cache or a pin reports: MCSR bits, and the address in MCAR. */
  reportMachineCheck(MCSR: number, MCAR = 0): void {
    this.sprs[SPR.MCSR]! |= MCSR
    this.sprs[SPR.MCAR] = MCAR
    this.machineCheckPending = true
    this.leaveSlice()
  }
  /** Else a machine check that an instruction meets stops the core. */
  takesMachineChecks = () => (this.MSR & (MSR.ME | MSR.GS)) !== 0
  hasMachineCheck = () => this.machineCheckPending
  machineCheckTaken(): void {
    this.machineCheckPending = false
  }
  isWaiting = () => this.waits || (this.MSR & MSR.WE) !== 0
  startWaiting(forReservation: boolean): void {
    this.waits = true
    this.waitsForReservation = forReservation
    this.leaveSlice()
  }
  stopWaiting(): void {
    this.waits = this.waitsForReservation = false
  }
  /** A device stores: Book II 1.7.3.1, that ends a reservation of its granule as another core's store does. */
  deviceStores(physical: number, length: number): void {
    if (this.reservation.isHeld() && this.reservation.isMetBy(physical, length)) this.loseReservation()
  }
  /** Another core's turn begins: it may store there. */
  loseReservation(): void {
    this.reservation.lose()
    if (this.waitsForReservation) this.stopWaiting()
  }
}

function sprsOf({ name }: CoreModel): readonly (Spr | undefined)[] {
  const all: (Spr | undefined)[] = Array.from({ length: 1024 })
  for (const record of sprRecords) if (!record.core || record.core === name) all[record.number] = record
  return all
}
