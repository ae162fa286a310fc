// A machine's state as plain data: the guest's, never the debugger's. And which machine may take it.
import type { Board } from './board/board.ts'
import { BootError } from './board/image.ts'
import type { SpinTable } from './board/spinTable.ts'
import { TICKS_PER_INSTRUCTION } from './core/clock.ts'
import { Hash, hashRam, restoreRam, type SavedRam, saveRam } from './core/memoryBlocks.ts'
import type { Vcpu } from './core/vcpu.ts'
import type { Hardware } from './hardware.ts'
import type { Turns } from './turns.ts'

const STATE_VERSION = 6
const MEGABYTE = 1 << 20

interface Description {
  readonly core: string
  readonly cores: number
  readonly memoryBytes: number
  readonly uarts: number
  /** Sectors of each. */
  readonly drives: readonly number[]
  readonly ticksPerInstruction: number
}

/** What structuredClone and a file can hold. */
export interface MachineState {
  readonly version: number
  readonly machine: Description
  /** Of the drives' stores; null: nobody else can change it. */
  readonly driveVersions: readonly (string | null)[]
  /** Whether what the guest wrote stands in the store too, not in this state alone. */
  readonly driveWrites: readonly boolean[]
  readonly ram: SavedRam
  readonly turns: ReturnType<Turns['save']>
  readonly vcpus: readonly ReturnType<Vcpu['save']>[]
  readonly board: ReturnType<Board['save']>
  readonly spinTable: ReturnType<SpinTable['save']>
}

export function save(hardware: Hardware): MachineState {
  const { hostDebug, memory } = hardware
  const ram = hostDebug.withoutTraps(() => saveRam(memory))
  const drives = { driveVersions: versionsOf(hardware), driveWrites: writesOf(hardware) }
  return { version: STATE_VERSION, machine: descriptionOf(hardware), ...drives, ram, ...saveOwners(hardware) }
}
const writesOf = ({ board }: Hardware) => board.drives.map(({ write }) => write !== undefined)
const versionsOf = ({ board }: Hardware) => board.drives.map((store) => store.version?.() ?? null)

/**
 * Throws a BootError, with nothing changed, for a state of another machine. Returns which drives have changed since: in the same
 * process that was the guest, whose writes are taken back; else its disk is not what it remembers.
 */
export function restore(hardware: Hardware, saved: MachineState): readonly number[] {
  requireOwn(saved, descriptionOf(hardware))
  requireWholeStores(saved, writesOf(hardware))
  const { hostDebug, memory, turns, vcpus, board, spinTable } = hardware
  hostDebug.withoutTraps(() => restoreRam(memory, saved.ram))
  turns.restore(saved.turns)
  for (const [n, vcpu] of vcpus.entries()) vcpu.restore(saved.vcpus[n]!)
  board.restore(saved.board)
  spinTable.restore(saved.spinTable)
  return [...versionsOf(hardware).entries()].flatMap(([n, version]) => (version === saved.driveVersions[n] ? [] : [n]))
}

/** Equal for equal states. */
export function hash(hardware: Hardware): string {
  const { hostDebug, memory } = hardware
  const result = new Hash()
  hostDebug.withoutTraps(() => hashRam(result, memory))
  const json = JSON.stringify(saveOwners(hardware), (_, value: unknown) => {
    if (!(value instanceof Int32Array)) return value
    result.words(value)
    return value.length
  })
  result.text(json)
  return result.digest()
}

const saveOwners = ({ turns, vcpus, board, spinTable }: Hardware) => ({
  turns: turns.save(),
  vcpus: vcpus.map((vcpu) => vcpu.save()),
  board: board.save(),
  spinTable: spinTable.save(),
})

const descriptionOf = ({ model, vcpus, memory, board }: Hardware): Description => ({
  core: model.name,
  cores: vcpus.length,
  memoryBytes: memory.ramBytes,
  uarts: board.uarts.length,
  drives: board.drives.map(({ sectors }) => sectors),
  ticksPerInstruction: TICKS_PER_INSTRUCTION,
})

function requireOwn({ version, machine }: MachineState, own: Description): void {
  if (version !== STATE_VERSION)
    throw new BootError(
      `The saved state is of version ${version}; this emulator reads version ${STATE_VERSION}. Save it anew.`,
    )
  if (textOf(machine) !== textOf(own))
    throw new BootError(`The saved state is of another machine (${textOf(machine)}); this one has ${textOf(own)}.`)
}

/** A store that gets the guest's later writes without its earlier ones would hold what no guest ever wrote: a torn file system. */
function requireWholeStores({ driveWrites }: MachineState, own: readonly boolean[]): void {
  const first = own.findIndex((writes, n) => writes && !driveWrites[n])
  if (first >= 0)
    throw new BootError(
      `Drive ${first + 1} was a snapshot or read-only when the machine was saved: its file lacks what the guest wrote, so it can be no file to write to. Give the drive as it was then, or as FILE,snapshot.`,
    )
}

const textOf = ({ core, cores, memoryBytes, uarts, drives, ticksPerInstruction }: Description) =>
  `${cores} ${core}, ${memoryBytes / MEGABYTE} MB of memory, ${uarts} serial port${uarts === 1 ? '' : 's'}, ${disksOf(drives)}, ${ticksPerInstruction} ticks per instruction`

const disksOf = (drives: readonly number[]) =>
  drives.length === 0 ? 'no disk' : `disks of ${drives.join(' and ')} sectors`
