// What makes one core differ from another, as a value. Nobody asks which core it is: they ask the model for the property.
import type { Category } from '../isa/record.ts'
import type { CoreName } from '../spr/record.ts'
import { e500mc } from './e500mc.ts'
import { e500v2 } from './e500v2.ts'
import type { InterruptClass } from './interrupts.ts'

/** Where a class of interrupts saves, and which bits of MSR its handler keeps. */
export interface SaveRegisters {
  /** SPR numbers. */
  readonly SRR0: number
  readonly SRR1: number
  readonly kept: number
}

export interface CoreModel {
  readonly name: CoreName
  readonly categories: ReadonlySet<Category>
  /** The bits of MSR that there are. */
  readonly MSR: number
  readonly cacheLine: 32 | 64
  readonly tlb1Entries: 16 | 64
  /** With HID0[EN_L2MMU_MHD] two entries for one address are a machine check. */
  readonly detectsMultipleHits: boolean
  /** SPR numbers of the PIDs. */
  readonly PIDs: readonly number[]
  readonly interrupts: Readonly<Record<InterruptClass, SaveRegisters>>
  /** In guest state mfspr and mtspr of the key reach the value. */
  readonly guestSprs: ReadonlyMap<number, number>
  /** By SPR number: what it holds after reset, where that is not 0. */
  readonly reset: Readonly<Record<number, number>>
}

export const coreModels: Readonly<Record<CoreName, CoreModel>> = { e500v2, e500mc }
