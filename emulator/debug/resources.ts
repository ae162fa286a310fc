// The three views of the debug registers (design: guest, host, hardware). The hardware's is computed from the other two and feeds nothing back.
import type { CoreModel } from '../core/coreModel.ts'
import { EPCR, MSR } from '../core/interrupts.ts'
import { fieldMasks } from '../spr/fields.ts'
import type { HostDebug, Slot } from './hostDebug.ts'
import type { DebugOwnership, Hypervisor } from './ownership.ts'

const NUMBERS = { DBCR0: 308, DBCR1: 309, DBCR2: 310, DBSR: 304, IAC1: 312, IAC2: 313, DAC1: 316, DAC2: 317 } as const
/** Of the e500mc alone. */
const MC_NUMBERS = { DBCR4: 563, DSRR0: 574, DSRR1: 575, MSRP: 311, EPCR: 307 } as const
type DebugRegister = keyof typeof NUMBERS
type McRegister = keyof typeof MC_NUMBERS
export type RegisterValues = Readonly<Record<DebugRegister | 'MSR', number>> &
  Readonly<Partial<Record<McRegister, number>>>
const SLOTS: readonly Slot[] = ['IAC1', 'IAC2', 'DAC1', 'DAC2']
const DBCR0 = fieldMasks(NUMBERS.DBCR0, 'IDM', 'ICMP', 'TRAP', 'IAC1', 'IAC2', 'DAC1', 'DAC2')
const { DEP } = fieldMasks(MC_NUMBERS.MSRP, 'DEP')
/** DBCR2[DAC12M] or DBCR1[IAC12M]: inclusive range. */
const INCLUSIVE = 0x00800000

export interface DebugResources {
  readonly ownership: DebugOwnership
  readonly hypervisor: Hypervisor
  readonly guest: RegisterValues
  readonly host: {
    readonly request: {
      readonly enable: boolean
      readonly singleStep: boolean
      readonly swBreakpoints: readonly { readonly id: number; readonly address: number }[]
      readonly hwBreakpoints: readonly {
        readonly id: number
        readonly address: number
        readonly type: 'breakpoint' | 'load' | 'store' | 'both'
      }[]
    }
    readonly registers: HostRegisters
  }
  readonly hardware: RegisterValues
  readonly slots: Readonly<
    Record<Slot, { readonly owner: 'guest' | 'host' | null; readonly breakpointId?: number; readonly address?: number }>
  >
  readonly overlays: readonly { readonly id: number; readonly address: number; readonly length: number }[]
}

type HostRegisters = Readonly<Record<Exclude<DebugRegister, 'DBSR'>, number>>

interface Core {
  readonly index: number
  readonly model: CoreModel
  readonly sprs: Int32Array
  readonly MSR: number
  readonly debug: {
    guestSlots(): ReadonlySet<Slot>
    readonly registers: { shown(number: number): number; shownMsr(value: number): number }
  }
}

export function debugResources(core: Core, host: HostDebug): DebugResources {
  const guest = guestView(core)
  const singleStep = host.isStepping(core.index)
  const registers = hostRegisters(host, singleStep)
  const placed = host.breakpoints()
  const inSlots = placed.filter(({ slots }) => slots.length > 0)
  const traps = placed.filter(({ breakpoint }) => breakpoint.placement === 'trap')
  const overlays = placed.filter(({ breakpoint }) => breakpoint.placement === 'auto')
  return {
    ownership: host.ownership(),
    hypervisor: host.rules().hypervisor,
    guest,
    host: {
      request: {
        enable: placed.length > 0 || singleStep,
        singleStep,
        swBreakpoints: traps.map(({ id, breakpoint }) => ({ id, address: breakpoint.address })),
        hwBreakpoints: inSlots.map(({ id, breakpoint }) => ({
          id,
          address: breakpoint.address,
          type: breakpoint.kind === 'data' ? breakpoint.access : 'breakpoint',
        })),
      },
      registers,
    },
    hardware: hardwareView(core, host, registers, singleStep || inSlots.length + traps.length > 0),
    slots: slotOwners(core, host),
    overlays: overlays.map(({ id, breakpoint }) => ({
      id,
      address: breakpoint.address,
      length: breakpoint.kind === 'data' ? breakpoint.length : 4,
    })),
  }
}

