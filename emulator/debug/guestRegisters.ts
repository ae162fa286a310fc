// What the guest sees of its debug registers and of MSR[DE], and what its writes do, by the rules of the hypervisor under which it finds itself.
// The values stay the guest's own (ownership.ts says which ones are let through).
import { ESR, MSR } from '../spr/fields.ts'
import { SPR, sprByNumber } from '../spr/table.ts'
import type { DebugCpu } from './debugCpu.ts'
import { DBCR0 } from './debugFields.ts'
import type { DebugLog } from './debugLog.ts'
import { type Exit, GUEST_DEBUG_DENIED, GUEST_DEBUG_WRITE } from './exit.ts'
import type { HostDebug } from './hostDebug.ts'
import { allowedControl, isEmulated } from './ownership.ts'

export class GuestRegisters {
  private readonly cpu: DebugCpu
  private readonly host: HostDebug
  private readonly log: DebugLog
  /** The bits of DBSR that the present instruction has recorded. */
  private readonly justRecorded: () => number

  constructor(cpu: DebugCpu, host: HostDebug, log: DebugLog, justRecorded: () => number) {
    this.cpu = cpu
    this.host = host
    this.log = log
    this.justRecorded = justRecorded
  }

  /** DBCR0 shows EDM to a guest that owns nothing; KVM shows it an empty DBSR. */
  shown(number: number): number {
    if (this.cpu.executing) this.requireEmulated(number)
    const value = this.cpu.sprs[number]!
    if (this.host.guestHasDebug()) return value
    if (number === SPR.DBCR0) return value | DBCR0.EDM
    return number === SPR.DBSR && this.host.rules().hypervisor === 'kvm' ? 0 : value
  }
  /** MSR[DE] of a guest that owns nothing: KVM shows 0 on the e500v2, and what it forced on the e500mc (C15). */
  shownMsr(value: number): number {
    if (this.host.guestHasDebug() || this.host.rules().hypervisor !== 'kvm') return value
    return this.cpu.model.categories.has('E.ED') ? value | MSR.DE : value & ~MSR.DE
  }
  /** DE of a guest that owns nothing is not modifiable (3.1): by no write, no return, and no interrupt. */
  keptBits = () => (this.host.guestHasDebug() ? 0 : MSR.DE)
  /** nxp: a guest that owns nothing has no category E.ED. */
  requireOwnReturn(): void {
    if (!this.host.guestHasDebug() && this.host.rules().hypervisor === 'nxp')
      throw this.cpu.interrupt('Program', { ESR: ESR.PIL })
  }

  private requireEmulated(number: number): void {
    if (isEmulated(this.host.rules(), number)) return
    this.noteDenied(sprByNumber.get(number)!.name, 'the hypervisor does not emulate it')
    throw this.cpu.interrupt('Program', { ESR: ESR.PIL })
  }

  /** The value that a write to a debug register stores; undefined: it changes nothing. Throws where the rules answer with an interrupt. */
  written(number: number, value: number): number | undefined {
    const rules = this.host.rules()
    const allowed = this.host.guestHasDebug() ? allowedControl(rules, number, value) : undefined
    if (!this.cpu.executing) return allowed
    this.requireEmulated(number)
    const { name } = sprByNumber.get(number)!
    if (allowed !== undefined) {
      this.note(`writes ${name}`, 'guest', 'its own register', GUEST_DEBUG_WRITE)
      // T125: what this very instruction recorded is not cleared by it.
      return number === SPR.DBSR ? allowed & ~this.justRecorded() : allowed
    }
    const refusesItself = this.host.guestHasDebug()
    this.noteDenied(name, refusesItself ? 'a value that the hypervisor refuses' : 'the host owns the registers')
    if (refusesItself || rules.deniedWrite === 'programInterrupt') throw this.cpu.interrupt('Program', { ESR: ESR.PIL })
    return undefined
  }
  private noteDenied = (name: string, why: string) => this.note(`${name} denied`, 'nobody', why, GUEST_DEBUG_DENIED)
  private note(event: string, to: 'guest' | 'nobody', why: string, name: string): void {
    const { index: vcpu } = this.cpu
    const from = this.cpu.CIA()
    const stop = (address: number): Exit | undefined => {
      const exit = { kind: 'interrupt', vcpu, name, address, from } as const
      return this.host.wants(exit) ? exit : undefined
    }
    if (this.host.catches(name)) this.cpu.stopAfter(stop)
    this.log.add({ instructions: this.cpu.completed(), address: this.cpu.CIA(), event, to, why })
  }
}
