// One record per special purpose register: number, name, fields, what a write does. mfspr and mtspr, panels and hovers read it.

/** What a register with an effect asks of its core. */
export interface SprCpu {
  /** The plain values, by SPR number. */
  readonly sprs: Int32Array
  getXer(): number
  setXer(value: number): void
  getLr(): number
  setLr(value: number): void
  getCtr(): number
  setCtr(value: number): void
  /** MSR[GS]. */
  isGuest(): boolean
  getSpefscr(): number
  setSpefscr(value: number): void
  /** Since the guest was started, whatever it wrote to TB. */
  ticks(): number
  timeBase(): number
  setTimeBase(ticks: number): void
  decrementer(): number
  setDecrementer(value: number): void
  /** Pending interrupts have to be looked at again before the next instruction. */
  interruptsChanged(): void
  timerControlChanged(): void
  requestReset(): void
  translationChanged(): void
  flushTlb(MMUCSR0: number): void
  debugRegistersChanged(): void
  /** A debug register as its owner lets it be read. */
  shownDebug(number: number): number
  /** What a write to it stores; undefined: nothing. */
  writtenDebug(number: number, value: number): number | undefined
}

export type CoreName = 'e500v2' | 'e500mc'

/** name, first bit, last bit (of 32, IBM numbers), what it means, and the core that has it if not both do. */
export type SprField = readonly [name: string, from: number, to: number, title: string, core?: CoreName]

/** What of fields or registers a core has. */
export const hasField = ([, , , , core]: SprField, name: CoreName): boolean => core === undefined || core === name

export interface Spr {
  readonly number: number
  readonly name: string
  readonly title: string
  readonly group: 'user' | 'interrupt' | 'timer' | 'mmu' | 'debug' | 'cache' | 'configuration' | 'software'
  readonly access: 'rw' | 'r' | 'w'
  /** Without one every core has it. */
  readonly core?: CoreName
  /** Category E.HV: not for a guest's supervisor, or not to write. Bit 0x10 of the number alone says what users may. */
  readonly privilege?: 'hypervisor' | 'hypervisorWrite'
  readonly fields?: readonly SprField[]
  /** Where it is more than the plain value. Never a side effect: the debugger calls it too. */
  readonly read?: (cpu: SprCpu) => number
  readonly write?: (cpu: SprCpu, value: number) => void
}
