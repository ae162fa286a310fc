// Runs decoded words one by one through the printed bodies. Decoded code is kept by physical page; a store drops the word that it hits.
// A page on which stops are armed has a variant of its own, whose armed words ask the debug unit first: unarmed code asks nobody.
import { mask } from '../bits.ts'
import { ESR, GuestInterrupt, type InterruptName } from '../core/interrupts.ts'
import type { Memory } from '../core/memory.ts'
import type { CodeCache } from '../core/storage.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { HostStop } from '../debug/debugUnit.ts'
import { type Operands, STATE } from '../isa/cpu.ts'
import { decode } from '../isa/decode.ts'
import { getField } from '../isa/form.ts'
import { operandNames } from '../isa/record.ts'
import { type Body, bodies } from './generated/bodies.ts'

interface Decoded extends Operands {
  readonly body: Body
}
interface Page {
  readonly physical: number
  /** The effective page that a variant with stops belongs to. */
  readonly armedFor: number | undefined
  readonly words: (Decoded | undefined)[]
  /** Stores that hit the page; many of them: it holds data now. */
  stores: number
}
const NO_OPERANDS: Operands = { a: 0, b: 0, c: 0, d: 0, e: 0, mask: 0 }
/** After so many stores decoded words of a page are given up, so that its stores become fast again. */
const STORES_OF_DATA = 256

export class Interpreter implements CodeCache {
  private readonly vcpu: Vcpu
  private readonly memory: Memory
  private readonly bodies: Readonly<Record<string, Body>>
  /** Physical page -> decoded words. */
  private readonly pages = new Map<number, Page>()
  private armedPages: Page[] = []
  /** Effective page -> decoded words, by MSR[IS] and MSR[PR]; the last one beside it. */
  private readonly contexts = [0, 1, 2, 3].map(() => new Map<number, Page>())
  private fetchPages = this.contexts[0]!
  private lastPage = -1
  private lastWords: (Decoded | undefined)[] = []

  constructor(vcpu: Vcpu, memory: Memory) {
    this.vcpu = vcpu
    this.memory = memory
    this.bodies = bodies(vcpu.state, vcpu, vcpu.storage)
    vcpu.storage.code = this
  }

  holdsCode = (physicalPage: number) => this.pages.has(physicalPage)
  stored(physicalAddress: number): void {
    const page = this.pages.get(Math.floor(physicalAddress / 4096))
    if (!page) return
    const word = (physicalAddress & 0xfff) >> 2
    page.words[word] = undefined
    for (const armed of this.armedPages) if (armed.physical === page.physical) armed.words[word] = undefined
    if (++page.stores > STORES_OF_DATA) this.forget(page)
  }
  private forget(page: Page): void {
    this.pages.delete(page.physical)
    this.translationChanged()
  }
  translationChanged(effectivePage?: number): void {
    this.lastPage = -1
    for (const context of this.contexts)
      if (effectivePage === undefined) context.clear()
      else context.delete(effectivePage)
  }
  contextChanged(context: number): void {
    this.fetchPages = this.contexts[context]!
    this.lastPage = -1
  }
  /** Memory changed as a whole. */
  forgetCode(): void {
    this.pages.clear()
    this.stopsChanged()
  }
  stopsChanged(): void {
    this.armedPages = []
    this.translationChanged()
  }
  execute(word: number): void {
    const decoded = this.decoded(word)
    decoded.body(decoded)
  }

  /** Runs until the slice of the core is used up. Returns a sentence where the guest can go no further. */
  runSlice(): string | undefined {
    const { vcpu } = this
    const R = vcpu.state
    while (R[STATE.LEFT] !== 0) {
      try {
        vcpu.executing = true
        while (R[STATE.LEFT] !== 0) {
          const CIA = R[STATE.NIA]!
          R[STATE.LEFT]!--
          R[STATE.CIA] = CIA
          R[STATE.NIA] = CIA + 4
          const words = CIA >>> 12 === this.lastPage ? this.lastWords : this.enterPage(CIA)
          const decoded = words[(CIA & 0xfff) >> 2] ?? this.decodeAt(CIA, words)
          decoded.body(decoded)
        }
        vcpu.executing = false
      } catch (thrown) {
        vcpu.executing = false
        if (thrown instanceof HostStop) {
          vcpu.undoInstruction()
          vcpu.stopAfter(() => thrown.exit)
        } else if (thrown instanceof GuestInterrupt) {
          const lost = this.fault(thrown)
          if (lost) return lost
        } else throw thrown
      }
    }
    return undefined
  }

