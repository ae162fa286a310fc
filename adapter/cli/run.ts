// `e500 run`: a guest without a debugger. Its UART is the terminal; what the run is to leave behind is written at its end.
import { gunzipSync, gzipSync } from 'node:zlib'
import { hex } from '../../emulator/bits.ts'
import { type Exit, Machine } from '../../emulator/index.ts'
import { guestDrive } from '../launch/drive.ts'
import { firmwareFile, guestFile } from '../launch/guestFile.ts'
import { asUser } from '../launch/loadGuest.ts'
import { nodeHost } from '../nodeHost.ts'
import { UserError } from '../userError.ts'
import { Console, sinkOf } from './console.ts'
import { InstructionCount } from './instructionCount.ts'
import { Keyboard } from './keyboard.ts'
import { checkLeavings, leaveBehind } from './leavings.ts'
import type { RunOptions } from './options.ts'
import { writeOutput } from './outputFile.ts'
import { decodeState, encodeState } from './stateFile.ts'

/** Why the run is over: the guest's own end, or what the command asked for. */
type Ending = Extract<Exit, { kind: 'powerOff' | 'reset' | 'lost' | 'idle' }> | { readonly kind: 'asked' }

const SLICE = 1_000_000
const TICKS_PER_MS = 400_000
const IDLE_TICKS = 10 * TICKS_PER_MS
/** In instructions; Linux and U-Boot print within the first ten million. */
const LONG_SILENCE = 100_000_000

/** Resolves to the exit code. */
export async function run(options: RunOptions): Promise<number> {
  const sink = sinkOf(options.serial)
  const output = new Console(sink, options.until)
  const machine: Machine = newMachine(options, (index, byte) => {
    if (index !== 0) return
    output.byte(byte)
    if (output.hasEnded) machine.leave()
  })
  load(machine, options)
  const count = new InstructionCount(machine)
  checkLeavings(machine, options)
  if (options.dumpDtb !== undefined) writeOutput(options.dumpDtb, machine.deviceTree)
  const started = nodeHost.now()
  const keyboard = options.serial === 'stdio' ? new Keyboard(machine) : undefined
  const ending = await runToEnd({ machine, options, count, output, keyboard })
  keyboard?.close()
  sink.close()
  leaveBehind(machine, options, count, output, (nodeHost.now() - started) / 1000)
  return exitCode(ending)
}

const newMachine = (options: RunOptions, onUart: (index: number, byte: number) => void) =>
  asUser(
    () =>
      new Machine({
        ...(options.cpu && { cpu: options.cpu }),
        cores: options.cores,
        memoryBytes: options.memoryBytes,
        debugOwnership: options.debugOwnership,
        hypervisor: options.hypervisor,
        seed: options.seed,
        drives: options.drives.map(({ file, mode }) => guestDrive(file, mode, nodeHost)),
        ...(options.rtc !== undefined && { rtc: options.rtc }),
        onUart,
      }),
  )

function exitCode(ending: Ending): number {
  if (ending.kind === 'lost') process.stderr.write(`The guest is lost at ${hex(ending.address)}: ${ending.reason}.\n`)
  if (ending.kind === 'idle') process.stderr.write('The guest waits for input, and there is none to come.\n')
  return ending.kind === 'lost' || ending.kind === 'idle' ? 1 : 0
}

