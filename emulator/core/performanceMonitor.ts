// The performance monitor's registers as a guest reads and writes them (E500RM chapter 7). Nothing is counted: a counter is over when software says so.
import { place } from '../bits.ts'
import { pmrs } from '../spr/pmr.ts'
import { ESR, GuestInterrupt } from './interrupts.ts'

const bySupervisorNumber = new Map(pmrs.map(({ number }, n) => [number, n]))
const byUserNumber = new Map(pmrs.map(({ userNumber }, n) => [userNumber, n]))
/** PMGC0 as the core resets it: FAC, all counters frozen. */
const RESET = pmrs.map(({ name }) => (name === 'PMGC0' ? 0x80000000 | 0 : 0))

const placeOf = (name: string) => pmrs.findIndex((record) => record.name === name)
const GLOBAL = placeOf('PMGC0')
/** Places of each counter and its control. */
const COUNTERS = [0, 1, 2, 3].map((n) => [placeOf(`PMC${n}`), placeOf(`PMLCa${n}`)] as const)
const mask = (register: string, wanted: string) => {
  const [, from, to] = pmrs[placeOf(register)]!.fields!.find(([name]) => name === wanted)!
  return place(-1, from, to)
}
const CE = mask('PMLCa0', 'CE')
const PMIE = mask('PMGC0', 'PMIE')
const FCECE = mask('PMGC0', 'FCECE')
const FAC = mask('PMGC0', 'FAC')

export class PerformanceMonitor {
  private readonly values = Int32Array.from(RESET)
  private isOver = false

  reset(): void {
    this.values.set(RESET)
    this.judge()
  }
  /** A counter whose overflow may interrupt has its most significant bit set (E500RM 7.3). */
  interrupts = () => this.isOver
  private judge(): void {
    const { values } = this
    const isOver = COUNTERS.some(([counter, control]) => values[counter]! < 0 && values[control]! & CE)
    this.isOver = isOver && (values[GLOBAL]! & PMIE) !== 0
    if (isOver && values[GLOBAL]! & FCECE) values[GLOBAL]! |= FAC
  }
  save = () => Array.from(this.values)
  restore(saved: readonly number[]): void {
    this.values.set(saved)
    this.judge()
  }

  read(PMRN: number, isUser: boolean): number {
    return this.values[indexOf(PMRN, isUser) ?? byUserNumber.get(PMRN) ?? refuse()]!
  }
  write(PMRN: number, value: number, isUser: boolean): void {
    this.values[indexOf(PMRN, isUser) ?? refuse()] = value
    this.judge()
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
