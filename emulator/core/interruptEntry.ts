// Taking interrupts: which is next, what is saved, what MSR becomes (E500RM 5.7, 5.11.1; reference 5.2).
import type { Exit } from '../debug/exit.ts'
import { STATE } from '../isa/cpu.ts'
import { SPR } from '../spr/table.ts'
import { EPCR, GuestInterrupt, type InterruptName, interruptRow, MSR } from './interrupts.ts'
import { protectedByMsrp } from './msr.ts'
import { syndromeAt } from './syndrome.ts'
import { TCR_BITS, TSR_BITS } from './timers.ts'
import type { Vcpu } from './vcpu.ts'

const ivor = (n: number) => SPR[`IVOR${n}`]!
const givor = (n: number) => SPR[`GIVOR${n}`]!

/** Category E.HV: the guest takes it itself. */
export function isGuests({ MSR: msr, sprs }: Vcpu, name: InterruptName, toHypervisor = false): boolean {
  const { guest } = interruptRow(name)
  if ((msr & MSR.GS) === 0 || !guest || toHypervisor) return false
  return guest.EPCR === 'always' || (sprs[SPR.EPCR]! & guest.EPCR) !== 0
}

/** A fault saves its own address, sc the next instruction's; between instructions CIA is what comes next. */
export function takeInterrupt(vcpu: Vcpu, interrupt: GuestInterrupt): void {
  const { sprs, state, model } = vcpu
  const { name, isAfter, MCSR, toHypervisor } = interrupt
  const row = interruptRow(name)
  const inGuest = isGuests(vcpu, name, toHypervisor)
  const save = model.interrupts[inGuest ? 'guest' : row.class]
  const msr = vcpu.MSR
  sprs[save.SRR0] = state[isAfter ? STATE.NIA : STATE.CIA]!
  sprs[save.SRR1] = msr
  if (row.setsEsr) sprs[inGuest ? SPR.GESR : SPR.ESR] = interrupt.ESR | syndromeAt(vcpu, name)
  if (interrupt.DEAR !== undefined) sprs[inGuest ? SPR.GDEAR : SPR.DEAR] = interrupt.DEAR
  sprs[SPR.MCSR]! |= MCSR
  const prefix = sprs[inGuest ? SPR.GIVPR : SPR.IVPR]!
  state[STATE.NIA] = prefix | sprs[inGuest ? givor(row.guest!.GIVOR) : ivor(row.IVOR)]!
  vcpu.stopWaiting()
  // One that comes between instructions counts none: its handler is another place all the same.
  vcpu.debug.forgetReported()
  // A guest that takes it itself stays one; what MSRP protects is not cleared either.
  const guests = inGuest ? MSR.GS | protectedByMsrp(vcpu) : 0
  vcpu.setMsr(msr & (save.kept | vcpu.debug.registers.keptBits() | guests))
  const [from, to] = [state[STATE.CIA]!, state[STATE.NIA]!]
  vcpu.taken = { name, from, isAfter }
  vcpu.interruptLog.add({ instructions: vcpu.instructions(), name, from, to })
  vcpu.debug.interruptTaken(inGuest ? 'guest' : row.class)
  report(vcpu, name)
}

function report(vcpu: Vcpu, name: InterruptName): void {
  const { host } = vcpu
  if (!host.catches(name)) return
  const from = vcpu.state[STATE.CIA]!
  const stop = (address: number): Exit => ({ kind: 'interrupt', vcpu: vcpu.index, name, address, from })
  if (host.wants(stop(vcpu.state[STATE.NIA]!))) vcpu.stopAfter(stop)
}

/** Takes the most urgent asynchronous interrupt that MSR allows, before the next instruction, and, unless it is a step, what then is still allowed. */
export function takePending(vcpu: Vcpu, isStep = false): void {
  const name = pendingInterrupt(vcpu)
  if (!name) return
  if (name === 'External input') acknowledge(vcpu)
  if (name === 'Machine check') vcpu.machineCheckTaken()
  const doorbell = vcpu.doorbells.pending(vcpu.MSR)
  if (doorbell !== undefined && vcpu.doorbells.interruptOf(doorbell) === name) vcpu.doorbells.clear(doorbell)
  vcpu.state[STATE.CIA] = vcpu.state[STATE.NIA]!
  takeInterrupt(vcpu, new GuestInterrupt(name))
  // What the class of this one does not mask, IRPT and CIRPT among it, interrupts the handler before its first instruction.
  if (!vcpu.exit && !isStep) takePending(vcpu)
}

/** With the external proxy the core acknowledges as it takes the interrupt. */
function acknowledge(vcpu: Vcpu): void {
  const vector = vcpu.interrupts.proxyAcknowledge(vcpu.index)
  if (vector !== undefined) vcpu.sprs[isGuests(vcpu, 'External input') ? SPR.GEPR : SPR.EPR] = vector
}

/** In the order of E500RM 5.11.1; doorbells of the critical class before what is not critical, the others last. */
export function pendingInterrupt(vcpu: Vcpu): InterruptName | undefined {
  const { MSR: msr } = vcpu
  if (vcpu.hasMachineCheck() && isEnabled(msr, MSR.ME)) return 'Machine check'
  if (vcpu.debug.isUnconditional() && vcpu.debug.pending()) return 'Debug'
  if (vcpu.criticalInput && takesCriticalInput(vcpu)) return 'Critical input'
  if (vcpu.debug.pending()) return 'Debug'
  const type = vcpu.doorbells.pending(msr)
  const doorbell = type === undefined ? undefined : vcpu.doorbells.interruptOf(type)
  if (doorbell && interruptRow(doorbell).class === 'critical') return doorbell
  if (takesExternalInput(vcpu) && vcpu.interrupts.pending(vcpu.index)) return 'External input'
  return pendingTimer(vcpu) ?? doorbell
}

/** Timers, and the performance monitor among them. */
function pendingTimer(vcpu: Vcpu): InterruptName | undefined {
  const { sprs, state, MSR: msr, performanceMonitor } = vcpu
  const isOver = performanceMonitor.interrupts()
  if (sprs[SPR.TSR] === 0 && !isOver) return undefined
  if (vcpu.debug.interruptsAt(state[STATE.NIA]!) && !vcpu.isWaiting()) return undefined
  const status = sprs[SPR.TSR]!
  const control = sprs[SPR.TCR]!
  if (status & TSR_BITS.WIS && control & TCR_BITS.WIE && isEnabled(msr, MSR.CE)) return 'Watchdog'
  if (!isEnabled(msr, MSR.EE)) return undefined
  if (status & TSR_BITS.FIS && control & TCR_BITS.FIE) return 'Fixed-interval timer'
  if (isOver) return 'Performance monitor'
  return status & TSR_BITS.DIS && control & TCR_BITS.DIE ? 'Decrementer' : undefined
}

/** A guest's EE, CE and ME mask nothing that goes to the hypervisor. */
const isEnabled = (msr: number, enable: number) => (msr & (enable | MSR.GS)) !== 0

export const takesCriticalInput = ({ MSR: msr }: Vcpu) => isEnabled(msr, MSR.CE)
/** EPCR[EXTGS]: the guest's own, under its EE, and it waits while the hypervisor runs. */
export function takesExternalInput({ MSR: msr, sprs }: Vcpu): boolean {
  if ((sprs[SPR.EPCR]! & EPCR.EXTGS) === 0) return isEnabled(msr, MSR.EE)
  return (msr & MSR.GS) !== 0 && (msr & MSR.EE) !== 0
}
