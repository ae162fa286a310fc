// The options of `e500 run`, after QEMU's names. A mistake is a UserError: the command ends with code 2.
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type CoreName, type DebugOwnership, type Hypervisor, MOST_CORES } from '../../emulator/index.ts'
import { bytesOf } from '../launch/configuration.ts'
import type { DriveMode } from '../launch/drive.ts'
import { either, quoted, UserError } from '../userError.ts'

export interface RunOptions {
  /** With firmware: the kernel that it is to start, as it is. A saved machine needs an image only to start anew. */
  readonly image: string | undefined
  readonly cpu: CoreName | undefined
  readonly cores: number
  readonly memoryBytes: number
  readonly initrd: string | undefined
  readonly append: string
  readonly dtb: string | undefined
  readonly dumpDtb: string | undefined
  readonly bios: string | undefined
  readonly loadAddress: number | undefined
  readonly drives: readonly { readonly file: string; readonly mode: DriveMode }[]
  readonly serial: string
  readonly clock: 'paced' | 'virtual' | undefined
  readonly rtc: number | undefined
  readonly seed: number
  readonly debugOwnership: DebugOwnership
  readonly hypervisor: Hypervisor
  readonly maxInstructions: number
  readonly until: string | undefined
  readonly reboot: boolean
  readonly saveAt: readonly { readonly instructions: number; readonly file: string }[]
  readonly restore: string | undefined
  readonly stats: string | undefined
  readonly hash: boolean
  readonly dumpMemory: readonly { readonly address: number; readonly length: number; readonly file: string }[]
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const RUN_OPTIONS = {
  cpu: text,
  smp: text,
  memory: text,
  initrd: text,
  append: text,
  dtb: text,
  'dump-dtb': text,
  bios: text,
  'load-address': text,
  drive: { type: 'string', multiple: true },
  serial: text,
  clock: text,
  rtc: text,
  seed: text,
  'debug-ownership': text,
  hypervisor: text,
  engine: text,
  'max-instructions': text,
  until: text,
  reboot: flag,
  'save-at': { type: 'string', multiple: true },
  restore: text,
  stats: text,
  hash: flag,
  'dump-memory': { type: 'string', multiple: true },
} as const
const DAP_OPTIONS = { port: text, host: text } as const
const MOST_PORTS = 65536

export function runOptions(argv: readonly string[]): RunOptions {
  const { values, positionals } = parsed(argv, RUN_OPTIONS)
  const [image] = positionals
  const isStartable = image !== undefined || values.bios !== undefined
  if (positionals.length > 1 || (!isStartable && values.restore === undefined))
    throw new UserError(`One image is needed, ${positionals.length} are given. Write: e500 run [options] IMAGE`)
  if (values.reboot && !isStartable)
    throw new UserError('--reboot starts the image anew: give it beside --restore too.')
  choice('engine', values.engine, ['auto', 'interpreter'])
  const memoryBytes = bytesOf(values.memory ?? '256M', '--memory')
  return {
    image,
    cpu: choice('cpu', values.cpu, ['e500v2', 'e500mc']),
    cores: coresOf(values.smp ?? '1'),
    memoryBytes,
    initrd: values.initrd,
    append: values.append ?? '',
    dtb: values.dtb,
    dumpDtb: values['dump-dtb'],
    bios: values.bios,
    loadAddress: values['load-address'] === undefined ? undefined : addressOf(values['load-address'], memoryBytes),
    drives: (values.drive ?? []).map(driveOf),
    serial: values.serial ?? 'stdio',
    clock: choice('clock', values.clock, ['paced', 'virtual']),
    rtc: values.rtc === undefined ? undefined : secondsOf(values.rtc),
    seed: numberOf('seed', values.seed ?? '1'),
    hypervisor: choice('hypervisor', values.hypervisor, ['none', 'kvm', 'nxp']) ?? 'none',
    debugOwnership: choice('debug-ownership', values['debug-ownership'], ['shared', 'host', 'guest']) ?? 'shared',
    maxInstructions: values['max-instructions'] ? numberOf('max-instructions', values['max-instructions']) : Infinity,
    until: values.until,
    reboot: values.reboot ?? false,
    saveAt: (values['save-at'] ?? []).map(saveAt),
    restore: values.restore,
    stats: values.stats,
    hash: values.hash ?? false,
    dumpMemory: (values['dump-memory'] ?? []).map(dumpOf),
  }
}

/** Without a port the adapter speaks on stdin and stdout. */
export function dapOptions(argv: readonly string[]): { readonly port: number | undefined; readonly host: string } {
  const { values, positionals } = parsed(argv, DAP_OPTIONS)
  if (positionals.length > 0)
    throw new UserError(`"e500 dap" takes no "${positionals[0]}": what is debugged is said in the launch request.`)
  const port = values.port === undefined ? undefined : numberOf('port', values.port)
  if (port !== undefined && port >= MOST_PORTS) throw new UserError(`--port is "${values.port}". Write 0 to 65535.`)
  return { port, host: values.host ?? '127.0.0.1' }
}

function parsed<const Options extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new UserError(`${(error as Error).message.split(/\.\s/)[0]}. The options stand in: e500 --help`)
  }
}

