// Loads and stores of FPRs (Book I 4.6.2, 4.6.3): a single is kept as the double of its value.
import { STATE } from '../isa/cpu.ts'
import type { FloatCalls } from '../isa/floatCpu.ts'
import { loadSpace, storeSpace } from './externalPid.ts'
import { doubleToSingle, singleToDoubleHigh, singleToDoubleLow } from './float/words.ts'
import { GuestInterrupt, MSR } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'

const { FPR } = STATE

export function requireFloat(vcpu: Vcpu): void {
  if ((vcpu.MSR & MSR.FP) === 0) throw new GuestInterrupt('Floating-point unavailable')
}

type Names = 'requireFloat' | 'lfs' | 'lfd' | 'stfs' | 'stfd' | 'stfiwx' | 'lfdepx' | 'stfdepx'

export function floatLoadsAndStores(vcpu: Vcpu): Pick<FloatCalls, Names> {
  const { state, storage } = vcpu
  const { accesses } = storage
  const set = (FRT: number, high: number, low: number) => {
    state[FPR + 2 * FRT] = low
    state[FPR + 2 * FRT + 1] = high
  }
  const high = (FRS: number) => state[FPR + 2 * FRS + 1]!
  const low = (FRS: number) => state[FPR + 2 * FRS]!
  return {
    requireFloat: () => requireFloat(vcpu),
    lfs(EA, FRT) {
      const word = storage.load4(EA)
      set(FRT, singleToDoubleHigh(word), singleToDoubleLow(word))
    },
    lfd(EA, FRT) {
      storage.beginWhole(EA, 8, 'load')
      const first = storage.load4(EA)
      set(FRT, first, storage.load4((EA + 4) | 0))
    },
    stfs: (EA, FRS) => storage.store4(EA, doubleToSingle(high(FRS), low(FRS))),
    stfd(EA, FRS) {
      storage.beginWhole(EA, 8, 'store')
      storage.store4(EA, high(FRS))
      storage.store4((EA + 4) | 0, low(FRS))
    },
    stfiwx: (EA, FRS) => storage.store4(EA, low(FRS)),
    lfdepx(EA, FRT) {
      const space = loadSpace(vcpu)
      accesses.beginWhole(space, EA, 8, 'load')
      const first = accesses.load(space, EA, 4)
      set(FRT, first, accesses.load(space, (EA + 4) | 0, 4))
    },
    stfdepx(EA, FRS) {
      const space = storeSpace(vcpu)
      accesses.beginWhole(space, EA, 8, 'store')
      accesses.store(space, EA, 4, high(FRS))
      accesses.store(space, (EA + 4) | 0, 4, low(FRS))
    },
  }
}
