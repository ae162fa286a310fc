// Category E.PC: msgsnd to all cores, msgclr, and which messages a core accepts (reference 5.1, 5.2).
import { bits } from '../bits.ts'
import type { Cpu } from '../isa/cpu.ts'
import { SPR } from '../spr/table.ts'
import { type InterruptName, MSR } from './interrupts.ts'
import { requireHypervisor } from './privilege.ts'
import type { Vcpu } from './vcpu.ts'

interface Doorbell {
  readonly interrupt: InterruptName
  /** MSR bits: what must be set, and whether it is meant for the guest. */
  readonly enable: number
  readonly isGuests: boolean
}
/** By message type. */
const DOORBELLS: readonly Doorbell[] = [
  { interrupt: 'Processor doorbell', enable: MSR.EE, isGuests: false },
  { interrupt: 'Processor doorbell critical', enable: MSR.CE, isGuests: false },
  { interrupt: 'Guest processor doorbell', enable: MSR.EE, isGuests: true },
  { interrupt: 'Guest processor doorbell critical', enable: MSR.CE, isGuests: true },
  // Its machine check form shares the vector.
  { interrupt: 'Guest processor doorbell critical', enable: MSR.ME, isGuests: true },
]

/** Those that are saved as critical interrupts first. */
const URGENCY = [4, 1, 3, 0, 2]

/** The messages that wait for their interrupt, by type. */
export class Doorbells {
  private waiting = 0
  reset(): void {
    this.waiting = 0
  }
  save = () => this.waiting
  restore(saved: number): void {
    this.waiting = saved
  }

  /** msgsnd's and msgclr's RB: type, broadcast, LPID, PIR tag. */
  send(vcpu: Vcpu, message: number): void {
    const type = bits(message, 0, 4)
    if (!DOORBELLS[type] || !accepts(vcpu, message)) return
    this.waiting |= 1 << type
    vcpu.interruptsChanged()
  }
  clear(type: number): void {
    this.waiting &= ~(1 << type)
  }

  /** The type that may interrupt now; a guest's doorbells only while the guest runs, the hypervisor's whatever the guest masks. */
  pending(msr: number): number | undefined {
    if (this.waiting === 0) return undefined
    const inGuest = (msr & MSR.GS) !== 0
    for (const type of URGENCY) {
      if ((this.waiting & (1 << type)) === 0) continue
      const { enable, isGuests } = DOORBELLS[type]!
      const isEnabled = (msr & enable) !== 0
      if (isGuests ? inGuest && isEnabled : inGuest || isEnabled) return type
    }
    return undefined
  }
  interruptOf = (type: number) => DOORBELLS[type]!.interrupt
}

function accepts({ sprs }: Vcpu, message: number): boolean {
  const isGuests = DOORBELLS[bits(message, 0, 4)]!.isGuests
  const LPID = bits(message, 10, 17)
  if (isGuests && LPID !== (sprs[SPR.LPIDR]! & 0xff)) return false
  const isBroadcast = bits(message, 5, 5) === 1
  return isBroadcast || bits(message, 18, 31) === (sprs[isGuests ? SPR.GPIR : SPR.PIR]! & 0x3fff)
}

export const doorbellCalls = (vcpu: Vcpu): Pick<Cpu, 'msgsnd' | 'msgclr'> => ({
  msgsnd(message) {
    requireHypervisor(vcpu)
    for (const core of vcpu.cores()) core.doorbells.send(core, message)
  },
  msgclr(message) {
    requireHypervisor(vcpu)
    vcpu.doorbells.clear(bits(message, 0, 4))
  },
})
