// The interrupt controller (MPIC; MPC8544 reference manual chapter 10): 256 sources, interprocessor interrupts, the message registers of MSI,
// the timers (picTimers.ts). Interrupts go to the first core that a destination register names.
import type { AccessSize, SavedDevice } from './bus.ts'
import { type PicTime, PicTimers } from './picTimers.ts'
import { CCSR, merged, partOf } from './registers.ts'

const SOURCES = 256
const EXTERNAL_SOURCES = 16
const IPIS = 4
const TIMERS = 4
const FIRST_IPI = SOURCES
const FIRST_TIMER = SOURCES + IPIS
const ALL = SOURCES + IPIS + TIMERS
/** The sources that the message registers raise. */
const FIRST_MSI = 224
const MSI_REGISTERS = 8

const VPR = { mask: 0x80000000 | 0, activity: 0x40000000, level: 0x00400000, activeHigh: 0x00800000 } as const
const PRIORITY_AND_VECTOR = 0x000fffff
const GCR = { reset: 0x80000000 | 0, mode: 0x60000000, proxy: 0x60000000 } as const
const BRR1 = 0x00400402
const FRR = 0x00c30002

interface Core {
  CTPR: number
  /** Sources between their acknowledge and their end of interrupt, the innermost last. */
  inService: number[]
  /** Interprocessor interrupts that were sent to it. */
  IPI: number
}

