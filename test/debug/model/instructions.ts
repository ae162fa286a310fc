// The second model's instructions: their text, and what they do. `completed` is what ICMP asks for.
import { DBCR0, MSR } from '../rig.ts'
import { IVOR } from './core.ts'
import type { Model } from './model.ts'
import { readSpr, writeMsr, writeSpr } from './registers.ts'
import { has, type Register, u32 } from './state.ts'

/** uncounted: it did not begin. watched: the host's debugger stops before its access. */
export type Outcome = 'completed' | 'interrupted' | 'uncounted' | 'watched'
export interface Instruction {
  readonly text: string
  readonly does: (m: Model) => Outcome
}

const interrupt = (m: Model, number: number, saved?: number): Outcome => {
  m.core.take(number, saved)
  return 'interrupted'
}
const next = ({ core: { guest } }: Model): Outcome => {
  guest.pc += 4
  return 'completed'
}
/** User mode: Program; a guest's supervisor, of what is the hypervisor's: IVOR41 (1.7). */
function refused(m: Model, isHypervisors: boolean): Outcome | undefined {
  if (m.core.msr(MSR.PR)) return interrupt(m, IVOR.program)
  if (isHypervisors && m.core.msr(MSR.GS)) return interrupt(m, IVOR.hypervisorPrivilege)
  return undefined
}

export const add = (register: number, value: number): Instruction => ({
  text: `addi r${register},r${register},${value}`,
  does: (m) => {
    m.core.guest.gpr[register] = u32(m.core.guest.gpr[register]! + value)
    return next(m)
  },
})
export const isync: Instruction = { text: 'isync', does: next }
export const illegal: Instruction = { text: '.long 0', does: (m) => interrupt(m, IVOR.program) }
export const untrapped: Instruction = { text: 'tw 24,r0,r0', does: next }
/** C2, T38 to T44. */
export const trap: Instruction = {
  text: 'tw 31,r0,r0',
  does: (m) => {
    const instead = m.core.enabled(DBCR0.TRAP) && m.core.event(DBCR0.TRAP)
    return interrupt(m, instead ? IVOR.debug : IVOR.program)
  },
}
export const systemCall: Instruction = {
  text: 'sc',
  does: (m) => {
    m.core.take(IVOR.systemCall, m.core.guest.pc + 4)
    return 'completed'
  },
}

// ---- branches: BRT stops before they do anything (T45, T120) ----
const taken = (m: Model, target: number, effect?: () => void): Outcome => {
  if (m.core.branchEvent()) {
    m.core.take(IVOR.debug)
    return 'uncounted'
  }
  if (has(m.core.own, DBCR0.BRT)) m.timersMayStand()
  effect?.()
  m.core.guest.pc = target
  return 'completed'
}
export const branch = (label: string, target: number): Instruction => ({
  text: `b ${label}`,
  does: (m) => taken(m, target),
})
export const call = (label: string, target: number): Instruction => ({
  text: `bl ${label}`,
  does: (m) => {
    const { guest } = m.core
    const LR = u32(guest.pc + 4)
    return taken(m, target, () => {
      guest.LR = LR
    })
  },
})
export const untaken = (label: string): Instruction => ({ text: `bc 12,7,${label}`, does: next })
export const countDown = (label: string, target: number): Instruction => ({
  text: `bdnz ${label}`,
  does: (m) => {
    const { guest } = m.core
    const CTR = u32(guest.CTR - 1)
    const count = () => {
      guest.CTR = CTR
    }
    if (CTR !== 0) return taken(m, target, count)
    count()
    return next(m)
  },
})
export const toCtr: Instruction = { text: 'bctr', does: (m) => taken(m, u32(m.core.guest.CTR & ~3)) }
export const setCtr = (register: number): Instruction => ({
  text: `mtctr r${register}`,
  does: (m) => {
    m.core.guest.CTR = m.core.guest.gpr[register]!
    return next(m)
  },
})

