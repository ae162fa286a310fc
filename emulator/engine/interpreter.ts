// Runs decoded words: the printed run loop does most of them at once, their bodies what it leaves.
// A decoded word counts while it is the word in memory, so nothing has to be told of stores to code.
// A page on which stops are armed has a place of its own in the cache, whose armed words ask the debug unit first: unarmed code asks nobody.
import { ESR, GuestInterrupt, type InterruptName } from '../core/interrupts.ts'
import { DECODED_PAGES, type Memory } from '../core/memory.ts'
import type { CodeCache } from '../core/storage.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { HostStop } from '../debug/hostStops.ts'
import { STATE } from '../isa/cpu.ts'
import { type Body, bodies, run } from './generated/bodies.ts'
import { ASK, ILLEGAL, opcodeOf, opcodes } from './opcodes.ts'
import { FETCH_ENTRIES, masks, noFetches, type Tables } from './tables.ts'
import { warmUp } from './warmUp.ts'

/** Pages of decoded words: plain ones by physical page modulo, behind them the armed ones. */
const PLAIN_PAGES = 256
const ARMED_PAGES = DECODED_PAGES - PLAIN_PAGES
const PAGE_WORDS = 1024
/** Interrupts that come again at once where they strike the first instruction of their own handler. */
const OF_THE_FETCH: readonly InterruptName[] = ['Instruction TLB error', 'Instruction storage', 'Program']

export class Interpreter implements CodeCache {
  private readonly vcpu: Vcpu
  private readonly memory: Memory
  private readonly tables: Tables
  /** By opcode. */
  private readonly bodies: readonly Body[]
  /** Translations of fetches, by MSR[IS] and MSR[PR]. */
  private readonly contexts = [0, 1, 2, 3].map(noFetches)
  /** The effective and physical page of each armed place. */
  private armedPages: { readonly effective: number; readonly physical: number }[] = []

  constructor(vcpu: Vcpu, memory: Memory) {
    warmUp()
    this.vcpu = vcpu
    this.memory = memory
    const { loads, stores } = vcpu.storage
    this.tables = {
      words: memory.words,
      halves: memory.halves,
      bytes: memory.bytes,
      R: vcpu.state,
      masks,
      decoded: memory.core(vcpu.index).decoded,
      loads,
      stores,
      fetch: this.contexts[0]!,
    }
    const printed = bodies(vcpu.state, masks, vcpu.calls, vcpu.storage)
    this.bodies = opcodes.map((opcode, n) => {
      if (opcode) return printed[opcode.instruction.mnemonic]!
      return n === ASK ? this.askAndExecute : this.executeIllegal
    })
    vcpu.storage.code = this
  }

  translationChanged(effectivePage?: number): void {
    for (const context of this.contexts)
      if (effectivePage === undefined) context.fill(-1)
      else if (context[fetchEntry(effectivePage)] === effectivePage) context[fetchEntry(effectivePage)] = -1
  }
  contextChanged(context: number): void {
    this.tables.fetch = this.contexts[context]!
    this.tables.loads = this.vcpu.storage.loads
    this.tables.stores = this.vcpu.storage.stores
  }
  stopsChanged(): void {
    this.armedPages = []
    this.translationChanged()
  }
  placeOf(EA: number): number | undefined {
    const { fetch, decoded } = this.tables
    const entry = fetchEntry(EA >>> 12)
    if (fetch[entry] !== EA >>> 12) return undefined
    const start = fetch[entry + 1]!
    const isArmedPage = fetch[entry + 2]! + 2 * start >= decoded.byteOffset / 4 + 2 * PAGE_WORDS * PLAIN_PAGES
    return isArmedPage && this.vcpu.debug.arms(EA) ? undefined : start + ((EA & 0xfff) >> 2)
  }
  instructionOf = (word: number) => opcodes[this.opcodeHere(word)]?.instruction
  execute = (word: number): void => this.bodies[this.opcodeHere(word)]!(word)
  /** What other cores have is illegal on this one. */
  private opcodeHere(word: number): number {
    const opcode = opcodeOf(word)
    const category = opcodes[opcode]?.instruction.category
    return category === undefined || this.vcpu.model.categories.has(category) ? opcode : ILLEGAL
  }
  private askAndExecute = (word: number): void => {
    this.vcpu.debug.beforeInstruction(this.vcpu.CIA())
    this.execute(word)
  }

  /** KVM's trap word is one. */
  private executeIllegal = (): void => {
    if (!this.vcpu.hostTraps.execute()) illegal()
  }

