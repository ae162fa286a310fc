// A transcript's names for what the protocol numbers: breakpoints, frames, what can be expanded, places in sources.
import { basename } from 'node:path'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { nameOfLine } from './markers.ts'

export class Names {
  private readonly breakpoints = new Map<number, number>()
  private readonly references = new Map<number, string>()
  private readonly frames = new Map<number, string>()

  /** `<1>` is the first that the transcript shows. */
  breakpoint(id: number | undefined): string {
    if (id === undefined) return '<?>'
    if (!this.breakpoints.has(id)) this.breakpoints.set(id, this.breakpoints.size + 1)
    return `<${this.breakpoints.get(id)}>`
  }

  learnFrame(frame: DebugProtocol.StackFrame): void {
    this.frames.set(frame.id, frame.name)
  }

  frame = (id: number) => this.frames.get(id) ?? 'an unknown frame'

  learnReference(reference: number, name: string): void {
    if (reference > 0) this.references.set(reference, name)
  }

  reference = (reference: number) => this.references.get(reference) ?? 'an unknown reference'

  place(source: DebugProtocol.Source | undefined, line: number | undefined): string {
    const name = source?.name ?? (source?.path === undefined ? '?' : basename(source.path))
    return line === undefined ? name : `${name}:${nameOfLine(source?.path, line)}`
  }
}

/** Text without what differs from machine to machine: folders and durations. */
export const withoutHost = (text: string) =>
  text.replaceAll(`${process.cwd()}/`, '').replace(/\b\d+(\.\d+)? (ms|s|seconds)\b/g, '<time>')

/** `key=value`, for what has no form of its own; true is shown by the key alone, a path by its last part. */
export function plain(body: object): string {
  return Object.entries(body)
    .map(([key, value]) => (value === true ? key : `${key}=${plainValue(value)}`))
    .join(' ')
}

function plainValue(value: unknown): string {
  if (typeof value === 'string' && value.startsWith('/')) return basename(value)
  return withoutHost(typeof value === 'string' && /^[\w.:+-]+$/.test(value) ? value : JSON.stringify(value))
}
