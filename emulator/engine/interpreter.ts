// Runs decoded words one by one through the printed bodies. Decoded code is kept by physical page; a store drops the word that it hits.
import { mask } from '../bits.ts'
import { ESR, GuestInterrupt } from '../core/interrupts.ts'
import type { Memory } from '../core/memory.ts'
import type { CodeCache, Vcpu } from '../core/vcpu.ts'
import { type Operands, STATE } from '../isa/cpu.ts'
import { decode } from '../isa/decode.ts'
import { getField } from '../isa/form.ts'
import { operandNames } from '../isa/record.ts'
import { type Body, bodies } from './generated/bodies.ts'

interface Decoded extends Operands {
  readonly body: Body
}
type Page = (Decoded | undefined)[]

export class Interpreter implements CodeCache {
  private readonly vcpu: Vcpu
  private readonly memory: Memory
  private readonly bodies: Readonly<Record<string, Body>>
  /** Physical page -> decoded words. */
  private readonly pages = new Map<number, Page>()
  /** Effective page -> decoded words, in the present context; the last one beside it. */
  private fetchPages = new Map<number, Page>()
  private lastPage = -1
  private lastWords: Page = []

  constructor(vcpu: Vcpu, memory: Memory) {
    this.vcpu = vcpu
    this.memory = memory
    this.bodies = bodies(vcpu.state, vcpu)
    vcpu.code = this
  }

  holdsCode = (physicalPage: number) => this.pages.has(physicalPage)
  stored(address: number): void {
    const page = this.pages.get(Math.floor(address / 4096))
    if (page) page[(address & 0xfff) >> 2] = undefined
  }
  translationChanged(): void {
    this.fetchPages.clear()
    this.lastPage = -1
  }

  /** Runs until the slice of the core is used up. */
  runSlice(): void {
    const R = this.vcpu.state
    while (R[STATE.LEFT] !== 0) {
      try {
        while (R[STATE.LEFT] !== 0) {
          const CIA = R[STATE.NIA]!
          R[STATE.LEFT]!--
          R[STATE.CIA] = CIA
          R[STATE.NIA] = CIA + 4
          const words = CIA >>> 12 === this.lastPage ? this.lastWords : this.enterPage(CIA)
          const decoded = words[(CIA & 0xfff) >> 2] ?? this.decodeAt(CIA, words)
          decoded.body(decoded)
        }
      } catch (fault) {
        if (!(fault instanceof GuestInterrupt)) throw fault
        this.vcpu.take(fault)
      }
    }
  }

  private enterPage(CIA: number): Page {
    const effective = CIA >>> 12
    let words = this.fetchPages.get(effective)
    if (!words) {
      words = this.pageAt(Math.floor(this.vcpu.translate(CIA, 'execute') / 4096))
      this.fetchPages.set(effective, words)
    }
    this.lastPage = effective
    this.lastWords = words
    return words
  }

  private pageAt(physicalPage: number): Page {
    const known = this.pages.get(physicalPage)
    if (known) return known
    const words: Page = Array(1024).fill(undefined)
    this.pages.set(physicalPage, words)
    // From now on stores to this page have to be seen: no page table may hold it for stores.
    this.vcpu.translationChanged()
    return words
  }

  private decodeAt(CIA: number, words: Page): Decoded {
    const address = this.vcpu.translate(CIA, 'execute')
    const decoded = this.memory.isRam(address) ? this.decoded(this.memory.read(address, 4)) : NOTHING
    words[(CIA & 0xfff) >> 2] = decoded
    return decoded
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
  body: () => {
    throw new GuestInterrupt('Program', { ESR: ESR.PIL })
  },
  a: 0,
  b: 0,
  c: 0,
  d: 0,
  e: 0,
  mask: 0,
}
