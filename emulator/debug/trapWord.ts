// A trap word laid into guest memory: hidden from the debugger's reads, from saved states and from hashes by taking it out meanwhile.
import type { Hypervisor } from './ownership.ts'

/** The host's trap word: `tw 31,0,0`; KVM's own is illegal (KVMPPC_INST_SW_BREAKPOINT). */
export const trapWordOf = (hypervisor: Hypervisor) => (hypervisor === 'kvm' ? 0x00dddd00 : 0x7fe00008)

export interface LaidTrap {
  /** The guest's own word below it. */
  word(): number
  /** Puts the guest's word back. */
  remove(): void
  /** Puts the trap word there again. */
  lay(): void
}

interface Words {
  read(address: number, size: 4): number
  write(address: number, size: 4, value: number): void
}

/** address: the physical one. */
export function layTrap(memory: Words, address: number, trap: number): LaidTrap {
  let word = 0
  const lay = () => {
    word = memory.read(address, 4)
    memory.write(address, 4, trap)
  }
  const remove = () => memory.write(address, 4, word)
  lay()
  return { word: () => word, remove, lay }
}