// ---- storage: the TLB error first, then the host's debugger, then the guest's DACs (2.3, C8, C11, C25) ----
function access(m: Model, EA: number, bytes: number, kind: 'load' | 'store', effect: () => void): Outcome {
  const instead = element(m, EA, bytes, kind)
  if (instead) return instead
  effect()
  return next(m)
}
/** Undefined: the access may be done. */
function element(m: Model, EA: number, bytes: number, kind: 'load' | 'store'): Outcome | undefined {
  if (!m.isMapped(EA)) return interrupt(m, IVOR.dataTlb)
  if (m.watchedBefore(EA, bytes, kind)) return 'watched'
  if (m.core.dataEvent(EA, kind)) return interrupt(m, IVOR.debug)
  m.accessed(EA, bytes, kind)
  return undefined
}
export const load = (RT: number, RA: number, D: number, bytes: 1 | 4): Instruction => ({
  text: `${bytes === 4 ? 'lwz' : 'lbz'} r${RT},${D}(r${RA})`,
  does: (m) => {
    const EA = u32(m.core.guest.gpr[RA]! + D)
    return access(m, EA, bytes, 'load', () => {
      m.core.guest.gpr[RT] = m.read(EA, bytes)
    })
  },
})
export const store = (RS: number, RA: number, D: number, bytes: 1 | 4): Instruction => ({
  text: `${bytes === 4 ? 'stw' : 'stb'} r${RS},${D}(r${RA})`,
  does: (m) => {
    const EA = u32(m.core.guest.gpr[RA]! + D)
    return access(m, EA, bytes, 'store', () => m.write(EA, bytes, m.core.guest.gpr[RS]!))
  },
})
export const storeUpdate = (RS: number, RA: number, D: number): Instruction => ({
  text: `stwu r${RS},${D}(r${RA})`,
  does: (m) => {
    const { gpr } = m.core.guest
    const EA = u32(gpr[RA]! + D)
    return access(m, EA, 4, 'store', () => {
      m.write(EA, 4, gpr[RS]!)
      gpr[RA] = EA
    })
  },
})
/** Each element is an access (C8). What it loaded before an interrupt nobody asks (C9). */
export const loadMultiple = (RT: number, RA: number): Instruction => ({
  text: `lmw r${RT},0(r${RA})`,
  does: (m) => {
    const { gpr } = m.core.guest
    const base = gpr[RA]!
    if ((base & 3) !== 0) return interrupt(m, IVOR.alignment)
    for (let n = RT; n < 32; n++) {
      const instead = element(m, base + 4 * (n - RT), 4, 'load')
      if (instead) return instead
      gpr[n] = m.read(base + 4 * (n - RT), 4)
    }
    return next(m)
  },
})
/** The silicon compares the address (440 p.226), what is laid by the debugger each byte of the line. */
export const zeroLine = (RB: number): Instruction => ({
  text: `dcbz r0,r${RB}`,
  does: (m) => {
    const EA = m.core.guest.gpr[RB]!
    const bytes = m.core.isE500mc ? 64 : 32
    const line = u32(EA & -bytes)
    return access(m, EA, 0, 'store', () => {
      for (let n = 0; n < bytes; n += 4) m.write(line + n, 4, 0)
      m.accessed(line, bytes, 'store')
    })
  },
})
/** An access of the silicon's (C11), of no byte; what does nothing makes no event. */
export const cacheOperation = (
  mnemonic: string,
  RB: number,
  kind: 'load' | 'store',
  isTouch: boolean,
): Instruction => ({
  text: `${mnemonic} r0,r${RB}`,
  does: (m) => {
    const EA = m.core.guest.gpr[RB]!
    if (isTouch && !m.isMapped(EA)) return next(m)
    return access(m, EA, 0, kind, () => {})
  },
})
export const loadReserve = (RT: number, RB: number): Instruction => ({
  text: `lwarx r${RT},r0,r${RB}`,
  does: (m) => {
    const { guest } = m.core
    const EA = guest.gpr[RB]!
    return access(m, EA, 4, 'load', () => {
      guest.gpr[RT] = m.read(EA, 4)
      guest.reserved = EA
    })
  },
})
/** C10: for the silicon the attempt counts; without a reservation it stores no byte. */
export const storeConditional = (RS: number, RB: number): Instruction => ({
  text: `stwcx. r${RS},r0,r${RB}`,
  does: (m) => {
    const { guest } = m.core
    const EA = guest.gpr[RB]!
    const stores = guest.reserved !== undefined
    return access(m, EA, stores ? 4 : 0, 'store', () => {
      if (stores) m.write(EA, 4, guest.gpr[RS]!)
      guest.reserved = undefined
    })
  },
})

