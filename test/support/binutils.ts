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

export const AS_OPTIONS = { e500v2: ['-me500', '-mspe'], e500mc: ['-me500mc'] } as const
export const DIALECTS = { e500v2: 'e500', e500mc: 'e500mc' } as const

/** The word of each line, or undefined where as refuses it. Lines may not depend on where they stand. */
export function gnuAssemble(
  lines: readonly string[],
  options: readonly string[] = AS_OPTIONS.e500v2,
): (number | undefined)[] {
  return inFolder((folder) => {
    const refused = new Set(run(folder, lines, options).refused)
    const words = run(
      folder,
      lines.filter((_, n) => !refused.has(n)),
      options,
    ).words
    let next = 0
    return lines.map((_, n) => (refused.has(n) ? undefined : words[next++]))
  })
}

function run(
  folder: string,
  lines: readonly string[],
  core: readonly string[],
): { refused: number[]; words: number[] } {
  const source = join(folder, 'lines.s')
  const object = join(folder, 'lines.o')
  const binary = join(folder, 'lines.bin')
  writeFileSync(source, `${lines.join('\n')}\n`)
  const options = [...core, '-mregnames', source, '-o', object]
  const { stderr, status } = spawnSync('powerpc-linux-gnu-as', options, { encoding: 'utf8', maxBuffer: 1 << 28 })
  const refused = [...stderr.matchAll(/:(\d+): Error/g)].map(([, line]) => Number(line) - 1)
  if (status !== 0) return { refused, words: [] }
  execFileSync('powerpc-linux-gnu-objcopy', ['-O', 'binary', '-j', '.text', object, binary])
  const bytes = readFileSync(binary)
  return { refused, words: Array.from({ length: bytes.length / 4 }, (_, n) => bytes.readInt32BE(4 * n)) }
}

/** The mnemonics that as knows for a core, found in binutils' library of opcodes: a string there may be the end of another one. */
export function mnemonicsOfAs(core: readonly string[]): string[] {
  const objdump = execFileSync('which', ['powerpc-linux-gnu-objdump'], { encoding: 'utf8' }).trim()
  const libraries = execFileSync('ldd', [objdump], { encoding: 'utf8' })
  const library = readFileSync(/libopcodes\S* => (\S+)/.exec(libraries)?.[1] ?? objdump, 'latin1')
  const names = library.split('\0').filter((text) => /^[a-z][a-z\d]*[.+-]?$/.test(text))
  const ends = names.flatMap((name) => Array.from(name, (_, n) => name.slice(n)).filter((end) => /^[a-z]/.test(end)))
  const candidates = [...new Set(ends)]
  return inFolder((folder) => {
    const source = join(folder, 'names.s')
    writeFileSync(source, `${candidates.join('\n')}\n`)
    const options = [...core, source, '-o', join(folder, 'names.o')]
    const { stderr } = spawnSync('powerpc-linux-gnu-as', options, { encoding: 'utf8', maxBuffer: 1 << 28 })
    const unknown = new Set(
      [...stderr.matchAll(/:(\d+): Error: unrecognized opcode/g)].map(([, line]) => Number(line) - 1),
    )
    return candidates.filter((_, n) => !unknown.has(n))
  })
}
