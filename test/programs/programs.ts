// Random C programs: csmith writes one, the host's compiler and the guest's compile it, and both runs must print the same checksum.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Machine } from '../../emulator/index.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { elfImage } from '../support/board.ts'

interface Build {
  readonly core: CoreName
  readonly optimisation: '-O0' | '-O2'
}
export interface Outcome extends Build {
  /** What the guest printed, or how its run ended if it printed nothing. */
  readonly printed: string
}

const BUILDS: readonly Build[] = (['e500v2', 'e500mc'] as const).flatMap((core) =>
  (['-O0', '-O2'] as const).map((optimisation) => ({ core, optimisation })),
)
const FLAGS: Readonly<Record<CoreName, readonly string[]>> = {
  e500v2: ['-mcpu=8548', '-msoft-float'],
  e500mc: ['-mcpu=e500mc', '-DE500MC'],
}
// Unions and packed structs show the byte order, which the host has otherwise.
const CSMITH = ['--no-unions', '--no-packed-struct', '--no-float', '--no-argc']
const HEADERS = '/usr/include/csmith'
// safe_math.h's functions on floats go unused: sections without a caller are left out, and libgcc's hard float with them.
const FREESTANDING =
  '-w -ffreestanding -ffunction-sections -fno-pic -fno-pie -fno-stack-protector -msdata=none -Wa,-mregnames -nostdlib -static'.split(
    ' ',
  )
/** Programs that the host does not finish in this time are left out, as csmith's authors do: some never end. */
const HOST_LIMIT_MS = 1000
const GUEST_LIMIT_INSTRUCTIONS = 2_000_000_000

/** npm's scripts and vitest stand in the project's folder. */
const RUNTIME = 'test/programs'

/** The host's checksum and what each build for a guest printed; undefined: the program does not end in time. */
export function tryProgram(seed: number): { readonly checksum: string; readonly outcomes: Outcome[] } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'e500-program-'))
  try {
    const source = join(folder, 'program.c')
    // It leaves a file platform.info where it runs.
    execFileSync('csmith', ['--seed', String(seed), ...CSMITH, '-o', source], { cwd: folder })
    const checksum = onHost(folder, source)
    if (checksum === undefined) return undefined
    return { checksum, outcomes: BUILDS.map((build) => ({ ...build, printed: onGuest(folder, source, build) })) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function onHost(folder: string, source: string): string | undefined {
  const program = join(folder, 'host')
  execFileSync('i686-linux-gnu-gcc', ['-w', '-O0', '-static', `-I${HEADERS}`, source, '-o', program])
  const { status, stdout } = spawnSync(program, { timeout: HOST_LIMIT_MS, encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

function onGuest(folder: string, source: string, { core, optimisation }: Build): string {
  const program = join(folder, 'guest.elf')
  const files = ['runtime.S', 'runtime.c'].map((name) => join(RUNTIME, name))
  const script = `-Wl,--build-id=none,-z,noexecstack,--no-warn-rwx-segments,--gc-sections,--no-warn-mismatch,-T,${join(RUNTIME, 'link.ld')}`
  const options = [...FLAGS[core], optimisation, ...FREESTANDING, `-I${HEADERS}`, script, '-o', program]
  execFileSync('powerpc-linux-gnu-gcc', [...options, source, ...files, '-lgcc'])
  return consoleOf(readFileSync(program), core)
}

function consoleOf(file: Buffer, cpu: CoreName): string {
  let text = ''
  const machine = new Machine({
    memoryBytes: 32 << 20,
    cpu,
    onUart: (_, byte) => {
      text += String.fromCharCode(byte)
    },
  })
  machine.load(elfImage(file))
  const exit = machine.run(GUEST_LIMIT_INSTRUCTIONS)
  return text.trim() || `(${exit.kind})`
}
