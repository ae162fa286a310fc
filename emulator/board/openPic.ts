// The interrupt controller (MPIC; MPC8544 reference manual chapter 10): 256 sources, interprocessor interrupts, the message registers of MSI,
// the timers (picTimers.ts). As QEMU's, a source asks every core that its destination register names: a level until it falls,
// an edge until the first of them acknowledges it, an interprocessor interrupt or a timer until each of them has.
import type { AccessSize, SavedDevice } from './bus.ts'
import {
  ALL,
  EXTERNAL_SOURCES,
  FIRST_IPI,
  FIRST_MSI,
  FIRST_TIMER,
  isIpi,
  isMsir,
  isMulticast,
  isTimer,
  MSI_REGISTERS,
  reserved,
  type SourceRegister,
  sourceRegister,
} from './picMap.ts'
import { type PicTime, PicTimers } from './picTimers.ts'
import { CCSR, merged, partOf } from './registers.ts'

const VPR = { mask: 0x80000000 | 0, activity: 0x40000000, level: 0x00400000, activeHigh: 0x00800000 } as const
const PRIORITY_AND_VECTOR = 0x000fffff
const GCR = { reset: 0x80000000 | 0, mode: 0x60000000, proxy: 0x60000000 } as const
const BRR1 = 0x00400402
const FRR = 0x00c30002
/** Which input of a core a source goes to. The machine check input is not connected, as in QEMU. */
const ILR = { external: 0, critical: 1, machineCheck: 2 } as const

interface Core {
  CTPR: number
  /** Sources between their acknowledge and their end of interrupt. */
  inService: number[]
  /** Interprocessor interrupts and timers that it has not acknowledged yet. */
  multicast: number[]
}

/** What leads out of the controller, by core. */
export interface PicOutputs {
  /** Whether something waits to be acknowledged has changed. */
  externalChanged(core: number): void
  critical(core: number, level: boolean): void
}

const initial = (cores: number) => ({
  GCR: 0,
  SPVE: 0xffff,
  VPR: Array.from({ length: ALL }, (_, n) =>
    n >= EXTERNAL_SOURCES && n < FIRST_IPI ? VPR.mask | VPR.activeHigh : VPR.mask,
  ),
  DR: Array.from({ length: ALL }, (_, n): number => (isIpi(n) ? 0 : 1)),
  ILR: Array.from({ length: FIRST_IPI }, (): number => ILR.external),
  /** Edges of external sources that were not acknowledged yet. */
  edges: [] as number[],
  MSIR: Array.from({ length: MSI_REGISTERS }, () => 0),
  cores: Array.from({ length: cores }, (): Core => ({ CTPR: 15, inService: [], multicast: [] })),
})
type State = ReturnType<typeof initial>
interface Saved extends State {
  readonly lines: readonly number[]
  readonly timers: ReturnType<PicTimers['save']>
}

export class OpenPic implements SavedDevice<Saved> {
  readonly name = 'mpic'
  readonly base = CCSR + 0x40000
  readonly length = 0x40000
  private readonly currentCore: () => number
  private readonly outputs: PicOutputs
  private state: State
  /** The levels of the sources' inputs: the devices' own, no reset of the controller changes them. */
  private lines = new Set<number>()
  /** For each core: its two inputs. */
  private readonly external: boolean[]
  private readonly critical: boolean[]
  private readonly timers: PicTimers

  constructor(cores: number, currentCore: () => number, outputs: PicOutputs, time: PicTime) {
    this.timers = new PicTimers(time)
    this.currentCore = currentCore
    this.outputs = outputs
    this.state = initial(cores)
    this.external = this.state.cores.map(() => false)
    this.critical = this.state.cores.map(() => false)
  }

  reset(): void {
    this.lines.clear()
    this.resetRegisters()
  }
  private resetRegisters(): void {
    this.state = initial(this.state.cores.length)
    for (let n = 0; n < MSI_REGISTERS; n++) this.lines.delete(FIRST_MSI + n)
    this.timers.reset()
    this.update()
  }
  save = (): Saved => ({
    ...structuredClone({ ...this.state, lines: [...this.lines].sort((a, b) => a - b) }),
    timers: this.timers.save(),
  })
  restore({ lines, timers, ...state }: Saved): void {
    this.state = structuredClone(state)
    this.timers.restore(timers)
    this.lines = new Set(lines)
    this.update()
  }

  // ---- the sources' side ----
  setLine(source: number, level: boolean): void {
    if (this.lines.has(source) === level) return
    if (level) this.lines.add(source)
    else this.lines.delete(source)
    if (level && !this.isLevel(source)) add(this.state.edges, source)
    this.update()
  }
  /** Internal sources are levels whatever their sense bit says; it does not stick there. */
  private isLevel = (source: number) => source >= EXTERNAL_SOURCES || (this.state.VPR[source]! & VPR.level) !== 0