/** As mfspr and mfmsr answer it. */
function guestView({ debug, model, MSR: msr }: Core): RegisterValues {
  return { ...valuesOf(model, (number) => debug.registers.shown(number)), MSR: debug.registers.shownMsr(msr) }
}
function valuesOf({ categories }: CoreModel, read: (number: number) => number): Omit<RegisterValues, 'MSR'> {
  const numbers = categories.has('E.ED') ? { ...NUMBERS, ...MC_NUMBERS } : NUMBERS
  const values = Object.entries(numbers).map(([name, number]) => [name, read(number)])
  return Object.fromEntries(values) as Record<DebugRegister, number>
}

/** What KVM_SET_GUEST_DEBUG would load for the host's slots, traps and steps. */
function hostRegisters(host: HostDebug, singleStep: boolean): HostRegisters {
  const registers = {
    DBCR0: singleStep ? DBCR0.IDM | DBCR0.ICMP : 0,
    DBCR1: 0,
    DBCR2: 0,
    IAC1: 0,
    IAC2: 0,
    DAC1: 0,
    DAC2: 0,
  }
  for (const slot of SLOTS) {
    const placed = host.holder(slot)
    if (!placed) continue
    const { breakpoint, slots } = placed
    registers.DBCR0 |= DBCR0.IDM | enableBits(slot, breakpoint.kind === 'data' ? breakpoint.access : 'both')
    registers[slot] = (slots.indexOf(slot) === 0 ? breakpoint.address : breakpoint.address + lengthOf(breakpoint)) | 0
    if (slots.length === 2) registers.DBCR2 |= INCLUSIVE
  }
  if (host.breakpoints().some(({ breakpoint }) => breakpoint.placement === 'trap'))
    registers.DBCR0 |= DBCR0.IDM | DBCR0.TRAP
  return registers
}
const lengthOf = (breakpoint: { readonly kind: string; readonly length?: number }) => breakpoint.length ?? 4

/** DBCR0[DACn] has two bits: the left one for loads, the right one for stores. */
function enableBits(slot: Slot, access: 'load' | 'store' | 'both'): number {
  const field = DBCR0[slot]
  if (!slot.startsWith('DAC') || access === 'both') return field
  return access === 'load' ? field & (field << 1) : field & (field >> 1)
}

/** What silicon would hold: in `host` the host's alone; else the union of both sides. */
function hardwareView(core: Core, host: HostDebug, wished: HostRegisters, hostIsActive: boolean): RegisterValues {
  const isShared = host.guestHasDebug()
  const guest = { ...valuesOf(core.model, (number) => core.sprs[number]!), MSR: core.MSR }
  const own = isShared ? guest : { ...guest, DBCR0: 0, DBCR1: 0, DBCR2: 0, IAC1: 0, IAC2: 0, DAC1: 0, DAC2: 0 }
  const isForced = hostIsActive || !isShared
  return {
    ...guest,
    DBCR0: own.DBCR0 | wished.DBCR0,
    DBCR1: own.DBCR1 | wished.DBCR1,
    DBCR2: own.DBCR2 | wished.DBCR2,
    IAC1: wished.DBCR0 & DBCR0.IAC1 ? wished.IAC1 : own.IAC1,
    IAC2: wished.DBCR0 & DBCR0.IAC2 ? wished.IAC2 : own.IAC2,
    DAC1: wished.DBCR0 & DBCR0.DAC1 ? wished.DAC1 : own.DAC1,
    DAC2: wished.DBCR0 & DBCR0.DAC2 ? wished.DAC2 : own.DAC2,
    MSR: isForced ? guest.MSR | MSR.DE : guest.MSR,
    ...hypervisorsOwn(core.model, guest, host, isForced),
  }
}

/** Both hypervisors keep DE from the guest with MSRP[DEP] while the host debugs, and debug events out of themselves with EPCR[DUVD] (3.3, 3.5). */
function hypervisorsOwn({ categories }: CoreModel, guest: RegisterValues, host: HostDebug, isForced: boolean) {
  if (!categories.has('E.HV') || host.rules().hypervisor === 'none') return {}
  return { MSRP: guest.MSRP! | (isForced ? DEP : 0), EPCR: guest.EPCR! | EPCR.DUVD }
}

function slotOwners(core: Core, host: HostDebug): DebugResources['slots'] {
  const guest = core.debug.guestSlots()
  const owner = (slot: Slot) => {
    const placed = host.holder(slot)
    if (placed) return { owner: 'host' as const, breakpointId: placed.id, address: placed.breakpoint.address }
    if (guest.has(slot)) return { owner: 'guest' as const, address: core.sprs[NUMBERS[slot]]! }
    return { owner: null }
  }
  return { IAC1: owner('IAC1'), IAC2: owner('IAC2'), DAC1: owner('DAC1'), DAC2: owner('DAC2') }
}