// ---- registers ----
export const moveToMsr = (register: number): Instruction => ({
  text: `mtmsr r${register}`,
  does: (m) => {
    const denied = refused(m, false)
    if (denied) return denied
    writeMsr(m.core, m.core.guest.gpr[register]!)
    return next(m)
  },
})
export const moveFromMsr = (register: number): Instruction => ({
  text: `mfmsr r${register}`,
  does: (m) => {
    const denied = refused(m, false)
    if (denied) return denied
    const { core } = m
    const shown = core.guestOwns() || core.rules.hypervisor !== 'kvm' ? core.guest.MSR : shownByKvm(core)
    core.guest.gpr[register] = u32(shown)
    return next(m)
  },
})
/** C15, T86. */
const shownByKvm = ({ guest, isE500mc }: Model['core']) => (isE500mc ? guest.MSR | MSR.DE : guest.MSR & ~MSR.DE)

/** SRR0 and SRR1 name the guest's own in guest state (5.2). */
const own = (m: Model, name: Register): Register =>
  m.core.msr(MSR.GS) && (name === 'SRR0' || name === 'SRR1') ? `G${name}` : name
const isHypervisors = (name: Register) => !['SRR0', 'SRR1', 'GSRR0', 'GSRR1'].includes(name)
export const moveToSpr = (name: Register, register: number): Instruction => ({
  text: `mtspr ${name},r${register}`,
  does: (m) => {
    const denied = refused(m, isHypervisors(name))
    if (denied) return denied
    const { core } = m
    return writeSpr(core, own(m, name), core.guest.gpr[register]!) ? next(m) : interrupt(m, IVOR.program)
  },
})
export const moveFromSpr = (register: number, name: Register): Instruction => ({
  text: `mfspr r${register},${name}`,
  does: (m) => {
    const denied = refused(m, isHypervisors(name))
    if (denied) return denied
    const value = readSpr(m.core, own(m, name))
    if (value === undefined) return interrupt(m, IVOR.program)
    m.core.guest.gpr[register] = value
    return next(m)
  },
})

// ---- returns (2.2: RET, CRET; 3.1: DEP; T62 to T67, T79, T98) ----
export const returnFromInterrupt: Instruction = {
  text: 'rfi',
  does: (m) => {
    const denied = refused(m, false)
    if (denied) return denied
    const { core } = m
    // C3: the e500v2 records and goes on, the e500mc is stopped before it.
    if (core.enabled(DBCR0.RET) && core.event(DBCR0.RET) && core.isE500mc) return interrupt(m, IVOR.debug)
    return returnTo(m, core.msr(MSR.GS) ? ['GSRR0', 'GSRR1'] : ['SRR0', 'SRR1'])
  },
}
export const returnFromCritical: Instruction = {
  text: 'rfci',
  does: (m) => {
    const denied = refused(m, true)
    if (denied) return denied
    const { core } = m
    if (core.isE500mc && core.enabled(DBCR0.CRET) && core.event(DBCR0.CRET)) return interrupt(m, IVOR.debug)
    return returnTo(m, ['CSRR0', 'CSRR1'])
  },
}
export const returnFromDebug: Instruction = {
  text: '.long 0x4c00004e',
  does: (m) => {
    if (!m.core.isE500mc) return interrupt(m, IVOR.program)
    const denied = refused(m, true)
    if (denied) return denied
    if (!m.core.guestOwns() && m.core.rules.hypervisor === 'nxp') return interrupt(m, IVOR.program)
    return returnTo(m, ['DSRR0', 'DSRR1'])
  },
}
function returnTo({ core }: Model, [address, image]: readonly [Register, Register]): Outcome {
  const { guest } = core
  guest.pc = u32(guest.spr[address] & ~3)
  writeMsr(core, guest.spr[image])
  return 'completed'
}