  /** Runs until the slice of the core is used up. Returns a sentence where the guest can go no further. */
  runSlice(): string | undefined {
    const { vcpu, tables } = this
    const R = vcpu.state
    while (R[STATE.LEFT] !== 0) {
      try {
        vcpu.executing = true
        while (R[STATE.LEFT] !== 0) {
          run(tables)
          if (R[STATE.LEFT] !== 0) this.stepSlowly()
        }
        vcpu.executing = false
      } catch (thrown) {
        vcpu.executing = false
        if (thrown instanceof HostStop) {
          vcpu.undoInstruction()
          vcpu.stopAfter(() => thrown.exit)
        } else if (thrown instanceof GuestInterrupt) {
          if (thrown.name === 'Machine check' && !vcpu.takesMachineChecks())
            return 'a machine check came while MSR[ME] was 0, so the core has stopped (checkstop)'
          vcpu.take(thrown)
          if (R[STATE.NIA] === R[STATE.CIA] && OF_THE_FETCH.includes(thrown.name))
            return `the handler of its ${thrown.name} interrupt cannot be executed, so it would be taken for ever`
        } else throw thrown
      }
    }
    return undefined
  }

  /** The instruction at NIA by its body, after all that the run loop lacks for it. */
  private stepSlowly(): void {
    const { R, words, fetch } = this.tables
    const CIA = R[STATE.NIA]!
    R[STATE.CIA] = CIA
    R[STATE.NIA] = CIA + 4
    // A fetch that faults takes the count of the instruction that it is for.
    R[STATE.LEFT]!--
    const entry = fetchEntry(CIA >>> 12)
    if (fetch[entry] !== CIA >>> 12 && !this.enterPage(CIA, entry)) {
      this.stepReversed(CIA)
      return
    }
    const at = fetch[entry + 1]! + ((CIA & 0xfff) >> 2)
    const pair = 2 * at + fetch[entry + 2]!
    const word = words[at]!
    if (words[pair] !== word) this.decode(pair, word)
    this.bodies[words[pair + 1]!]!(word)
  }

  /** An instruction of a little-endian page. Such pages are rare, and stand in no table. */
  private stepReversed(CIA: number): void {
    const { storage, debug } = this.vcpu
    if (debug.armsPage(CIA >>> 12) && debug.arms(CIA)) debug.beforeInstruction(CIA)
    this.execute(storage.peekInstruction(CIA)!)
  }

  /** False: its words stand there with their bytes reversed (MAS2[E]). */
  private enterPage(CIA: number, entry: number): boolean {
    const address = this.fetchTranslation(CIA)
    if (!this.memory.isRam(address)) this.outsideMemory(CIA)
    if (this.vcpu.storage.fetchesReversed()) return false
    const physical = Math.floor(address / 4096)
    const effective = CIA >>> 12
    const place = this.vcpu.debug.armsPage(effective)
      ? PLAIN_PAGES + this.armedPlace(effective, physical)
      : physical % PLAIN_PAGES
    const start = (this.memory.ramBase + physical * 4096) >>> 2
    const firstPair = this.tables.decoded.byteOffset / 4 + 2 * PAGE_WORDS * place
    this.tables.fetch.set([effective, start, firstPair - 2 * start], entry)
    return true
  }

  /** An IAC stands above the TLB miss and the ISI of its instruction (E500RM 5.11.1), so it is asked where the fetch faults, too. */
  private fetchTranslation(CIA: number): number {
    const { storage, debug } = this.vcpu
    const isArmed = debug.armsPage(CIA >>> 12) && debug.arms(CIA)
    if (isArmed && !storage.mayExecute(CIA)) debug.beforeInstruction(CIA)
    return storage.translate(CIA, 'execute')
  }
  private outsideMemory(CIA: number): void {
    const { debug } = this.vcpu
    if (debug.armsPage(CIA >>> 12) && debug.arms(CIA)) debug.beforeInstruction(CIA)
    illegal()
  }

  private armedPlace(effective: number, physical: number): number {
    const known = this.armedPages.findIndex((page) => page.effective === effective && page.physical === physical)
    if (known >= 0) return known
    if (this.armedPages.length === ARMED_PAGES) this.stopsChanged()
    const first = (PLAIN_PAGES + this.armedPages.length) * 2 * PAGE_WORDS
    // Word 0 with ASK, which is 0.
    this.tables.decoded.fill(0, first, first + 2 * PAGE_WORDS)
    return this.armedPages.push({ effective, physical }) - 1
  }

  private decode(pair: number, word: number): void {
    const { words, decoded } = this.tables
    const place = (pair - decoded.byteOffset / 4) / 2
    const armed = this.armedPages[Math.floor(place / PAGE_WORDS) - PLAIN_PAGES]
    const EA = armed && (armed.effective << 12) | ((place % PAGE_WORDS) << 2)
    words[pair] = word
    words[pair + 1] = EA !== undefined && this.vcpu.debug.arms(EA) ? ASK : this.opcodeHere(word)
  }
}

const fetchEntry = (effectivePage: number) => 4 * (effectivePage % FETCH_ENTRIES)

/** What an illegal word, and code outside of memory, does. */
function illegal(): never {
  throw new GuestInterrupt('Program', { ESR: ESR.PIL })
}
