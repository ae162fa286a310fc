// The sample kernel: its console under QEMU and here, its debug information's paths, and that the checked-in ELF is what the sources make.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Exit } from '../../emulator/index.ts'
import { elfImage, machineWithConsole } from '../support/board.ts'
import { missingProgram } from '../support/tools.ts'
import { comparable, DIALOGUE, PROMPT } from './sampleDialogue.ts'

const folder = join(import.meta.dirname, 'sample')
const elf = join(folder, 'sample.elf')
const transcriptFile = join(folder, 'qemu-transcript.txt')
const transcript = () => readFileSync(transcriptFile, 'utf8')

/** Types each line when the prompt has come; resolves with the console's text when QEMU has ended. */
function qemu(lines: readonly string[]): Promise<string> {
  const board = ['-M', 'ppce500', '-cpu', 'e500v2', '-m', '256', '-nographic', '-net', 'none', '-no-reboot']
  const process = spawn('qemu-system-ppc', [...board, '-kernel', elf], { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  let typed = 0
  process.stdout.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1')
    while (typed < lines.length && text.split(PROMPT).length - 1 > typed) process.stdin.write(`${lines[typed++]}\r`)
  })
  return new Promise((resolve, reject) => {
    process.on('error', reject)
    process.on('close', () => resolve(text))
  })
}

/** The same on our machine; slices so small that a prompt is answered soon after it has come. */
function ours(lines: readonly string[]): { text: string; exit: Exit; hash: string } {
  const { machine, console } = machineWithConsole()
  machine.load(elfImage(readFileSync(elf)))
  let typed = 0
  for (let slices = 0; slices < 2_000; slices++) {
    const exit = machine.run(100_000, 4_000_000)
    if (exit.kind !== 'budget') return { text: comparable(console.text), exit, hash: machine.hash() }
    const prompts = console.text.split(PROMPT).length - 1
    while (typed < lines.length && prompts > typed) machine.uartInput(0, Buffer.from(`${lines[typed++]}\r`))
  }
  throw new Error(`The guest did not end. It said: ${console.text}`)
}

/** What QEMU cannot do: its IACs never match. */
const debugAnswer = /^IAC1 is at debug_target\..*$/m

test('here each command answers as under QEMU, and the guest debugs itself', () => {
  const { text, exit } = ours(DIALOGUE)
  expect(exit).toEqual({ kind: 'powerOff' })
  // DBSR[IAC1], taken before the instruction with DE set, so IDE is 0 (E500RM 8.4.1).
  expect(debugAnswer.exec(text)?.[0]).toBe(
    'IAC1 is at debug_target. Debug interrupt: DBSR 00800000, CSRR0 is debug_target.',
  )
  expect(text.replace(debugAnswer, '')).toBe(transcript().replace(debugAnswer, ''))
})

test('a reset is an exit, and two runs are the same run', () => {
  const [first, second] = [ours(['tasks', 'reset']), ours(['tasks', 'reset'])]
  expect(first.exit).toEqual({ kind: 'reset' })
  expect(first.text).toMatch(/sample> reset\nReset\.\n$/)
  expect(second).toEqual(first)
  expect(ours(['ticks', 'reset']).hash).not.toBe(first.hash)
})

test.skipIf(missingProgram('qemu-system-ppc'))(
  'under QEMU each command answers what the transcript says (UPDATE=1 records it)',
  async () => {
    const text = comparable(await qemu(DIALOGUE))
    if (process.env.UPDATE) writeFileSync(transcriptFile, text)
    expect(text).toBe(transcript())
    expect(comparable(await qemu(['reset']))).toMatch(/sample> reset\nReset\.\n$/)
  },
)

test.skipIf(missingProgram('powerpc-linux-gnu-gcc'))(
  'sample.elf is what its sources make, wherever they are built',
  () => {
    const compiler = execFileSync('powerpc-linux-gnu-gcc', ['-dumpfullversion'], { encoding: 'utf8' }).trim()
    const checkedIn = readFileSync(elf)
    // Another compiler makes other bytes: then only that it builds is tested.
    const sameCompiler = checkedIn.includes(`GNU C11 ${compiler} `)
    const output = mkdtempSync(join(tmpdir(), 'sample-'))
    execFileSync('bash', [join(folder, 'build.sh'), join(output, 'sample.elf')])
    const built = readFileSync(join(output, 'sample.elf'))
    rmSync(output, { recursive: true })
    if (sameCompiler) expect(built.equals(checkedIn), 'npm run guest makes other bytes').toBe(true)
  },
)

test('sample.elf names no folder of the machine that built it', () => {
  const text = readFileSync(elf, 'latin1')
  expect([...text.matchAll(/(?<=\0)\/[\w.+-]+\/[\w./+-]+(?=\0)/g)].map(String)).toEqual([])
})
