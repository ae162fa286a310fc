// Markers in guest sources, `// @tick` at a line's end, stand for line numbers: a source may change without its tests.
import { existsSync, readFileSync } from 'node:fs'

const marker = /(?:\/\/|\/\*|#)\s*(@[\w-]+)/

/** The line of a marker such as "@tick", counted from 1. */
export function lineOf(file: string, name: string): number {
  const at = linesOf(file).findIndex((line) => marker.exec(line)?.[1] === name)
  if (at === -1) throw new Error(`${file} has no marker ${name}`)
  return at + 1
}

/** "@tick" where the line has a marker, else its number. */
export function nameOfLine(file: string | undefined, line: number): string {
  const text = file === undefined || !existsSync(file) ? undefined : linesOf(file)[line - 1]
  return marker.exec(text ?? '')?.[1] ?? String(line)
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n')
