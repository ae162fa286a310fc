// Runs decoded words one by one through the printed bodies. Decoded code is kept per physical word and dropped by a store to it.

import { mask } from '../bits.ts'
import type { Bus } from '../board/bus.ts'
import { ESR, GuestInterrupt } from '../core/interrupts.ts'
import type { Vcpu } from '../core/vcpu.ts'
import { type Operands, STATE } from '../isa/cpu.ts'
import { decode } from '../isa/decode.ts'
import { getField } from '../isa/form.ts'
import { operandNames } from '../isa/record.ts'
import { type Body, bodies } from './generated/bodies.ts'

interface Decoded extends Operands {
  readonly body: Body
}

export class Interpreter {
  private readonly vcpu: Vcpu
  private readonly bus: Bus
  private readonly table: Readonly<Record<string, Body>>
  private readonly decodedPages: ((Decoded | undefined)[] | undefined)[] = []
  /** Effective page -> its decoded words. */
  private fetchPages = new Map<number, (Decoded | undefined)[]>()

  constructor(vcpu: Vcpu, bus: Bus) {
    this.vcpu = vcpu
    this.bus = bus
    this.table = bodies(vcpu.state, vcpu)
    vcpu.onStore = (address) => {
      const page = this.decodedPages[Math.floor(address / 4096)]
      if (page) page[(address & 0xfff) >> 2] = undefined
    }
    vcpu.onTranslationChange = () => {
      this.fetchPages = new Map()
    }
  }

  /** Runs up to budget instructions or until stopped() after one; returns how many were begun. */
  run(budget: number, stopped: () => boolean): number {
    const { vcpu } = this
    const R = vcpu.state
    const start = vcpu.instructions
    while (vcpu.instructions - start < budget && !stopped()) {
      const CIA = R[STATE.NIA]!
      R[STATE.CIA] = CIA
      R[STATE.NIA] = CIA + 4
      vcpu.instructions++
      try {
        const decoded = this.fetch(CIA)
        decoded.body(decoded)
      } catch (fault) {
        if (!(fault instanceof GuestInterrupt)) throw fault
        vcpu.take(fault)
      }
    }
    return vcpu.instructions - start
  }

  private fetch(CIA: number): Decoded {
    const page = this.fetchPages.get(CIA >>> 12) ?? this.fetchPage(CIA)
    const index = (CIA & 0xfff) >> 2
    const decoded = page[index]
    if (decoded) return decoded
    const fresh = this.decoded(this.bus.read(this.vcpu.translate(CIA, 'execute'), 4))
    page[index] = fresh
    return fresh
  }

  private fetchPage(CIA: number): (Decoded | undefined)[] {
    const physicalPage = Math.floor(this.vcpu.translate(CIA, 'execute') / 4096)
    this.decodedPages[physicalPage] ??= Array(1024).fill(undefined)
    const page = this.decodedPages[physicalPage]
    this.fetchPages.set(CIA >>> 12, page)
    return page
  }

  private decoded(word: number): Decoded {
    const instruction = decode(word)
    if (!instruction) return { body: illegal, a: 0, b: 0, c: 0, d: 0, e: 0, mask: 0 }
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = operandNames(instruction).map((name) => getField(word, name))
    return {
      body: this.table[instruction.mnemonic]!,
      a,
      b,
      c,
      d,
      e,
      mask: mask(getField(word, 'MB'), getField(word, 'ME')),
    }
  }
}

function illegal(): void {
  throw new GuestInterrupt('Program', ESR.PIL)
}
