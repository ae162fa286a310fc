// What a write to MSR and to the special purpose registers changes, and what a read shows (reference 1.2 to 1.7, 3.1, 3.3, 3.5).
import { MSR } from '../rig.ts'
import type { Core } from './core.ts'
import { isEmulated, written } from './rules.ts'
import { DEP, EDM, has, type Register, RI, u32 } from './state.ts'

const IMPLEMENTED = MSR.CE | MSR.EE | MSR.PR | MSR.ME | MSR.DE | MSR.IS | MSR.DS
/** 1.4; IAC3 and IAC4 are not there. */
const DBSR_BITS = 0xffcf8060

/** By mtmsr and the returns. Guest state is left by interrupts only. */
export function writeMsr(core: Core, value: number): void {
  const { guest, isE500mc } = core
  const before = guest.MSR
  const there = isE500mc ? IMPLEMENTED | MSR.GS | RI : IMPLEMENTED
  // 3.1: a guest that does not own the facility cannot modify DE; nor in guest state under MSRP[DEP] (T78, T79, T131).
  const isProtected = !core.guestOwns() || (has(before, MSR.GS) && has(guest.spr.MSRP, DEP))
  const kept = MSR.GS & before
  guest.MSR = u32(isProtected ? (value & there & ~MSR.DE) | kept | (before & MSR.DE) : (value & there) | kept)
}

const isDebugRegister = (name: Register) => /^(DBCR|DBSR|IAC|DAC)/.test(name)

/** False: Program interrupt. */
export function writeSpr(core: Core, name: Register, value: number): boolean {
  const { guest, rules } = core
  const { spr } = guest
  const denied = (event: string) => void core.told.push({ event, outcome: 'denied' })
  if (!isEmulated(rules, name)) {
    denied(name)
    return false
  }
  if (isDebugRegister(name) && !core.guestOwns()) {
    denied(name)
    return rules.deniedWrite === 'ignore'
  }
  switch (name) {
    case 'DBSR':
      // T125: what this instruction has recorded itself stays.
      spr.DBSR = u32((spr.DBSR & ~value) | core.own)
      break
    case 'DBSRWR':
      spr.DBSR = u32(value & DBSR_BITS)
      break
    default: {
      const stays = isDebugRegister(name) ? written(rules, core.isE500mc, name, value) : value
      if (stays === undefined) {
        denied(name)
        return false
      }
      spr[name] = u32(stays)
    }
  }
  core.host.giveWay(guest)
  return true
}
/** Undefined: Program interrupt. */
export function readSpr(core: Core, name: Register): number | undefined {
  if (!isEmulated(core.rules, name)) {
    core.told.push({ event: name, outcome: 'denied' })
    return undefined
  }
  const value = core.guest.spr[name]
  if (core.guestOwns()) return value
  if (name === 'DBCR0') return u32(value | EDM)
  // T87.
  return name === 'DBSR' && core.rules.hypervisor === 'kvm' ? 0 : value
}