  // ---- timers ----
  /** Raises the interrupts of the timers that have come to zero. */
  timersMayBeDue(): void {
    const due = this.timers.due()
    if (due.length === 0) return
    for (const source of due.map((n) => FIRST_TIMER + n)) {
      for (const [core, { multicast }] of this.state.cores.entries())
        if (this.names(source, core)) add(multicast, source)
    }
    this.update()
  }
  /** To the next zero that time brings. */
  ticksToEvent = () => this.timers.ticksToEvent()
  /** To the next zero whose interrupt gets through to the core; Infinity: none does. */
  ticksToInterrupt(core: number): number {
    const level = this.levelOf(core)
    const through = (source: number) =>
      !this.isMasked(source) && this.names(source, core) && this.priority(source) > level
    const timers = [0, 1, 2, 3].filter((n) => through(FIRST_TIMER + n))
    return Math.min(...timers.map((n) => this.timers.ticksToZero(n)))
  }

  // ---- the cores' side ----
  pending = (core: number) => this.external[core]!
  /** With the external proxy the core acknowledges as it takes the interrupt, and finds the vector in EPR. */
  proxyAcknowledge = (core: number) => ((this.state.GCR & GCR.mode) === GCR.proxy ? this.acknowledge(core) : undefined)

  private acknowledge(core: number): number {
    const source = this.mostUrgent(core)
    if (source === undefined) return this.state.SPVE
    const { edges, cores, VPR: vectors } = this.state
    const { multicast, inService } = cores[core]!
    remove(isMulticast(source) ? multicast : edges, source)
    inService.push(source)
    this.update()
    return vectors[source]! & 0xffff
  }
  /** Of the most urgent of what the core serves. */
  private endOfInterrupt(core: number): void {
    const { inService } = this.state.cores[core]!
    const level = Math.max(...inService.map(this.priority))
    const served = inService.findLast((source) => this.priority(source) === level)
    if (served !== undefined) remove(inService, served)
    this.update()
  }

  private priority = (source: number) => (this.state.VPR[source]! >>> 16) & 15
  private isMasked = (source: number) => (this.state.VPR[source]! & VPR.mask) !== 0
  private names = (source: number, core: number) => (this.state.DR[source]! & (1 << core)) !== 0

  /** What the core would acknowledge now: above its task priority and above what it serves; of equals the lowest number. */
  private mostUrgent(core: number): number | undefined {
    let best: number | undefined
    let level = this.levelOf(core)
    for (const source of this.requesting(core)) {
      if (this.priority(source) <= level) continue
      best = source
      level = this.priority(source)
    }
    return best
  }
  /** Only what stands above it gets through: the task's priority, or that of what is served. */
  private levelOf(core: number): number {
    const { CTPR, inService } = this.state.cores[core]!
    return Math.max(CTPR, ...inService.map(this.priority))
  }
  private requesting(core: number): number[] {
    const { edges, cores, ILR: inputs } = this.state
    const shared = [...this.levels(), ...edges].filter(
      (source) => inputs[source] === ILR.external && this.names(source, core),
    )
    return [...shared, ...cores[core]!.multicast].filter((source) => !this.isMasked(source)).sort((a, b) => a - b)
  }
  private levels = () => [...this.lines].filter(this.isLevel)
  /** It has no priority, is not acknowledged and stands while a source does. */
  private isCritical = (core: number) =>
    this.levels().some(
      (source) => this.state.ILR[source] === ILR.critical && !this.isMasked(source) && this.names(source, core),
    )

  private update(): void {
    for (const core of this.state.cores.keys()) {
      const external = this.mostUrgent(core) !== undefined
      if (external !== this.external[core]) {
        this.external[core] = external
        this.outputs.externalChanged(core)
      }
      const critical = this.isCritical(core)
      if (critical !== this.critical[core]) this.outputs.critical(core, critical)
      this.critical[core] = critical
    }
  }

  // ---- registers ----
  read(offset: number, size: AccessSize): number {
    this.timersMayBeDue()
    const register = offset & ~3
    const [core, own] = this.coreRegister(register)
    if (own === 0xa0) return partOf(this.acknowledge(core), offset, size)
    const value = this.peek(offset, size)
    if (isMsir(register)) this.setMsir((register - 0x1600) >> 4, 0)
    return value
  }
  peek = (offset: number, size: AccessSize) => partOf(this.registerAt(offset & ~3), offset, size)

  write(offset: number, size: AccessSize, value: number): void {
    this.timersMayBeDue()
    const register = offset & ~3
    const word = merged(size === 4 ? 0 : this.registerAt(register), offset, size, value)
    this.setRegister(register, word)
    this.update()
  }

  /** The registers at 0x40 to 0xbf are those of the core that asks. */
  private coreRegister(register: number): readonly [core: number, own: number | undefined] {
    if (register >= 0x40 && register < 0xc0) return [this.currentCore(), register]
    const core = (register - 0x20000) >> 12
    return core >= 0 && core < this.state.cores.length ? [core, register & 0xfff] : [0, undefined]
  }

