// The judges from binutils: what objdump writes for words, which bytes as makes of lines.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'e500-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The text of each word, standing at 0, 4, 8 ... */
export function objdumpText(words: readonly number[], dialect = 'e500'): string[] {
  return inFolder((folder) => {
    const file = join(folder, 'words.bin')
    const bytes = Buffer.alloc(words.length * 4)
    for (const [n, word] of words.entries()) bytes.writeInt32BE(word, 4 * n)
    writeFileSync(file, bytes)
    const options = ['-D', '-z', '-EB', '-b', 'binary', '-m', 'powerpc', '-M', dialect, '--no-show-raw-insn', file]
    return execFileSync('powerpc-linux-gnu-objdump', options, { encoding: 'utf8', maxBuffer: 1 << 28 })
      .split('\n')
      .flatMap((line) => /^\s*[0-9a-f]+:\t(.*)$/.exec(line)?.[1] ?? [])
      .map((text) => text.trim().replace(/\s+/, ' '))
  })
}

/** The word of each line, or undefined where as refuses it. Lines may not depend on where they stand. */
export function gnuAssemble(lines: readonly string[]): (number | undefined)[] {
  return inFolder((folder) => {
    const refused = new Set(run(folder, lines).refused)
    const words = run(
      folder,
      lines.filter((_, n) => !refused.has(n)),
    ).words
    let next = 0
    return lines.map((_, n) => (refused.has(n) ? undefined : words[next++]))
  })
}

function run(folder: string, lines: readonly string[]): { refused: number[]; words: number[] } {
  const source = join(folder, 'lines.s')
  const object = join(folder, 'lines.o')
  const binary = join(folder, 'lines.bin')
  writeFileSync(source, `${lines.join('\n')}\n`)
  const options = ['-me500', '-mspe', '-mregnames', source, '-o', object]
  const { stderr, status } = spawnSync('powerpc-linux-gnu-as', options, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const refused = [...stderr.matchAll(/:(\d+): Error/g)].map(([, line]) => Number(line) - 1)
  if (status !== 0) return { refused, words: [] }
  execFileSync('powerpc-linux-gnu-objcopy', ['-O', 'binary', '-j', '.text', object, binary])
  const bytes = readFileSync(binary)
  return { refused, words: Array.from({ length: bytes.length / 4 }, (_, n) => bytes.readInt32BE(4 * n)) }
}
