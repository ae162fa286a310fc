// A trap word laid into guest memory: hidden from the debugger's reads, from saved states and from hashes by taking it out meanwhile.
import type { Memory } from '../core/memory.ts'
import type { LaidTrap } from './hostDebug.ts'

/** `tw 31,0,0`: the host's trap word. */
export const TRAP_WORD = 0x7fe00008

/** changed is called with the physical address after each write. */
export function layTrap(memory: Memory, address: number, changed: (address: number) => void): LaidTrap {
  let word = 0
  const write = (value: number) => {
    memory.write(address, 4, value)
    changed(address)
  }
  const lay = () => {
    word = memory.read(address, 4)
    write(TRAP_WORD)
  }
  const remove = () => {
    if (memory.read(address, 4) === TRAP_WORD) write(word)
  }
  lay()
  return { physical: address, word: () => word, remove, lay }
}
