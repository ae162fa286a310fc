// Who holds the IACs and DACs, and in a sentence who owns the debug facility.
import type { DebugResources, Ownership, Registers } from '../answers.ts'
import type { Breakpoint } from './breakpoints.ts'
import type { Owner } from './debugRows.ts'
import { registerNamed } from './registers.ts'

export interface SlotRow {
  /** "IAC1"; "none" for a breakpoint that found no slot. */
  readonly name: string
  readonly owner: Owner | null
  readonly address?: string
  /** Leads to its line. */
  readonly breakpoint?: Breakpoint
  readonly text: string
}

export function slotRows({ slots, overlays }: DebugResources, breakpoints: readonly Breakpoint[]): SlotRow[] {
  const rows = Object.entries(slots).map(([name, { owner, address, breakpointId }]): SlotRow => {
    const breakpoint = breakpoints.find(({ id }) => id === breakpointId)
    return {
      name,
      owner,
      ...(address !== undefined && owner ? { address } : {}),
      ...(breakpoint ? { breakpoint } : {}),
      text: owner === 'guest' ? 'the guest’s own' : owner === 'host' ? 'your debugger’s' : 'free',
    }
  })
  const unplaced = breakpoints
    .filter(({ verified, message }) => !verified && message)
    .map((breakpoint): SlotRow => ({ name: 'none', owner: 'host', breakpoint, text: breakpoint.message! }))
  return [...rows, ...unplaced, ...overlayRow(overlays.length)]
}

function overlayRow(count: number): SlotRow[] {
  if (count === 0) return []
  const what = count === 1 ? '1 breakpoint' : `${count} breakpoints`
  return [{ name: 'auto', owner: 'host', text: `${what} laid over the code: no slot used, guest memory unchanged` }]
}

export function slotsInUse({ slots }: DebugResources): string {
  const owners = Object.values(slots).map(({ owner }) => owner)
  const of = (wanted: Owner) => owners.filter((owner) => owner === wanted).length
  return `${of('guest') + of('host')} of ${owners.length} in use: ${of('guest')} guest, ${of('host')} host`
}

const SENTENCES: Readonly<Record<Ownership, string>> = {
  guest: 'The guest alone: your breakpoints are laid over the code, no slot is yours, EDM reads 0.',
  host: 'You alone: the guest reads EDM=1, its own debug registers are kept aside and its writes do nothing.',
  shared: 'Both: your stops come first, and the guest gets its own as if it were alone.',
}

/** What the mode means now, or would mean. */
export function ownershipSentence(ownership: Ownership, resources: DebugResources): string {
  if (ownership !== 'shared' || resources.ownership !== 'shared') return SENTENCES[ownership]
  const held = (owner: Owner, whose: string) => {
    const names = Object.entries(resources.slots).filter(([, slot]) => slot.owner === owner)
    return names.length > 0
      ? `${names.map(([name]) => name).join(', ')} ${names.length > 1 ? 'are' : 'is'} ${whose}`
      : ''
  }
  const holders = [held('guest', 'the guest’s'), held('host', 'yours')].filter((text) => text !== '').join('; ')
  return holders === ''
    ? SENTENCES.shared
    : `Both: ${holders}. Your stops come first, the guest gets its own as if it were alone.`
}

export interface Fact {
  readonly label: string
  readonly value: string
}

/** EDM is no bit that the guest has written: only the core's own DBCR0 shows it. */
export function factsOf({ guest, host, hardware, hypervisor }: DebugResources, registers: Registers): Fact[] {
  const EDM = registerNamed(registers, 'DBCR0')?.fields.find(({ name }) => name === 'EDM')
  const bit = (value: number | undefined) => (value === undefined ? '—' : String(value))
  return [
    { label: 'EDM shown to guest', value: bit(EDM?.value) },
    { label: 'MSR[DE] guest reads', value: bit(guest.MSR?.fields.DE) },
    { label: 'MSR[DE] real', value: bit(hardware.MSR?.fields.DE) },
    { label: 'Hypervisor', value: hypervisor },
    ...(host.exit
      ? [{ label: 'Last KVM_EXIT_DEBUG', value: `${statusText(host.exit.status)}, ${host.exit.address}` }]
      : []),
  ]
}

/** KVMPPC_DEBUG_* of the kernel's interface. */
const STATUSES: Readonly<Record<number, string>> = { 0: 'NONE', 2: 'BREAKPOINT', 4: 'WATCH_WRITE', 8: 'WATCH_READ' }
const statusText = (status: number) => `status ${status} ${STATUSES[status] ?? ''}`.trim()
