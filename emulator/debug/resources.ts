// The three views of the debug registers (design: guest, host, hardware). The hardware's is computed from the other two and feeds nothing back.
import { EPCR, fieldMasks, MSR } from '../spr/fields.ts'
import { inField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import { MODE } from './compare.ts'
import type { DebugCpu } from './debugCpu.ts'
import { DBCR0, DBCR1, DBCR2, DBCR4, dacEnable } from './debugFields.ts'
import { type HostDebug, type PlacedBreakpoint, SLOTS, type Slot } from './hostDebug.ts'
import { type KvmDebugExit, kvmControl } from './kvm.ts'
import type { DebugOwnership, Hypervisor } from './ownership.ts'

const NAMES = ['DBCR0', 'DBCR1', 'DBCR2', 'DBSR', 'IAC1', 'IAC2', 'DAC1', 'DAC2'] as const
/** Of the e500mc alone. */
const MC_NAMES = ['DBCR4', 'DSRR0', 'DSRR1', 'MSRP', 'EPCR'] as const
export type RegisterValues = Readonly<Record<(typeof NAMES)[number] | 'MSR', number>> &
  Readonly<Partial<Record<(typeof MC_NAMES)[number], number>>>
const { DEP } = fieldMasks(SPR.MSRP, 'DEP')

/** What a slot consists of. A pair's mode is both's. */
const PARTS = {
  IAC1: { DBCR0: DBCR0.IAC1, DBCR1: DBCR1.IAC1US | DBCR1.IAC1ER | DBCR1.IAC12M, IAC1: -1 },
  IAC2: { DBCR0: DBCR0.IAC2, DBCR1: DBCR1.IAC2US | DBCR1.IAC2ER | DBCR1.IAC12M, IAC2: -1 },
  DAC1: { DBCR0: DBCR0.DAC1, DBCR2: DBCR2.DAC1US | DBCR2.DAC1ER | DBCR2.DAC12M, DBCR4: DBCR4.DAC1XM, DAC1: -1 },
  DAC2: { DBCR0: DBCR0.DAC2, DBCR2: DBCR2.DAC2US | DBCR2.DAC2ER | DBCR2.DAC12M, DBCR4: DBCR4.DAC2XM, DAC2: -1 },
} as const satisfies Record<Slot, Readonly<Record<string, number>>>
const NOTHING = { DBCR0: 0, DBCR1: 0, DBCR2: 0, IAC1: 0, IAC2: 0, DAC1: 0, DAC2: 0, DBCR4: 0 }
type HostRegisters = typeof NOTHING

export interface DebugResources {
  readonly ownership: DebugOwnership
  readonly hypervisor: Hypervisor
  readonly guest: RegisterValues
  readonly host: {
    readonly request: {
      /** As kvm_guest_debug.control. */
      readonly control: number
      readonly enable: boolean
      readonly singleStep: boolean
      readonly swBreakpoints: readonly { readonly id: number; readonly address: number }[]
      readonly hwBreakpoints: readonly {
        readonly id: number
        readonly address: number
        readonly type: 'breakpoint' | 'load' | 'store' | 'both'
      }[]
    }
    /** The core's last stop. */
    readonly exit: KvmDebugExit | undefined
    readonly registers: Readonly<Partial<HostRegisters>>
  }
  readonly hardware: RegisterValues
  readonly slots: Readonly<
    Record<Slot, { readonly owner: 'guest' | 'host' | null; readonly breakpointId?: number; readonly address?: number }>
  >
  readonly overlays: readonly { readonly id: number; readonly address: number; readonly length: number }[]
}

type Model = DebugCpu['model']
interface Core {
  readonly index: number
  readonly model: Model
  readonly sprs: Int32Array
  readonly MSR: number
  readonly debug: {
    guestSlots(): ReadonlySet<Slot>
    readonly registers: { shown(number: number): number; shownMsr(value: number): number }
  }
}

export function debugResources(core: Core, host: HostDebug): DebugResources {
  const placed = host.breakpoints()
  const request = requestOf(placed, host.isStepping(core.index))
  const runsAsUser = request.enable && host.rules().hypervisor === 'kvm' && !core.model.categories.has('E.HV')
  const wished = hostRegisters(host, request, runsAsUser)
  const overlays = placed.filter(({ breakpoint }) => breakpoint.placement === 'auto')
  const takesPart = request.singleStep || request.swBreakpoints.length + request.hwBreakpoints.length > 0
  return {
    ownership: host.ownership(),
    hypervisor: host.rules().hypervisor,
    guest: guestView(core),
    host: { request, exit: host.lastExit(core.index), registers: ofModel(core.model, wished) },
    hardware: hardwareView(core, host, wished, takesPart),
    slots: slotOwners(core, host),
    overlays: overlays.map(({ id, breakpoint }) => ({
      id,
      address: breakpoint.address,
      length: breakpoint.kind === 'data' ? breakpoint.length : 4,
    })),
  }
}

type Request = DebugResources['host']['request']

function requestOf(placed: readonly PlacedBreakpoint[], singleStep: boolean): Request {
  const inSlots = placed.filter(({ slots }) => slots.length > 0)
  const traps = placed.filter(({ breakpoint }) => breakpoint.placement === 'trap')
  const wishes = {
    enable: placed.length > 0 || singleStep,
    singleStep,
    swBreakpoints: traps.map(({ id, breakpoint }) => ({ id, address: breakpoint.address })),
    hwBreakpoints: inSlots.map(({ id, breakpoint }) => ({
      id,
      address: breakpoint.address,
      type: breakpoint.kind === 'data' ? breakpoint.access : ('breakpoint' as const),
    })),
  }
  return { control: kvmControl(wishes), ...wishes }
}

/** As mfspr and mfmsr answer it. */
function guestView({ debug, model, MSR: msr }: Core): RegisterValues {
  return { ...valuesOf(model, (number) => debug.registers.shown(number)), MSR: debug.registers.shownMsr(msr) }
}
function valuesOf({ categories }: Model, read: (number: number) => number): Omit<RegisterValues, 'MSR'> {
  const names = categories.has('E.ED') ? [...NAMES, ...MC_NAMES] : NAMES
  return Object.fromEntries(names.map((name) => [name, read(SPR[name])])) as Record<(typeof NAMES)[number], number>
}

/** What KVM_SET_GUEST_DEBUG would load for the host's slots, traps and steps. */
function hostRegisters(host: HostDebug, { singleStep, swBreakpoints }: Request, runsAsUser: boolean): HostRegisters {
  const registers = { ...NOTHING, ...(runsAsUser && USERS_ONLY) }
  if (singleStep) registers.DBCR0 |= DBCR0.IDM | DBCR0.ICMP
  if (swBreakpoints.length > 0) registers.DBCR0 |= DBCR0.IDM | DBCR0.TRAP
  for (const slot of SLOTS) {
    const placed = host.holder(slot)
    if (!placed) continue
    const { breakpoint, slots, XM } = placed
    registers.DBCR0 |= DBCR0.IDM
    registers[slot] = breakpoint.address | 0
    if (slot === 'IAC1' || slot === 'IAC2' || breakpoint.kind !== 'data') {
      registers.DBCR0 |= DBCR0[slot]
      continue
    }
    registers.DBCR0 |= dacEnable(slot, breakpoint.access)
    registers.DBCR4 |= inField(XM, DBCR4[`${slot}XM`])
    if (slots.length < 2) continue
    registers.DBCR2 |= inField(MODE.inclusive, DBCR2.DAC12M)
    if (slot === slots[1]) registers[slot] = (breakpoint.address + breakpoint.length) | 0
  }
  return registers
}
/** KVM without category E.HV runs all of a guest in user mode, and keeps events out of itself by that (3.3). */
const USERS_ONLY = {
  DBCR1: DBCR1.IAC1US | DBCR1.IAC2US,
  DBCR2: DBCR2.DAC1US | DBCR2.DAC2US,
}

/** What silicon would hold: in `host` the host's alone; else of each slot its holder's. */
function hardwareView(core: Core, host: HostDebug, wished: HostRegisters, hostIsActive: boolean): RegisterValues {
  const guest = { ...valuesOf(core.model, (number) => core.sprs[number]!), MSR: core.MSR }
  const isForced = hostIsActive || !host.guestHasDebug()
  return {
    ...guest,
    ...ofModel(core.model, host.guestHasDebug() ? sharedBy(guest, wished, host) : wished),
    MSR: isForced ? guest.MSR | MSR.DE : guest.MSR,
    ...hypervisorsOwn(core.model, guest, host, isForced),
  }
}
function ofModel({ categories }: Model, { DBCR4, ...common }: HostRegisters) {
  return categories.has('E.ED') ? { ...common, DBCR4 } : common
}
function sharedBy(guest: RegisterValues, wished: HostRegisters, host: HostDebug): HostRegisters {
  const hosts = { ...NOTHING }
  for (const slot of SLOTS.filter(host.holder))
    for (const [name, bits] of Object.entries(PARTS[slot]) as [keyof HostRegisters, number][]) hosts[name] |= bits
  const merged = { ...NOTHING }
  for (const name of Object.keys(merged) as (keyof HostRegisters)[])
    merged[name] = ((guest[name] ?? 0) & ~hosts[name]) | (wished[name] & hosts[name])
  // IDM, ICMP and TRAP are nobody's alone.
  merged.DBCR0 |= wished.DBCR0
  return merged
}

/** Both hypervisors keep DE from the guest with MSRP[DEP] while the host debugs, and debug events out of themselves with EPCR[DUVD] (3.3, 3.5). */
function hypervisorsOwn({ categories }: Model, guest: RegisterValues, host: HostDebug, isForced: boolean) {
  if (!categories.has('E.HV') || host.rules().hypervisor === 'none') return {}
  return { MSRP: guest.MSRP! | (isForced ? DEP : 0), EPCR: guest.EPCR! | EPCR.DUVD }
}

function slotOwners(core: Core, host: HostDebug): DebugResources['slots'] {
  const guest = core.debug.guestSlots()
  const owner = (slot: Slot) => {
    const placed = host.holder(slot)
    if (placed) return { owner: 'host' as const, breakpointId: placed.id, address: placed.breakpoint.address }
    if (guest.has(slot)) return { owner: 'guest' as const, address: core.sprs[SPR[slot]]! }
    return { owner: null }
  }
  return { IAC1: owner('IAC1'), IAC2: owner('IAC2'), DAC1: owner('DAC1'), DAC2: owner('DAC2') }
}