  private registerAt(register: number): number {
    const { state } = this
    const [core, own] = this.coreRegister(register)
    if (own !== undefined) return this.coreRegisterAt(core, own)
    const entry = sourceRegister(register)
    if (entry) return this.sourceRegisterAt(entry)
    if (isMsir(register)) return state.MSIR[(register - 0x1600) >> 4]!
    switch (register) {
      case 0:
        return BRR1
      case 0x1000:
        return FRR | ((state.cores.length - 1) << 8)
      case 0x1020:
        return state.GCR
      case 0x10e0:
        return state.SPVE
      case 0x1080:
      case 0x1090:
        return 0
      case 0x10f0:
        return this.timers.TFRR
      case 0x1300:
        return this.timers.TCR
      case 0x1720:
        return state.MSIR.reduce((bits, value, n) => (value !== 0 ? bits | (1 << n) : bits), 0)
      default:
        return this.timerRegister(register) ?? reserved(register)
    }
  }
  private coreRegisterAt(core: number, own: number): number {
    switch (own) {
      case 0x80:
        return this.state.cores[core]!.CTPR
      case 0x90:
        return core
      case 0xa0: {
        const source = this.mostUrgent(core)
        return source === undefined ? this.state.SPVE : this.state.VPR[source]! & 0xffff
      }
      default:
        return own === 0xb0 ? 0 : -1
    }
  }
  private sourceRegisterAt({ source, kind }: SourceRegister): number {
    return kind === 'VPR' ? this.vectorPriority(source) : this.state[kind][source]!
  }
  /** The activity bit: it asks, unmasked as QEMU wants it, or is being served. */
  private vectorPriority(source: number): number {
    const { cores, edges, VPR: vectors } = this.state
    const asks = [...this.levels(), ...edges, ...cores.flatMap(({ multicast }) => multicast)].includes(source)
    const isServed = cores.some(({ inService }) => inService.includes(source))
    return vectors[source]! | ((asks && !this.isMasked(source)) || isServed ? VPR.activity : 0)
  }
  private timerRegister(register: number): number | undefined {
    if (!isTimer(register) || (register & 0x20) !== 0) return undefined
    return this.timers.register((register - 0x1100) >> 6, register & 0x10)
  }

  private setRegister(register: number, value: number): void {
    const { state } = this
    const [core, own] = this.coreRegister(register)
    const entry = sourceRegister(register)
    if (own !== undefined) this.setCoreRegister(core, own, value)
    else if (entry) this.setSourceRegister(entry, value)
    else if (register === 0x1020) this.setGcr(value)
    else if (register === 0x10e0) state.SPVE = value & 0xffff
    else if (register === 0x1740) this.message(value)
    else if (register === 0x10f0) this.timers.TFRR = value
    else if (register === 0x1300) this.timers.setTcr(value)
    else if (isTimer(register) && (register & 0x30) === 0x10) this.timers.setBaseCount((register - 0x1100) >> 6, value)
  }
  private setCoreRegister(core: number, own: number, value: number): void {
    if (own === 0x80) this.state.cores[core]!.CTPR = value & 15
    else if (own === 0xb0) this.endOfInterrupt(core)
    else if (own >= 0x40 && own < 0x80) {
      const source = FIRST_IPI + ((own - 0x40) >> 4)
      for (const [n, { multicast }] of this.state.cores.entries()) if (value & (1 << n)) add(multicast, source)
    }
  }
  private setSourceRegister({ source, kind }: SourceRegister, value: number): void {
    const { state } = this
    if (kind === 'VPR') this.setVectorPriority(source, value)
    else if (kind === 'DR') state.DR[source] = value & ((1 << state.cores.length) - 1)
    else state.ILR[source] = (value & 0xff) <= ILR.machineCheck ? value & 0xff : ILR.external
  }
  private setVectorPriority(source: number, value: number): void {
    const sense = source < EXTERNAL_SOURCES ? VPR.level : 0
    const polarity = source < FIRST_IPI ? VPR.activeHigh : 0
    this.state.VPR[source] = value & (VPR.mask | sense | polarity | PRIORITY_AND_VECTOR)
  }
  private setGcr(value: number): void {
    if (value & GCR.reset) this.resetRegisters()
    else this.state.GCR = value & GCR.mode
  }

  /** MSIIR: the left three bits choose the register, the next five the bit of it. */
  private message(MSIIR: number): void {
    const register = MSIIR >>> 29
    this.setMsir(register, this.state.MSIR[register]! | (1 << ((MSIIR >>> 24) & 31)))
  }
  private setMsir(register: number, value: number): void {
    this.state.MSIR[register] = value
    this.setLine(FIRST_MSI + register, value !== 0)
  }
}

function add(sources: number[], source: number): void {
  if (!sources.includes(source)) sources.push(source)
}
function remove(sources: number[], source: number): void {
  const at = sources.indexOf(source)
  if (at >= 0) sources.splice(at, 1)
}
