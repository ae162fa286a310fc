// A round of a loop, gone through without being executed: which way it takes, what it leaves in registers and RAM, and for how many rounds
// that is certain. From the guess that in each round every register and word of RAM moves on by a step of its own, a round is computed;
// if it ends with the guess confirmed, the rounds to come are this one again, until the first for which a branch, a carry or a bit differs.
import { TICKS_PER_INSTRUCTION } from '../core/clock.ts'
import { GuestInterrupt } from '../core/interrupts.ts'
import type { Memory } from '../core/memory.ts'
import { accessible } from '../core/sprAccess.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { STATE } from '../isa/cpu.ts'
import type { AccessSize } from '../isa/op.ts'
import { high, low } from '../spr/build.ts'
import { SPR } from '../spr/table.ts'
import { Affine } from './affine.ts'
import { effectOfWord } from './roundInstructions.ts'

/** Ticks above which a sum of them would not be exact. */
const MOST_TICKS = 2 ** 52
const MOST_EFFECTS = 10_000
/** Floating-point registers stand behind: their instructions are unknown here. */
const WORDS = STATE.FPSCR

export class Round extends Affine {
  readonly core: Vcpu
  CIA = 0
  NIA = 0
  readonly base = new Int32Array(STATE.WORDS)
  readonly steps = new Int32Array(STATE.WORDS)
  /** Instructions that were gone through. */
  work = 0
  /** Instructions of a round. */
  length = 0
  private readonly memory: Memory
  private readonly effects = new Map<number, () => void>()
  private readonly temps: number[] = []
  private readonly tempSteps: number[] = []
  /** Words of RAM that the round has stored to, by host address in words. */
  private readonly stored = new Map<number, { readonly base: number; readonly step: number }>()
  /** Host addresses in words of the round's instructions. */
  private readonly code = new Set<number>()
  /** So many instructions after the round's first one. */
  private count = 0
  // The guess.
  private start = 0
  private readonly guess = new Int32Array(STATE.WORDS)
  private readonly guessInRam = new Map<number, number>()

  constructor(core: Vcpu, memory: Memory) {
    super()
    this.core = core
    this.memory = memory
  }

  /** How many rounds of that length go the same way from the instruction at CIA, so that skip() may leave them out. */
  proven(length: number): number {
    const { core } = this
    this.work = 0
    if (this.start === core.CIA() && this.length === length && this.isConfirmed()) return this.rounds
    this.start = core.CIA()
    this.length = length
    this.guess.fill(0)
    this.guessInRam.clear()
    if (!this.comesBack()) return 0
    this.guessFromThisRound()
    return this.isConfirmed() ? this.rounds : 0
  }
  /** Registers and RAM as so many rounds leave them. */
  skip(rounds: number): void {
    const { state } = this.core
    for (let n = 0; n < WORDS; n++) if (this.guess[n] !== 0) state[n]! += Math.imul(rounds, this.guess[n]!)
    for (const [place, step] of this.guessInRam) this.memory.words[place]! += Math.imul(rounds, step)
  }

  private guessFromThisRound(): void {
    const { state } = this.core
    for (let n = 0; n < WORDS; n++) this.guess[n] = this.base[n]! - state[n]!
    for (const [place, { base }] of this.stored)
      if (base !== this.memory.words[place]) this.guessInRam.set(place, base - this.memory.words[place]!)
  }
  private isConfirmed(): boolean {
    if (!this.comesBack()) return false
    const { state } = this.core
    const { base, steps, guess } = this
    for (let n = 0; n < WORDS; n++) if (steps[n] !== guess[n] || ((base[n]! - state[n]!) | 0) !== guess[n]) return false
    return this.isConfirmedInRam()
  }
  private isConfirmedInRam(): boolean {
    for (const [place, { base, step }] of this.stored) {
      const guess = (this.guessInRam.get(place) ?? 0) | 0
      if (step !== guess || ((base - this.memory.words[place]!) | 0) !== guess) return false
    }
    for (const place of this.guessInRam.keys()) if (!this.stored.has(place) || this.code.has(place)) return false
    return true
  }

  /** Goes through a round. False: it does not come back to its first instruction, or does what is unknown here. */
  private comesBack(): boolean {
    const { core } = this
    this.rounds = Infinity
    this.base.set(core.state)
    this.steps.set(this.guess)
    this.stored.clear()
    this.code.clear()
    this.CIA = core.CIA()
    try {
      for (this.count = 0; this.count < this.length && this.rounds > 0; this.count++) this.execute()
    } catch (thrown) {
      if (!(thrown instanceof GuestInterrupt)) throw thrown
      this.unknown()
    }
    this.work += this.count
    return this.rounds > 0 && this.CIA === this.start
  }
  private execute(): void {
    const place = this.core.storage.code!.placeOf(this.CIA)
    if (place === undefined || this.stored.has(place)) {
      this.unknown()
      return
    }
    if (this.guessInRam.size > 0) this.code.add(place)
    const word = this.memory.words[place]!
    this.NIA = (this.CIA + 4) | 0
    const effect = this.effects.get(word) ?? this.remember(word)
    effect()
    this.CIA = this.NIA
  }
  private remember(word: number): () => void {
    const instruction = this.core.storage.code!.instructionOf(word)
    const effect = instruction ? effectOfWord(word, instruction, this) : () => this.unknown()
    if (this.effects.size === MOST_EFFECTS) this.effects.clear()
    this.effects.set(word, effect)
    return effect
  }

