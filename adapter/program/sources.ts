// Paths of source files: as the debug information has them, and as they are on this computer (launch.json's sourceFileMap).
import type { Host } from '../host.ts'

export class Sources {
  private readonly host: Host
  private readonly prefixes: readonly (readonly [from: string, to: string])[]
  private readonly found = new Map<string, boolean>()
  private readonly onMissing: (sentence: string) => void
  private hasComplained = false

  constructor(host: Host, sourceFileMap: Readonly<Record<string, string>>, onMissing: (sentence: string) => void) {
    this.host = host
    this.onMissing = onMissing
    // The longest prefix wins.
    this.prefixes = Object.entries(sourceFileMap).sort(([a], [b]) => b.length - a.length)
  }

  /** Where the file is here. A relative path of the debug information starts at the folder of the ELF file. */
  local(file: string, elfPath: string): string {
    for (const [from, to] of this.prefixes)
      if (isBelow(file, from)) return this.host.absolute(to + file.slice(from.length))
    return isAbsolute(file) ? file : this.host.absolute(`${elfPath.replace(/[^/\\]*$/, '')}${file}`)
  }
  /** The path of an editor as the debug information may know it. */
  recorded(path: string): string {
    for (const [from, to] of this.prefixes) {
      const local = this.host.absolute(to)
      if (isBelow(path, local)) return from + path.slice(local.length)
    }
    return path
  }

  /** Says once in a session that sources are elsewhere, and what to do about it. */
  exists(local: string): boolean {
    let known = this.found.get(local)
    if (known === undefined) {
      known = this.host.isFile(local)
      this.found.set(local, known)
      if (!known) this.complain(local)
    }
    return known
  }
  private complain(local: string): void {
    if (this.hasComplained) return
    this.hasComplained = true
    const folder = local.split('/').slice(0, 4).join('/')
    this.onMissing(
      `The source ${local} is not on this computer. Say in launch.json where it is: "sourceFileMap": { "${folder}": "…" }. Until then the disassembly shows the code.`,
    )
  }
}

const isAbsolute = (path: string) => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path)
const isBelow = (path: string, folder: string) =>
  path.startsWith(folder) &&
  (path.length === folder.length || /[/\\]$/.test(folder) || /[/\\]/.test(path[folder.length]!))
