// What ESR says of the kind of instruction that an access fault, an alignment or a program interrupt came from (E500RM 2.7.1.6; PPC440x5 p.187; reference 5.1).
import { STATE } from '../isa/cpu.ts'
import { decode } from '../isa/decode.ts'
import type { Category } from '../isa/record.ts'
import type { CoreName } from '../spr/record.ts'
import { ESR, type InterruptName } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

const OF_CATEGORY: Readonly<Partial<Record<Category, number>>> = {
  SP: ESR.SPV,
  'SP.FV': ESR.SPV,
  'SP.FS': ESR.SPV,
  'SP.FD': ESR.SPV,
  FP: ESR.FP,
  'E.PD': ESR.EPID,
}
/** Of two categories. */
const FLOATS_BY_PID = new Set(['lfdepx', 'stfdepx'])
const INTERRUPTS: readonly InterruptName[] = [
  'Data storage',
  'Data TLB error',
  'Alignment',
  'SPE unavailable',
  'Embedded floating-point data',
  'Embedded floating-point round',
]

/** Primary opcode and extended opcode: records differ in nothing else as far as their category goes. */
const SELECTOR = 0xfc0007fe | 0
const known: Readonly<Record<CoreName, Map<number, number>>> = { e500v2: new Map(), e500mc: new Map() }

function syndromeOf(word: number, core: CoreName): number {
  const selector = word & SELECTOR
  let syndrome = known[core].get(selector)
  if (syndrome === undefined) {
    const instruction = decode(word, core)
    const { category, mnemonic = '' } = instruction ?? {}
    syndrome = ((category && OF_CATEGORY[category]) ?? 0) | (FLOATS_BY_PID.has(mnemonic) ? ESR.EPID : 0)
    known[core].set(selector, syndrome)
  }
  return syndrome
}

/** For the instruction at CIA. */
export function syndromeAt(vcpu: Vcpu, name: InterruptName): number {
  if (!INTERRUPTS.includes(name)) return 0
  const word = vcpu.peekInstruction(vcpu.state[STATE.CIA]!)
  return word === undefined ? 0 : syndromeOf(word, vcpu.model.name)
}
