// The performance monitor's registers as a guest reads and writes them (E500RM chapter 7). Nothing is counted: no event ever happens.
import { pmrs } from '../spr/pmr.ts'
import { ESR, GuestInterrupt } from './interrupts.ts'

const bySupervisorNumber = new Map(pmrs.map(({ number }, n) => [number, n]))
const byUserNumber = new Map(pmrs.map(({ userNumber }, n) => [userNumber, n]))
/** PMGC0 as the core resets it: FAC, all counters frozen. */
const RESET = pmrs.map(({ name }) => (name === 'PMGC0' ? 0x80000000 | 0 : 0))

export class PerformanceMonitor {
  private readonly values = Int32Array.from(RESET)

  reset(): void {
    this.values.set(RESET)
  }
  save = () => Array.from(this.values)
  restore(saved: readonly number[]): void {
    this.values.set(saved)
  }

  read(PMRN: number, isUser: boolean): number {
    return this.values[indexOf(PMRN, isUser) ?? byUserNumber.get(PMRN) ?? refuse()]!
  }
  write(PMRN: number, value: number, isUser: boolean): void {
    this.values[indexOf(PMRN, isUser) ?? refuse()] = value
  }
}

/** As with SPRs, bit 0x10 of the number means privileged (E500RM 7.2); a number without a register is illegal. */
function indexOf(PMRN: number, isUser: boolean): number | undefined {
  if (PMRN & 0x10 && isUser) throw new GuestInterrupt('Program', { ESR: ESR.PPR })
  return bySupervisorNumber.get(PMRN)
}
function refuse(): never {
  throw new GuestInterrupt('Program', { ESR: ESR.PIL })
}
