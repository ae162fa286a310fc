// Loads and stores that are no plain data flow: reservations and multiples (Book I 3.3.5, Book II 3.3.2).
import { type Cpu, STATE } from '../isa/cpu.ts'
import { setCrField } from './arithmetic.ts'
import { ESR, GuestInterrupt } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

/** E500RM p.132: these take no operand that is not aligned. */
function requireAligned(EA: number, bytes: number, esr: number): void {
  if (EA & (bytes - 1)) throw new GuestInterrupt('Alignment', { ESR: esr, DEAR: EA })
}

type Loads = 'lwarx' | 'stwcx' | 'lmw' | 'stmw'

export const loadStoreCalls = (vcpu: Vcpu): Pick<Cpu, Loads> => {
  const { state, storage, reservation } = vcpu
  return {
    lwarx(EA, RT) {
      requireAligned(EA, 4, 0)
      const physical = storage.reservable(EA, 'load')
      state[RT] = storage.load4(EA)
      reservation.set(physical)
    },
    stwcx(EA, value) {
      requireAligned(EA, 4, ESR.ST)
      const physical = storage.reservable(EA, 'store')
      const isHeld = reservation.covers(physical)
      // The attempt counts, and an event in its place leaves the reservation (C10).
      if (isHeld) storage.store4(EA, value)
      else vcpu.debug.dataAttempt(EA, 'store')
      reservation.lose()
      setCrField(state, 0, (isHeld ? 2 : 0) | state[STATE.SO]!)
    },
    lmw(EA, RT) {
      requireAligned(EA, 4, 0)
      for (let n = RT; n < 32; n++) state[n] = storage.load4((EA + 4 * (n - RT)) | 0)
    },
    stmw(EA, RS) {
      requireAligned(EA, 4, ESR.ST)
      for (let n = RS; n < 32; n++) storage.store4((EA + 4 * (n - RS)) | 0, state[n]!)
    },
  }
}
