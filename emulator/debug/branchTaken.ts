// Whether a word is a branch that would be taken now: what BRT asks before the branch executes (E500RM 8.4.4).
import { bits } from '../bits.ts'
import { STATE } from '../isa/cpu.ts'

interface Registers {
  readonly state: Int32Array
  getCr(): number
}
const [B, BC, XL] = [18, 16, 19]
const [BCLR, BCCTR] = [16, 528]

export function branchTaken(word: number, registers: Registers): boolean {
  const OPCD = word >>> 26
  const XO = bits(word, 21, 30)
  if (OPCD === B) return true
  if (OPCD !== BC && (OPCD !== XL || (XO !== BCLR && XO !== BCCTR))) return false
  const BO = bits(word, 6, 10)
  const bit = bits(registers.getCr(), bits(word, 11, 15), bits(word, 11, 15))
  const crOk = (BO & 0x10) !== 0 || bit === ((BO >>> 3) & 1)
  // bcctr never counts.
  if (BO & 4 || (OPCD === XL && XO === BCCTR)) return crOk
  const isZero = registers.state[STATE.CTR] === 1
  return crOk && isZero === ((BO & 2) !== 0)
}
