// What the adapter's custom requests answer, as the views read it. The names are public: docs/ describes them for other editors.

export interface RegisterField {
  readonly name: string
  /** Bits of the register, the most significant is 0. */
  readonly from: number
  readonly to: number
  readonly value: number
  readonly title: string
}

export interface Register {
  readonly name: string
  readonly number?: number
  readonly title: string
  /** All digits of it, with 0x. */
  readonly value: string
  readonly privilege: 'user' | 'supervisor' | 'hypervisor'
  readonly writable: boolean
  /** Since the last stop. */
  readonly changed: boolean
  readonly fields: readonly RegisterField[]
  /** What the value is the address of. */
  readonly symbol?: string
}

export interface RegisterGroup {
  readonly name: string
  readonly registers: readonly Register[]
}

/** e500/registers */
export interface Registers {
  readonly groups: readonly RegisterGroup[]
}

export const OWNERSHIPS = ['guest', 'host', 'shared'] as const
export type Ownership = (typeof OWNERSHIPS)[number]

export interface DebugRegister {
  readonly value: string
  readonly fields: Readonly<Record<string, number>>
}
export type DebugRegisters = Readonly<Record<string, DebugRegister>>

export interface Slot {
  readonly owner: 'guest' | 'host' | null
  readonly breakpointId?: number
  readonly address?: string
}

export interface DebugEvent {
  /** Completed before it. */
  readonly instructions: number
  readonly address: string
  readonly symbol?: string
  /** "IAC1", "DAC2W", "TRAP", "mtspr DBCR0". */
  readonly event: string
  readonly to: 'guest' | 'host' | 'nobody'
  readonly why: string
}

/** e500/debugEvents, the oldest first */
export interface DebugEvents {
  readonly events: readonly DebugEvent[]
}

/** e500/debugResources */
export interface DebugResources {
  readonly ownership: Ownership
  readonly hypervisor: string
  readonly guest: DebugRegisters
  readonly host: {
    readonly registers: DebugRegisters
    /** As kvm_debug_exit_arch. */
    readonly exit?: { readonly status: number; readonly address: string }
  }
  readonly hardware: DebugRegisters
  readonly slots: Readonly<Record<string, Slot>>
  readonly overlays: readonly unknown[]
}
