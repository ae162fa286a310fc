// The sample kernel: its console under QEMU and here, its debug information's paths, and that the checked-in ELF is what the sources make.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

test.skipIf(missingProgram('qemu-system-ppc', 'qemu-system-ppc'))(
  'under QEMU each command answers what the transcript says (UPDATE=1 records it)',
  { timeout: 60_000 },
  async () => {
    const text = comparable(await qemu(DIALOGUE))
    if (process.env.UPDATE) writeFileSync(transcriptFile, text)
    expect(text).toBe(transcript())
    expect(comparable(await qemu(['reset']))).toMatch(/sample> reset\nReset\.\n$/)
  },
)

test.skipIf(missingProgram('powerpc-linux-gnu-gcc', 'gcc-powerpc-linux-gnu'))(
  'sample.elf is what its sources make, wherever they are built',
  { timeout: 60_000 },
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
