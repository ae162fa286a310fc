// What a machine is made of.
import type { BlockStore } from './board/disk.ts'
import type { DebugOwnership, DeniedWrite, Hypervisor } from './debug/ownership.ts'
import type { CoreName } from './spr/record.ts'

/** 2026-01-01T00:00:00Z. */
const RTC_START = 1767225600

/** As QEMU's board; package.json tells the editor of it. */
export const MOST_CORES = 8

export interface MachineConfiguration {
  /** Whole megabytes, below 2 GB. */
  readonly memoryBytes: number
  /** Default: e500v2. */
  readonly cpu?: CoreName
  /** 1 to MOST_CORES. Default: 1. */
  readonly cores?: number
  /** Default: shared. */
  readonly debugOwnership?: DebugOwnership
  /** Whose rules the guest's debug registers follow. Default: none, the silicon's. */
  readonly hypervisor?: Hypervisor
  /** Default: what the hypervisor does. */
  readonly deniedWrite?: DeniedWrite | undefined
  /** Of what the guest takes for random: the device tree's rng-seed. */
  readonly seed?: number
  /** What the real time clock shows at a cold start, in seconds since 1970. */
  readonly rtc?: number
  /** Disks, in the order of their PCI slots. Default: none. */
  readonly drives?: readonly BlockStore[]
  /** How many serial ports the board has: 1 or 2. Default: 1. */
  readonly uarts?: number
  /** Each byte that the guest sends through a UART. */
  readonly onUart?: (index: number, byte: number) => void
}

const DEFAULTS = {
  cpu: 'e500v2',
  cores: 1,
  debugOwnership: 'shared',
  hypervisor: 'none',
  seed: 1,
  rtc: RTC_START,
  drives: [],
  uarts: 1,
} as const satisfies Partial<MachineConfiguration>

type WithDefaults = MachineConfiguration & Required<Pick<MachineConfiguration, keyof typeof DEFAULTS>>
export const withDefaults = (configuration: MachineConfiguration): WithDefaults => ({ ...DEFAULTS, ...configuration })
