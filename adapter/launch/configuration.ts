// The launch configuration as the session uses it: checked against the schema in package.json, defaults filled in.
// Attributes of VS Code itself pass; any other name is a mistake that is worth a sentence.

import type { CoreName, DebugOwnership, DeniedWrite, Hypervisor } from '../../emulator/index.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { nearest } from '../nearest.ts'
import { UserError } from '../userError.ts'
import type { DriveMode } from './drive.ts'
import { problemIn, type Schema } from './schema.ts'

export type Placement = 'auto' | 'iac' | 'trap'
export type UartView = 'terminal' | 'output' | 'none'

export interface LaunchConfiguration {
  readonly program: string
  readonly cpu: CoreName
  readonly memoryBytes: number
  readonly cpus: number
  readonly firmware: string | undefined
  readonly drives: readonly { readonly file: string; readonly mode: DriveMode }[]
  readonly initrd: string | undefined
  readonly bootArgs: string
  readonly deviceTree: string | undefined
  readonly loadFiles: readonly { readonly file: string; readonly address: number }[]
  readonly symbolFiles: readonly { readonly file: string; readonly offset: number }[]
  readonly sourceFileMap: Readonly<Record<string, string>>
  readonly stopOnEntry: boolean
  readonly runToEntryPoint: string | undefined
  readonly debugOwnership: DebugOwnership
  readonly hypervisor: Hypervisor
  /** Undefined: as the hypervisor does it. */
  readonly deniedWrite: DeniedWrite | undefined
  readonly breakpointPlacement: Placement
  readonly clock: 'paced' | 'virtual'
  readonly uarts: readonly { readonly index: number; readonly view: UartView }[]
  readonly trace: boolean | string
  readonly noDebug: boolean
}

const { launch } = packageJson.contributes.debuggers[0]!.configurationAttributes as unknown as { launch: Schema }
const ATTRIBUTES = Object.keys(launch.properties!)

/** VS Code's own (and dap clients'): not ours to check. */
const EDITORS_OWN = new Set(
  `type request name noDebug preLaunchTask postDebugTask internalConsoleOptions debugServer presentation
   serverReadyAction suppressMultipleSessionWarning linux windows osx order cwd restart`.split(/\s+/),
)

type Given = Readonly<Record<string, unknown>>

export function launchConfiguration(given: Given): LaunchConfiguration {
  for (const name of Object.keys(given)) refuseUnknown(name)
  const problem = problemIn(given, launch)
  if (problem) throw new UserError(problem)
  return completed(given)
}

function completed(given: Given): LaunchConfiguration {
  const value = <T>(name: string) => (given[name] ?? launch.properties![name]!.default) as T
  const optional = (name: string) => value<string>(name) || undefined
  return {
    program: value('program'),
    cpu: value('cpu'),
    memoryBytes: bytesOf(value('memory')),
    cpus: value('cpus'),
    firmware: optional('firmware'),
    drives: value<GivenDrive[]>('drives').map((drive) => ({ file: drive.file, mode: modeOf(drive) })),
    initrd: optional('initrd'),
    bootArgs: value('bootArgs'),
    deviceTree: optional('deviceTree'),
    loadFiles: value<{ file: string; address: string | number }[]>('loadFiles').map(({ file, address }) => ({
      file,
      address: Number(address),
    })),
    symbolFiles: value<SymbolFile[]>('symbolFiles').map(symbolFile),
    sourceFileMap: value('sourceFileMap'),
    stopOnEntry: (given.stopOnEntry ?? given.stopAtEntry ?? false) as boolean,
    runToEntryPoint: optional('runToEntryPoint'),
    debugOwnership: value('debugOwnership'),
    hypervisor: value('hypervisor'),
    deniedWrite: given.deniedWrite as DeniedWrite | undefined,
    breakpointPlacement: value('breakpointPlacement'),
    clock: value('clock'),
    // Other editors know no terminal of ours: without this attribute they get lines of output.
    uarts: (given.uarts as LaunchConfiguration['uarts'] | undefined) ?? [{ index: 0, view: 'output' }],
    trace: value('trace'),
    noDebug: given.noDebug === true,
  }
}

interface GivenDrive {
  readonly file: string
  readonly readOnly?: boolean
  readonly snapshot?: boolean
}

interface SymbolFile {
  readonly file: string
  readonly offset?: string | number
  readonly sections?: Readonly<Record<string, string | number>>
}

function symbolFile({ file, offset = 0, sections }: SymbolFile): LaunchConfiguration['symbolFiles'][number] {
  if (sections)
    throw new UserError(
      `"symbolFiles": "sections" of ${file} cannot be used yet. Give a linked ELF file, with "offset" where it was moved as a whole.`,
    )
  return { file, offset: Number(offset) }
}

function modeOf({ file, readOnly, snapshot }: GivenDrive): DriveMode {
  if (readOnly && snapshot)
    throw new UserError(`"drives": ${file} is both "readOnly" and a "snapshot", which can be written. Choose one.`)
  return readOnly ? 'readonly' : snapshot ? 'snapshot' : 'readwrite'
}

function refuseUnknown(name: string): void {
  if (name.startsWith('__') || EDITORS_OWN.has(name) || ATTRIBUTES.includes(name)) return
  const [meant] = nearest(name, ATTRIBUTES, 1)
  const hint = meant ? `Did you mean "${meant}"?` : `Known are: ${ATTRIBUTES.join(', ')}.`
  throw new UserError(`"${name}" is no attribute of a launch configuration. ${hint}`)
}

const UNITS = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 } as const
const LEAST_MEMORY = 1 << 20
const MOST_MEMORY = 2 ** 31 - 2 ** 26

/** `256M` and the like; the schema has checked the form. name: of what the user wrote, as it stands there. */
export function bytesOf(memory: string, name = '"memory"'): number {
  const unit = UNITS[memory.slice(-1) as keyof typeof UNITS]
  const bytes = unit ? Number(memory.slice(0, -1)) * unit : Number(memory)
  if (bytes < LEAST_MEMORY || bytes > MOST_MEMORY || bytes % 4096 !== 0)
    throw new UserError(`${name} is "${memory}". Write whole pages of 4K, at least "1M" and below "1984M".`)
  return bytes
}