const initial = (cores: number) => ({
  GCR: 0,
  SPVE: 0xffff,
  VPR: Array.from({ length: ALL }, (_, n) =>
    n >= EXTERNAL_SOURCES && n < SOURCES ? VPR.mask | VPR.activeHigh : VPR.mask,
  ),
  DR: Array.from({ length: ALL }, (_, n): number => (isIpi(n) ? 0 : 1)),
  /** Edges that were not acknowledged yet. */
  edges: [] as number[],
  MSIR: Array.from({ length: MSI_REGISTERS }, () => 0),
  cores: Array.from({ length: cores }, (): Core => ({ CTPR: 15, inService: [], IPI: 0 })),
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
  private readonly outputChanged: (core: number) => void
  private state: State
  /** The levels of the sources' inputs: the devices' own, no reset of the controller changes them. */
  private lines = new Set<number>()
  /** For each core: something waits to be acknowledged. */
  private readonly outputs: boolean[]
  private readonly timers: PicTimers

  constructor(cores: number, currentCore: () => number, outputChanged: (core: number) => void, time: PicTime) {
    this.timers = new PicTimers(time)
    this.currentCore = currentCore
    this.outputChanged = outputChanged
    this.state = initial(cores)
    this.outputs = this.state.cores.map(() => false)
  }

  reset(): void {
    this.lines.clear()
    this.resetRegisters()
  }
  private resetRegisters(): void {
    this.state = initial(this.state.cores.length)
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
    if (level && !this.isLevel(source)) this.addEdge(source)
    this.update()
  }
  private addEdge(source: number): void {
    if (!this.state.edges.includes(source)) this.state.edges.push(source)
  }
  /** Internal sources are levels whatever their sense bit says; it does not stick there. */
  private isLevel = (source: number) => source >= EXTERNAL_SOURCES || (this.state.VPR[source]! & VPR.level) !== 0

  // ---- timers ----
  /** Raises the interrupts of the timers that have come to zero. */
  timersMayBeDue(): void {
    const due = this.timers.due()
    if (due.length === 0) return
    for (const timer of due) this.addEdge(FIRST_TIMER + timer)
    this.update()
  }
  /** To the next zero of a timer. */
  ticksToEvent = () => this.timers.ticksToEvent()
  /** To the next zero whose interrupt gets through to the core; Infinity: none does. */
  ticksToInterrupt(core: number): number {
    const level = this.levelOf(core)
    const through = (source: number) => this.isFor(source, core) && this.priority(source) > level
    const timers = [0, 1, 2, 3].filter((n) => through(FIRST_TIMER + n))
    return Math.min(...timers.map((n) => this.timers.ticksToEvent(n)))
  }

  // ---- the cores' side ----
  pending = (core: number) => this.outputs[core]!
  /** With the external proxy the core acknowledges as it takes the interrupt, and finds the vector in EPR. */
  proxyAcknowledge = (core: number) => ((this.state.GCR & GCR.mode) === GCR.proxy ? this.acknowledge(core) : undefined)

  private acknowledge(core: number): number {
    const source = this.mostUrgent(core)
    if (source === undefined) return this.state.SPVE
    const { edges, cores, VPR: vectors } = this.state
    this.state.edges = edges.filter((edge) => edge !== source)
    if (isIpi(source)) cores[core]!.IPI &= ~(1 << (source - FIRST_IPI))
    cores[core]!.inService.push(source)
    this.update()
    return vectors[source]! & 0xffff
  }
  private endOfInterrupt(core: number): void {
    this.state.cores[core]!.inService.pop()
    this.update()
  }

  private priority = (source: number) => (this.state.VPR[source]! >>> 16) & 15

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
    return Math.max(CTPR, inService.length > 0 ? this.priority(inService.at(-1)!) : 0)
  }
  private isFor = (source: number, core: number) =>
    (this.state.VPR[source]! & VPR.mask) === 0 && (isIpi(source) || this.destination(source) === core)
  private requesting(core: number): number[] {
    const { edges, cores } = this.state
    const levels = [...this.lines].filter((source) => this.isLevel(source) && !this.isServed(source))
    const IPIs = [0, 1, 2, 3].filter((n) => cores[core]!.IPI & (1 << n)).map((n) => FIRST_IPI + n)
    return [...levels, ...edges, ...IPIs].filter((source) => this.isFor(source, core)).sort((a, b) => a - b)
  }
  private isServed = (source: number) => this.state.cores.some(({ inService }) => inService.includes(source))
  private destination = (source: number) => 31 - Math.clz32(this.state.DR[source]! & -this.state.DR[source]!)

  private update(): void {
    for (const core of this.state.cores.keys()) {
      const output = this.mostUrgent(core) !== undefined
      if (output === this.outputs[core]) continue
      this.outputs[core] = output
      this.outputChanged(core)
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
    const entry = entryAt(register)
    if (entry) return entry.isVpr ? this.vectorPriority(entry.source) : state.DR[entry.source]!
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
  /** The activity bit: it asks, unmasked as QEMU wants it, or is being served. */
  private vectorPriority(source: number): number {
    const isMasked = (this.state.VPR[source]! & VPR.mask) !== 0
    const asks = isIpi(source)
      ? this.state.cores.some(({ IPI }) => IPI & (1 << (source - FIRST_IPI)))
      : this.state.edges.includes(source) || (this.lines.has(source) && this.isLevel(source))
    return this.state.VPR[source]! | ((asks && !isMasked) || this.isServed(source) ? VPR.activity : 0)
  }
  private timerRegister(register: number): number | undefined {
    if (!isTimer(register) || (register & 0x20) !== 0) return undefined
    return this.timers.register((register - 0x1100) >> 6, register & 0x10)
  }

  private setRegister(register: number, value: number): void {
    const { state } = this
    const [core, own] = this.coreRegister(register)
    const entry = entryAt(register)
    if (own !== undefined) this.setCoreRegister(core, own, value)
    else if (entry?.isVpr) this.setVectorPriority(entry.source, value)
    else if (entry) state.DR[entry.source] = value & ((1 << state.cores.length) - 1)
    else if (register === 0x1020) this.setGcr(value)
    else if (register === 0x10e0) state.SPVE = value & 0xffff
    else if (register === 0x1740) this.message(value)
    else if (register === 0x10f0) this.timers.TFRR = value
    else if (isTimer(register) && (register & 0x30) === 0x10) this.timers.setBaseCount((register - 0x1100) >> 6, value)
  }
  private setCoreRegister(core: number, own: number, value: number): void {
    if (own === 0x80) this.state.cores[core]!.CTPR = value & 15
    else if (own === 0xb0) this.endOfInterrupt(core)
    else if (own >= 0x40 && own < 0x80) {
      for (const [n, target] of this.state.cores.entries()) if (value & (1 << n)) target.IPI |= 1 << ((own - 0x40) >> 4)
    }
  }
  private setVectorPriority(source: number, value: number): void {
    const sense = source < EXTERNAL_SOURCES ? VPR.level : 0
    const polarity = source < SOURCES ? VPR.activeHigh : 0
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

const isIpi = (source: number) => source >= FIRST_IPI && source < FIRST_TIMER
const isMsir = (register: number) => register >= 0x1600 && register < 0x1680 && (register & 0xf) === 0
const isTimer = (register: number) => register >= 0x1100 && register < 0x1200 && (register & 0xf) === 0
/** What is no register reads ones within the controller's blocks and 0 between them, as QEMU's does. */
function reserved(register: number): number {
  const isMessage = register >= 0x1600 && register < 0x1800
  if (isMessage) return register & 0xf ? -1 : 0
  const isSource = register >= 0x10000 && register < 0x10000 + SOURCES * 0x20
  if (isSource) return (register & 0x1f) === 0x18 ? 0 : -1
  const isInBlock = register < 0x1200 || register >= 0x20000
  return isInBlock ? -1 : 0
}

/** The vector/priority or destination register at an offset. */
function entryAt(register: number): { readonly source: number; readonly isVpr: boolean } | undefined {
  if (register >= 0x10000 && register < 0x10000 + SOURCES * 0x20 && (register & 0xf) === 0)
    return { source: (register - 0x10000) >> 5, isVpr: (register & 0x10) === 0 }
  if (register >= 0x10a0 && register <= 0x10d0 && (register & 0xf) === 0)
    return { source: FIRST_IPI + ((register - 0x10a0) >> 4), isVpr: true }
  if (isTimer(register) && (register & 0x20) !== 0)
    return { source: FIRST_TIMER + ((register - 0x1100) >> 6), isVpr: (register & 0x10) === 0 }
  return undefined
}