  // ---- what instructions ask for: values leave their step in `step` ----
  get(register: number): number {
    this.step = this.steps[register]!
    return this.base[register]!
  }
  set(register: number, value: number): void {
    this.base[register] = value
    this.steps[register] = this.step
  }
  temp(index: number): number {
    this.step = this.tempSteps[index]!
    return this.temps[index]!
  }
  setTemp(index: number, value: number): void {
    this.temps[index] = value
    this.tempSteps[index] = this.step
  }
  crBit(BI: number): number {
    const field = BI >> 2
    if ((BI & 3) === 3) return this.get(STATE.CR_SO + field)
    const above = this.get(STATE.CR + 2 * field + 1)
    if (this.step !== 0) return this.unknown()
    if ((BI & 3) === 0) return (above >>> 30) & 1
    if ((BI & 3) === 1 && above !== 0) return this.constant(+(above > 0))
    const below = this.get(STATE.CR + 2 * field)
    const isZero = this.isEqual(below, this.step, 0, 0)
    return (BI & 3) === 2 ? isZero : 1 - isZero
  }

  load(size: AccessSize, EA: number, step: number): number {
    if (step !== 0 || (EA & (size - 1)) !== 0) return this.unknown()
    const page = this.core.storage.loads[EA >>> 12]!
    if (page === 0) return this.constant(this.core.storage.awaited(EA, size) ?? this.unknown())
    const word = this.inRam((page | (EA & 0xfff)) >>> 2)
    if (size === 4) return word
    const shifted = this.binary('shr', word, this.step, belowIn(EA, size), 0)
    return this.binary('and', shifted, this.step, ones(size), 0)
  }
  /** Of a value whose step is `step`. */
  store(size: AccessSize, EA: number, addressStep: number, value: number): void {
    const { step } = this
    const page = this.core.storage.stores[EA >>> 12]!
    if (addressStep !== 0 || (EA & (size - 1)) !== 0 || page === 0) {
      this.unknown()
      return
    }
    const place = (page | (EA & 0xfff)) >>> 2
    if (size === 4) {
      this.stored.set(place, { base: value, step })
      return
    }
    const old = this.inRam(place)
    if (step !== 0 || this.step !== 0) this.unknown()
    const below = belowIn(EA, size)
    const mask = ones(size) << below
    this.stored.set(place, { base: (old & ~mask) | ((value << below) & mask), step: 0 })
  }
  private inRam(place: number): number {
    const stored = this.stored.get(place)
    this.step = stored ? stored.step : (this.guessInRam.get(place) ?? 0) | 0
    return stored ? stored.base : this.memory.words[place]!
  }

  /** What mfspr reads. */
  special(number: number): number {
    const { core } = this
    const { timers } = core
    const spr = accessible(core, number, 'w')
    switch (spr.number) {
      case SPR.TBL:
        return this.lower(timers.timeBase(), !timers.isFrozen())
      case SPR.TBU:
        return this.upper(timers.timeBase(), !timers.isFrozen())
      case SPR.ATBL:
        return this.lower(timers.now(), true)
      case SPR.ATBU:
        return this.upper(timers.now(), true)
      case SPR.DEC:
        return this.decrementer(timers.decrements())
      default:
        return spr.read ? this.unknown() : this.constant(core.sprs[spr.number]!)
    }
  }
  private lower(ticks: number, runs: boolean): number {
    if (ticks > MOST_TICKS) return this.unknown()
    return this.linear(low(ticks + this.elapsed(runs)), this.pace(runs))
  }
  private upper(ticks: number, runs: boolean): number {
    if (ticks > MOST_TICKS) return this.unknown()
    const now = ticks + this.elapsed(runs)
    this.within(low(now), this.pace(runs), 2 ** 32)
    return this.constant(high(now))
  }
  private decrementer(runs: boolean): number {
    return this.linear(this.core.timers.decrementer() - this.elapsed(runs), -this.pace(runs))
  }
  private elapsed = (runs: boolean) => (runs ? this.count * TICKS_PER_INSTRUCTION : 0)
  private pace = (runs: boolean) => (runs ? this.length * TICKS_PER_INSTRUCTION : 0)
}

/** Bits of its word below an operand. */
const belowIn = (EA: number, size: AccessSize) => 8 * (4 - size - (EA & 3))
const ones = (size: AccessSize) => 2 ** (8 * size) - 1
