// A hypervisor run as code: DEP, DUVD, debug interrupts that come to it from guest state, and their reflection to a guest that owns the facility.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DebugOwnership, type Exit, Machine } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { missingProgram } from '../support/tools.ts'

const folder = join(import.meta.dirname, 'hypervisor')
const elf = join(folder, 'hypervisor.elf')

/** DBSR of the architecture: IAC1 0x00800000, DAC1R 0x00080000, DAC1W 0x00040000, IDE 0x80000000; ESR: PTR 0x02000000, PIL 0x08000000; DBCR0: EDM, IDM, TRAP 0xc1000000. */
const LINES = [
  'hypervisor: enters the guest',
  'guest: MSR 10001000',
  'guest: Program, ESR 02000000',
  'hypervisor: owns the debug facility',
  'guest: cleared MSR[DE], it is 00000200',
  'guest: cleared MSR[DE] by rfi, it is 00000200',
  'hypervisor: IAC1 at counted+0, in the guest',
  'hypervisor: a step to counted+4, in the guest',
  'hypervisor: a step to counted+8, in the guest',
  "hypervisor: a trap of the guest's own, reflected as Program",
  'guest: Program, ESR 02000000',
  'hypervisor: ehpriv 1 of the guest',
  'guest: Program, ESR 08000000',
  'guest: DBCR0 is c1000000',
  'hypervisor: the guest owns the debug facility',
  'guest: debug interrupt, DBSR 00800000',
  'guest:   DSRR0 - counted 00000000',
  'guest: cleared MSR[DE], it is 00000000',
  'guest: no interrupt yet, DBSR 80800000',
  'guest: debug interrupt, DBSR 80800000',
  // Behind the mtmsr at +24 that turned DE on.
  'guest:   DSRR0 - counted 0000001c',
  'guest: steps in counted 00000004',
  'guest: debug interrupt, DBSR 00040000',
  // Before the store at +32.
  'guest:   DSRR0 - counted 00000020',
  'guest:   the word is still 00000000',
  'guest: the word is 00000001',
  'guest: a line that the hypervisor loads',
  'guest:   which is no event, DBSR 00000000',
  'guest: its own load is, DBSR 80080000',
]

function run(debugOwnership: DebugOwnership, prepare: (machine: Machine) => void = () => {}) {
  let console = ''
  const onUart = (_: number, byte: number) => {
    console += String.fromCharCode(byte)
  }
  const machine = new Machine({ memoryBytes: 64 << 20, cpu: 'e500mc', debugOwnership, onUart })
  machine.load(elfImage(readFileSync(elf)))
  prepare(machine)
  const stops: Exit[] = []
  let exit = machine.run(1_000_000)
  for (; exit.kind === 'breakpoint'; exit = machine.run(1_000_000)) stops.push(exit)
  expect(exit).toEqual({ kind: 'powerOff' })
  return { machine, stops, lines: console.trimEnd().split('\n') }
}

/** Addresses of functions, by a second source: `12: 000204e8 16 FUNC GLOBAL DEFAULT 5 counted`. */
const symbol = (name: string) => {
  const table = execFileSync('powerpc-linux-gnu-readelf', ['-sW', elf], { encoding: 'utf8' })
  return Number.parseInt(new RegExp(`: ([0-9a-f]{8}) .* ${name}$`, 'm').exec(table)![1]!, 16)
}

test.skipIf(missingProgram('powerpc-linux-gnu-readelf')).each(['shared', 'guest', 'host'] as const)(
  'ownership %s: our own stops in guest and hypervisor, which DUVD, DEP and DE do not mask',
  (ownership) => {
    const [counted, reflect, debug] = ['counted', 'reflect_debug', 'debug_interrupt'].map(symbol) as [
      number,
      number,
      number,
    ]
    const { lines, stops } = run(ownership, ({ hostDebug }) => {
      const placement = ownership === 'guest' ? 'auto' : 'iac'
      hostDebug.place(1, { kind: 'instruction', placement, address: counted })
      hostDebug.place(2, { kind: 'instruction', placement: 'auto', address: reflect })
      hostDebug.place(3, { kind: 'instruction', placement: 'trap', address: debug })
    })
    const order = stops.flatMap((exit) => (exit.kind === 'breakpoint' ? exit.ids : []))
    // The machine's debugger is below the hypervisor: `host` takes the facility from the hypervisor itself.
    if (ownership === 'host') {
      expect(order).toEqual([1, 1, 1, 1])
      expect(lines).not.toContain('hypervisor: IAC1 at counted+0, in the guest')
      return
    }
    expect(lines).toEqual(LINES)
    // Ours first, then the architecture's event at the same instruction (T107), from which the guest comes to it anew.
    const underTheHypervisor = [1, 3, 1, 3, 3, 3]
    const byItself = [1, 3, 2, 1]
    const late = [1, 3, 2]
    expect(order.slice(0, 13)).toEqual([...underTheHypervisor, ...byItself, ...late])
    // The step of the bl that leads there comes before our stop, then one step for each of the four.
    const steps = [3, 2, 1, 3, 2, 3, 2, 3, 2, 3, 2]
    const store = [3, 2]
    expect(order.slice(13)).toEqual([...steps, ...store])
  },
)

/** MAS8, LPIDR, EPCR, MSRP: the hypervisor comes as far as its first line, and never to the guest. */
test.skipIf(missingProgram('qemu-system-ppc'))(
  'under QEMU -cpu e500mc it cannot run: that core has no guest state',
  async () => {
    const board = ['-M', 'ppce500', '-cpu', 'e500mc', '-m', '256', '-nographic', '-net', 'none', '-no-reboot']
    const qemu = spawn('qemu-system-ppc', [...board, '-d', 'guest_errors', '-kernel', elf], { stdio: 'pipe' })
    let text = ''
    for await (const bytes of qemu.stderr) {
      text += bytes.toString('latin1')
      if (text.includes('invalid spr 311')) break
    }
    qemu.kill()
    const missing = [...text.matchAll(/Trying to write invalid spr (\d+)/g)].map(([, number]) => Number(number))
    expect([...new Set(missing)].slice(0, 4)).toEqual([341, 338, 307, 311])
  },
)

test.skipIf(missingProgram('powerpc-linux-gnu-gcc'))('hypervisor.elf is what its sources make', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'e500-hypervisor-'))
  execFileSync('bash', [join(folder, 'build.sh'), join(temporary, 'hypervisor.elf')])
  expect(readFileSync(join(temporary, 'hypervisor.elf')).equals(readFileSync(elf))).toBe(true)
  rmSync(temporary, { recursive: true })
})