  private fault(fault: GuestInterrupt): string | undefined {
    const { vcpu } = this
    const R = vcpu.state
    vcpu.take(fault)
    const FETCH: readonly InterruptName[] = ['Instruction TLB error', 'Instruction storage', 'Program']
    if (R[STATE.NIA] !== R[STATE.CIA] || !FETCH.includes(fault.name)) return undefined
    return `the handler of its ${fault.name} interrupt cannot be executed, so it would be taken for ever`
  }

  private enterPage(CIA: number): (Decoded | undefined)[] {
    const effective = CIA >>> 12
    let page = this.fetchPages.get(effective)
    if (!page) {
      const physical = this.fetchTranslation(CIA)
      page = this.vcpu.debug.armsPage(effective)
        ? this.armedPage(effective, physical)
        : this.pageAt(Math.floor(physical / 4096))
      this.fetchPages.set(effective, page)
    }
    this.lastPage = effective
    this.lastWords = page.words
    return page.words
  }

  /** An IAC stands above the TLB miss of its instruction (E500RM 5.11.1), so it is asked where nothing maps the page, too. */
  private fetchTranslation(CIA: number): number {
    const { storage, debug } = this.vcpu
    const isArmed = debug.armsPage(CIA >>> 12) && debug.arms(CIA)
    if (isArmed && storage.peekTranslation(CIA, 'execute') === undefined) debug.beforeInstruction(CIA)
    return storage.translate(CIA, 'execute')
  }

  private pageAt(physical: number): Page {
    const known = this.pages.get(physical)
    if (known) return known
    const page: Page = { physical, armedFor: undefined, words: Array(1024).fill(undefined), stores: 0 }
    this.pages.set(physical, page)
    // From now on stores to this page have to be seen: no page table may hold it for stores.
    this.vcpu.storage.forgetPages()
    return page
  }
  private armedPage(effective: number, address: number): Page {
    const { physical } = this.pageAt(Math.floor(address / 4096))
    const known = this.armedPages.find((page) => page.armedFor === effective && page.physical === physical)
    if (known) return known
    const page: Page = { physical, armedFor: effective, words: Array(1024).fill(undefined), stores: 0 }
    this.armedPages.push(page)
    return page
  }

  private decodeAt(CIA: number, words: (Decoded | undefined)[]): Decoded {
    const address = this.vcpu.storage.translate(CIA, 'execute')
    const plain = this.memory.isRam(address) ? this.decoded(this.memory.read(address, 4)) : NOTHING
    const decoded = this.isArmed(CIA, words) ? this.stopping(plain) : plain
    words[(CIA & 0xfff) >> 2] = decoded
    return decoded
  }
  private isArmed = (CIA: number, words: (Decoded | undefined)[]) =>
    this.armedPages.length > 0 && this.armedPages.some((page) => page.words === words) && this.vcpu.debug.arms(CIA)

  private stopping(plain: Decoded): Decoded {
    const { vcpu } = this
    return {
      ...NO_OPERANDS,
      body: () => {
        vcpu.debug.beforeInstruction(vcpu.CIA())
        plain.body(plain)
      },
    }
  }

  private decoded(word: number): Decoded {
    const instruction = decode(word)
    if (!instruction) return NOTHING
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = operandNames(instruction).map((name) => getField(word, name))
    const body = this.bodies[instruction.mnemonic]!
    return { body, a, b, c, d, e, mask: mask(getField(word, 'MB'), getField(word, 'ME')) }
  }
}

/** What an illegal word, and code outside of memory, does. */
const NOTHING: Decoded = {
  ...NO_OPERANDS,
  body: () => {
    throw new GuestInterrupt('Program', { ESR: ESR.PIL })
  },
}