function load(machine: Machine, options: RunOptions, isReset = false): void {
  const { restore } = options
  if (restore !== undefined) {
    const state = decodeState(gunzip(nodeHost.readFile(restore), restore), restore)
    refuseChangedDrives(
      asUser(() => machine.restore(state)),
      options,
    )
    return
  }
  const read = (file: string | undefined) => (file === undefined ? undefined : nodeHost.readFile(file))
  const initrd = read(options.initrd)
  const deviceTree = read(options.dtb)
  const { bios, image, loadAddress } = options
  const bootKernel = bios === undefined ? undefined : read(image)
  const started =
    bios === undefined ? guestFile(image!, nodeHost, loadAddress) : firmwareFile(bios, nodeHost, loadAddress)
  asUser(() =>
    machine.load(started, {
      bootArgs: options.append,
      isReset,
      ...(bootKernel && { bootKernel }),
      ...(initrd && { initrd }),
      ...(deviceTree && { deviceTree }),
    }),
  )
}
function refuseChangedDrives(changed: readonly number[], { drives }: RunOptions): void {
  const [first] = changed.map((n) => nodeHost.absolute(drives[n]!.file))
  if (first === undefined) return
  throw new UserError(
    `${first} has been written to since the machine was saved: the guest would not find what it remembers. Restore it beside the file of then (cp -p keeps its time), or save it with --drive FILE,snapshot.`,
  )
}
function gunzip(bytes: Uint8Array, name: string): Uint8Array {
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isCompressed) throw new UserError(`${name} is no saved machine: it is not compressed as --save-at does it.`)
  try {
    return gunzipSync(bytes)
  } catch {
    throw new UserError(
      `${name} is torn: its file is damaged or was not written to its end. Save it anew with --save-at.`,
    )
  }
}

interface Run {
  readonly machine: Machine
  readonly options: RunOptions
  readonly count: InstructionCount
  readonly output: Console
  readonly keyboard: Keyboard | undefined
}

async function runToEnd({ machine, options, count, output, keyboard }: Run): Promise<Ending> {
  const paced =
    (options.clock ?? (process.stdout.isTTY && options.serial === 'stdio' ? 'paced' : 'virtual')) === 'paced'
  const watchSilence = silenceWatch(count, output)
  const saves = [...options.saveAt].sort((a, b) => a.instructions - b.instructions)
  // First nothing: a run may be asked to end where it begins.
  for (let length = 0; ; length = budget(count, options)) {
    const idleBefore = machine.restingTicks()
    const exit = machine.run(length, IDLE_TICKS)
    output.flush()
    if (output.hasEnded) return { kind: 'asked' }
    while (count.now() === saves[0]?.instructions) save(machine, saves.shift()!.file)
    if (count.now() >= options.maxInstructions || keyboard?.hasEnded) return { kind: 'asked' }
    watchSilence()
    if (exit.kind === 'idle' && !keyboard?.isOpen) return exit
    if (exit.kind === 'reset' && options.reboot) {
      count.restarts()
      load(machine, { ...options, restore: undefined }, true)
    } else if (exit.kind === 'powerOff' || exit.kind === 'reset' || exit.kind === 'lost') return exit
    await soon(paced || exit.kind === 'idle' ? idleMs(machine, idleBefore, exit) : 0)
  }
}
const save = (machine: Machine, file: string) => writeOutput(file, gzipSync(encodeState(machine.save()), { level: 1 }))
const idleMs = (machine: Machine, before: number, exit: Exit) =>
  exit.kind === 'idle' ? 10 : (machine.restingTicks() - before) / TICKS_PER_MS

/** Lets input come in; a delay of 0 takes no time. */
const soon = (delayMs: number) => new Promise<void>((resolve) => void nodeHost.later(resolve, delayMs))

/** To the next place where the command wants something, exactly. */
function budget(count: InstructionCount, { maxInstructions, saveAt }: RunOptions): number {
  const stops = [maxInstructions, ...saveAt.map(({ instructions }) => instructions)]
    .map((at) => at - count.now())
    .filter((left) => left > 0)
  return Math.min(SLICE, ...stops)
}

/** Says once that nothing has been printed: most often the kernel is one for another core, or has its console elsewhere. */
function silenceWatch(count: InstructionCount, output: Console): () => void {
  const end = count.now() + LONG_SILENCE
  let isSaid = false
  return () => {
    if (isSaid || output.hasPrinted || count.now() < end) return
    isSaid = true
    process.stderr.write(
      'The guest has printed nothing so far. Is it built for this core (--cpu), and is its console the UART (Linux: --append console=ttyS0)?\n',
    )
  }
}
