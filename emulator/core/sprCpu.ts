// What special purpose registers that are more than a stored value ask of their core (spr/record).
import { STATE } from '../isa/cpu.ts'
import type { SprCpu } from '../spr/record.ts'
import { MSR } from './interrupts.ts'
import type { Vcpu } from './vcpu.ts'
import { readXer, writeXer } from './xerAndCr.ts'

export function sprCpu(vcpu: Vcpu): SprCpu {
  const { state, sprs, timers, mmu, debug } = vcpu
  return {
    sprs,
    getXer: () => readXer(state),
    setXer: (value) => writeXer(state, value),
    getLr: () => state[STATE.LR]!,
    setLr(value) {
      state[STATE.LR] = value
    },
    getCtr: () => state[STATE.CTR]!,
    setCtr(value) {
      state[STATE.CTR] = value
    },
    getSpefscr: () => state[STATE.SPEFSCR]!,
    setSpefscr(value) {
      state[STATE.SPEFSCR] = value
    },
    isGuest: () => (vcpu.MSR & MSR.GS) !== 0,
    ticks: () => timers.now(),
    timeBase: () => timers.timeBase(),
    setTimeBase: (ticks) => timers.setTimeBase(ticks),
    decrementer: () => timers.decrementer(),
    setDecrementer(value) {
      timers.setDecrementer(value)
      vcpu.leaveSlice()
    },
    timerControlChanged: () => vcpu.timerControlChanged(),
    interruptsChanged: () => vcpu.interruptsChanged(),
    translationChanged: () => vcpu.translationChanged(),
    flushTlb: (MMUCSR0) => vcpu.tlbChanged(mmu.flush(MMUCSR0)),
    shownDebug: (number) => debug.registers.shown(number),
    writtenDebug: (number, value) => debug.registers.written(number, value),
    debugRegistersChanged: () => vcpu.debugRegistersChanged(),
    requestReset: () => vcpu.requestReset(),
  }
}
