// What a saved machine says of itself, and which machine may take it.
import { BootError } from './board/image.ts'

const STATE_VERSION = 5
const MEGABYTE = 1 << 20

export interface MachineDescription {
  readonly core: string
  readonly cores: number
  readonly memoryBytes: number
  readonly uarts: number
  /** Sectors of each. */
  readonly drives: readonly number[]
  readonly ticksPerInstruction: number
}
export interface Described {
  readonly version: number
  readonly machine: MachineDescription
}

export const described = (machine: MachineDescription): Described => ({ version: STATE_VERSION, machine })

/** Throws a BootError for a state of another version or another machine. */
export function requireOwn({ version, machine }: Described, own: MachineDescription): void {
  if (version !== STATE_VERSION)
    throw new BootError(
      `The saved state is of version ${version}; this emulator reads version ${STATE_VERSION}. Save it anew.`,
    )
  if (textOf(machine) !== textOf(own))
    throw new BootError(`The saved state is of another machine (${textOf(machine)}); this one has ${textOf(own)}.`)
}

const textOf = ({ core, cores, memoryBytes, uarts, drives, ticksPerInstruction }: MachineDescription) =>
  `${cores} ${core}, ${memoryBytes / MEGABYTE} MB of memory, ${uarts} serial port${uarts === 1 ? '' : 's'}, ${disksOf(drives)}, ${ticksPerInstruction} ticks per instruction`

const disksOf = (drives: readonly number[]) =>
  drives.length === 0 ? 'no disk' : `disks of ${drives.join(' and ')} sectors`
