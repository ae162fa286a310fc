// Lines of assembly into words, by the project's own assembler: `addi r3,r0,5`, labels, `b label`. A test's guest is readable this way.
import { assemble as assembleLine } from '../../emulator/isa/assemble.ts'

/** Words at base onward; labels end in a colon; # begins a comment. */
export function assemble(source: string, base = 0): { words: number[]; labels: Record<string, number> } {
  const labels: Record<string, number> = {}
  const lines: string[] = []
  for (const raw of source.split('\n')) {
    const text = raw.replace(/#.*/, '').trim()
    if (text.endsWith(':')) labels[text.slice(0, -1)] = base + 4 * lines.length
    else if (text !== '') lines.push(text)
  }
  const symbol = (name: string) => labels[name]
  return { words: lines.map((line, n) => assembleLine(line, { address: base + 4 * n, symbol })), labels }
}
