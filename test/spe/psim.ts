// A program for psim, the PowerPC simulator in GDB's source, that executes SPE instructions on given registers and writes what they leave.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Words of a case: ACC, RA, RB (each high, low), SPEFSCR, CR. */
export const CASE_WORDS = 8
/** Words of a result: RT, ACC, the doubleword in memory (each high, low), SPEFSCR, CR. */
export const RESULT_WORDS = 8

/** r3 holds ACC and is the target; r4 and r5 are sources; r9 points to a doubleword, which holds r5; r10 is 0. */
const body = (word: number, cases: number) => `
  lis 20,cases@ha
  addi 20,20,cases@l
  lis 22,${cases}@h
  ori 22,22,${cases}@l
  mtctr 22
1:evldd 3,0(20)
  evmra 3,3
  lwz 12,24(20)
  mtspr 512,12
  lwz 12,28(20)
  mtcrf 255,12
  evldd 4,8(20)
  evldd 5,16(20)
  evstdd 5,0(9)
  .long ${word >>> 0}
  mfcr 12
  stw 12,28(21)
  mfspr 12,512
  stw 12,24(21)
  evstdd 3,0(21)
  evxor 12,12,12
  evaddumiaaw 12,12
  evstdd 12,8(21)
  evldd 12,0(9)
  evstdd 12,16(21)
  addi 20,20,32
  addi 21,21,32
  bdnz 1b`

/** System calls of NetBSD, which psim offers: 4 is write, 1 is exit. */
const program = (words: readonly number[], cases: readonly number[], bytes: number) => `
  .globl _start
_start:
  lis 9,scratch@ha
  addi 9,9,scratch@l
  li 10,0
  lis 21,results@ha
  addi 21,21,results@l
${words.map((word) => body(word, cases.length / CASE_WORDS)).join('\n')}
  li 0,4
  li 3,1
  lis 4,results@ha
  addi 4,4,results@l
  lis 5,${bytes}@h
  ori 5,5,${bytes}@l
  sc
  li 0,1
  li 3,0
  sc
  .data
  .balign 8
cases: .long ${cases.map((word) => word >>> 0).join(',')}
  .bss
  .balign 8
scratch: .space 8
results: .space ${bytes}
`

function run(command: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr, error } = spawnSync(command, args, { maxBuffer: 2 ** 30 })
  if (error) throw error
  if (status !== 0) throw new Error(`${command}: ${stderr}`)
  return stdout
}

/** What each instruction word leaves for each case, in order. */
export function askPsim(psim: string, words: readonly number[], cases: readonly number[]): Int32Array {
  const folder = mkdtempSync(join(tmpdir(), 'e500-psim-'))
  const [source, object, executable] = ['a.s', 'a.o', 'a.elf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const bytes = ((words.length * cases.length) / CASE_WORDS) * RESULT_WORDS * 4
  try {
    writeFileSync(source, program(words, cases, bytes))
    run('powerpc-linux-gnu-as', ['-me500', '-mspe', '-o', object, source])
    run('powerpc-linux-gnu-ld', ['-Ttext=0x100000', '-o', executable, object])
    const output = run(psim, ['-e', 'netbsd', executable])
    if (output.length !== bytes) throw new Error(`psim wrote ${output.length} bytes, not ${bytes}.`)
    return Int32Array.from({ length: bytes / 4 }, (_, n) => output.readInt32BE(4 * n))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