function choice<const T extends string>(name: string, value: string | undefined, choices: readonly T[]): T | undefined {
  const chosen = choices.find((one) => one === value)
  if (value !== undefined && chosen === undefined)
    throw new UserError(`--${name} is "${value}". Write ${either(choices.map(quoted))}.`)
  return chosen
}

function numberOf(name: string, value: string): number {
  const number = /^(0[xX][\da-fA-F]+|\d+)$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number)) throw new UserError(`--${name} is "${value}". Write a whole number.`)
  return number
}

function addressOf(value: string, memoryBytes: number): number {
  const address = numberOf('load-address', value)
  if (address >= memoryBytes) throw new UserError(`--load-address is "${value}", behind the end of the guest's memory.`)
  return address
}

function coresOf(value: string): number {
  const cores = numberOf('smp', value)
  if (cores < 1 || cores > MOST_CORES)
    throw new UserError(`--smp is "${value}". The board has 1 to ${MOST_CORES} cores.`)
  return cores
}

function secondsOf(value: string): number {
  const seconds = Date.parse(value) / 1000
  if (Number.isNaN(seconds)) throw new UserError(`--rtc is "${value}". Write a time such as 2026-01-01T00:00:00Z.`)
  return seconds
}

function saveAt(value: string) {
  const [, instructions, file] = /^(\d+),(.+)$/.exec(value) ?? []
  if (!file) throw new UserError(`--save-at is "${value}". Write INSTRUCTIONS,FILE, for example 1000000,state.e500.`)
  return { instructions: Number(instructions), file }
}

function driveOf(value: string) {
  const [, file, mode = 'readwrite'] = /^(.+?)(?:,(readonly|snapshot))?$/.exec(value) ?? []
  if (!file) throw new UserError(`--drive is "${value}". Write FILE, FILE,readonly or FILE,snapshot.`)
  return { file, mode: mode as DriveMode }
}

function dumpOf(value: string) {
  const [, address, length, file] = /^([^,]+),([^,]+),(.+)$/.exec(value) ?? []
  if (!file)
    throw new UserError(`--dump-memory is "${value}". Write ADDRESS,LENGTH,FILE, for example 0x4000000,4096,ram.bin.`)
  return { address: numberOf('dump-memory', address!), length: numberOf('dump-memory', length!), file }
}

export const HELP = `e500 run [options] IMAGE      runs a guest (ELF, uImage or raw) on an emulated e500; its UART is this terminal
e500 dap [--port N] [--host H]  the debug adapter, on stdin and stdout or on a TCP port (loopback unless told otherwise)
e500 --help | --version

  --cpu e500v2|e500mc        the core (default: e500v2)
  --smp N                    how many cores, 1 to ${MOST_CORES}
  --memory 256M              the guest's RAM
  --initrd FILE              initial RAM disk
  --append TEXT              the kernel's command line
  --dtb FILE                 a device tree in place of the board's own
  --dump-dtb FILE            writes the device tree that the guest gets
  --bios FILE                firmware (an ELF file, or a raw image); IMAGE is then the kernel that it may start
  --load-address N           where a raw image stands (firmware: 0x00f00000)
  --drive FILE[,readonly]    a disk (virtio-blk); FILE,snapshot can be written and leaves the file as it is
  --serial stdio|FILE|none   where the guest's UART goes
  --clock paced|virtual      whether the guest's waiting takes time (default: paced on a terminal)
  --rtc ISO-TIME             what the real time clock starts with
  --seed N                   of what the guest takes for random
  --debug-ownership shared|host|guest  who has the core's debug facility
  --hypervisor none|kvm|nxp  whose rules the guest sees there
  --max-instructions N       ends the run there
  --until TEXT               ends the run when the console has printed TEXT
  --reboot                   a reset restarts the guest instead of ending the run
  --save-at N,FILE           saves the machine at that instruction; may be given several times
  --restore FILE             goes on from a saved machine; IMAGE is then needed for --reboot alone
  --stats FILE               instructions, seconds, interrupts by name as JSON
  --hash                     prints the hash of the machine's state at the end
  --dump-memory A,N,FILE     physical memory when the run ends

On a terminal every key is the guest's, Ctrl-C too; Ctrl-A x ends the run.
Exit code: 0 the guest powered off or reset, or the run ended as asked; 1 the guest is lost, or waits
for input that cannot come; 2 a mistake in the command.
`
