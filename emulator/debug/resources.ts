// The three views of the debug registers (design: guest, host, hardware). The hardware's is computed from the other two and feeds nothing back.
import { MSR } from '../core/interrupts.ts'
import { fieldMasks } from '../spr/fields.ts'
import type { HostDebug, Slot } from './hostDebug.ts'
import type { DebugOwnership } from './ownership.ts'

const NUMBERS = { DBCR0: 308, DBCR1: 309, DBCR2: 310, DBSR: 304, IAC1: 312, IAC2: 313, DAC1: 316, DAC2: 317 } as const
type DebugRegister = keyof typeof NUMBERS
export type RegisterValues = Readonly<Record<DebugRegister | 'MSR', number>>
const SLOTS: readonly Slot[] = ['IAC1', 'IAC2', 'DAC1', 'DAC2']
const DBCR0 = fieldMasks(NUMBERS.DBCR0, 'IDM', 'TRAP', 'IAC1', 'IAC2', 'DAC1', 'DAC2')
/** DBCR2[DAC12M] or DBCR1[IAC12M]: inclusive range. */
const INCLUSIVE = 0x00800000

export interface DebugResources {
  readonly ownership: DebugOwnership
  readonly guest: RegisterValues
  readonly host: {
    readonly request: {
      readonly enable: boolean
      readonly swBreakpoints: readonly { readonly id: number; readonly address: number }[]
      readonly hwBreakpoints: readonly {
        readonly id: number
        readonly address: number
        readonly type: 'breakpoint' | 'load' | 'store' | 'both'
      }[]
    }
    readonly registers: Omit<RegisterValues, 'MSR' | 'DBSR'>
  }
  readonly hardware: RegisterValues
  readonly slots: Readonly<
    Record<Slot, { readonly owner: 'guest' | 'host' | null; readonly breakpointId?: number; readonly address?: number }>
  >
  readonly overlays: readonly { readonly id: number; readonly address: number; readonly length: number }[]
}

interface Core {
  readonly sprs: Int32Array
  readonly MSR: number
  readonly debug: { guestSlots(): ReadonlySet<Slot> }
}

export function debugResources(core: Core, host: HostDebug): DebugResources {
  const guest = guestView(core)
  const registers = hostRegisters(host)
  const placed = host.breakpoints()
  const inSlots = placed.filter(({ slots }) => slots.length > 0)
  const traps = placed.filter(({ breakpoint }) => breakpoint.placement === 'trap')
  const overlays = placed.filter(({ breakpoint }) => breakpoint.placement === 'auto')
  return {
    ownership: host.ownership(),
    guest,
    host: {
      request: {
        enable: placed.length > 0,
        swBreakpoints: traps.map(({ id, breakpoint }) => ({ id, address: breakpoint.address })),
        hwBreakpoints: inSlots.map(({ id, breakpoint }) => ({
          id,
          address: breakpoint.address,
          type: breakpoint.kind === 'data' ? breakpoint.access : 'breakpoint',
        })),
      },
      registers,
    },
    hardware: merged(guest, registers, inSlots.length + traps.length > 0),
    slots: slotOwners(core, host),
    overlays: overlays.map(({ id, breakpoint }) => ({
      id,
      address: breakpoint.address,
      length: breakpoint.kind === 'data' ? breakpoint.length : 4,
    })),
  }
}

function guestView({ sprs, MSR: msr }: Core): RegisterValues {
  const values = Object.entries(NUMBERS).map(([name, number]) => [name, sprs[number]!])
  return { ...(Object.fromEntries(values) as Record<DebugRegister, number>), MSR: msr }
}

/** What KVM_SET_GUEST_DEBUG would load for the host's slots and traps. */
function hostRegisters(host: HostDebug): Omit<RegisterValues, 'MSR' | 'DBSR'> {
  const registers = { DBCR0: 0, DBCR1: 0, DBCR2: 0, IAC1: 0, IAC2: 0, DAC1: 0, DAC2: 0 }
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

function merged(
  guest: RegisterValues,
  host: Omit<RegisterValues, 'MSR' | 'DBSR'>,
  hostIsActive: boolean,
): RegisterValues {
  return {
    DBCR0: guest.DBCR0 | host.DBCR0,
    DBCR1: guest.DBCR1 | host.DBCR1,
    DBCR2: guest.DBCR2 | host.DBCR2,
    DBSR: guest.DBSR,
    IAC1: host.DBCR0 & DBCR0.IAC1 ? host.IAC1 : guest.IAC1,
    IAC2: host.DBCR0 & DBCR0.IAC2 ? host.IAC2 : guest.IAC2,
    DAC1: host.DBCR0 & DBCR0.DAC1 ? host.DAC1 : guest.DAC1,
    DAC2: host.DBCR0 & DBCR0.DAC2 ? host.DAC2 : guest.DAC2,
    MSR: hostIsActive ? guest.MSR | MSR.DE : guest.MSR,
  }
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
