// What the cases of the interrupt table share: the MSR before, what the base class saves and keeps, pages, and lines to raise.
import type { Machine } from '../../emulator/machine.ts'
import { MSR } from './bits.ts'
import { type Case, CODE, DATA, handler } from './machine.ts'

const { CE, EE, ME, DE } = MSR
export const ALL = CE | EE | ME | DE
/** Base class keeps CE, ME, DE (E500RM p.277). */
export const BASE = CE | ME | DE
export const PROTECTED = 0x20000000
export const page = (permissions: number, WIMGE = 0) => [{ entry: 5, EPN: PROTECTED, RPN: DATA, permissions, WIMGE }]
export const none = page(0x2a)

export const base = (IVOR: number, more: Case['expected'] = {}): Case['expected'] => ({
  pc: handler(IVOR),
  SRR0: CODE,
  SRR1: ALL,
  MSR: BASE,
  ...more,
})
export const onMc = (it: Case): Case => ({ ...it, cpu: 'e500mc' })

const TSR = 336
export const raise = {
  machineCheck: ({ vcpu }: Machine) => vcpu.reportMachineCheck(0x80000000 | 0, 0x1234),
  critical: ({ vcpu }: Machine) => vcpu.setCriticalInput(true),
  external: ({ vcpu }: Machine) => void Object.assign(vcpu.interrupts, { pending: () => true }),
  timers:
    (status: number) =>
    ({ vcpu }: Machine) => {
      vcpu.sprs[TSR] = status
    },
} as const
export const WIS = 0x40000000
export const DIS = 0x08000000
export const FIS = 0x04000000
/** WIE, DIE, FIE. */
export const TCR = 0x0c800000
