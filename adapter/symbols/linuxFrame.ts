// Where Linux interrupted itself: its interrupt entry leaves a marked frame on the stack with all registers. arch/powerpc/include/asm/ptrace.h.
import type { ReadWord } from './prologueScan.ts'

/** In the third word of the frame: "regs", since 6.2 and in the later ones of 6.1 "REGS". */
const MARKERS: readonly (number | undefined)[] = [0x72656773, 0x52454753]
const MARKER_AT = 8
/** struct pt_regs behind the frame's own four words: 32 GPRs, nip, msr, orig_gpr3, ctr, link, xer, ccr. */
const REGISTERS_AT = 16
const [NIP, CTR, LINK, CCR] = [32, 35, 36, 38]
const WORDS = new Map([
  [64, CCR],
  [65, LINK],
  [66, CTR],
])

/** Undefined: no such frame. Code with call frame information is never the interrupt entry, so it is not asked. */
export function interruptedFrame(sp: number | undefined, read: ReadWord) {
  if (sp === undefined || !MARKERS.includes(read(sp + MARKER_AT))) return undefined
  const word = (n: number) => read(sp + REGISTERS_AT + 4 * n)
  const pc = word(NIP)
  if (pc === undefined) return undefined
  const register = (number: number) => {
    const n = number < 32 ? number : WORDS.get(number)
    return n === undefined ? undefined : word(n)
  }
  return { pc, register }
}
