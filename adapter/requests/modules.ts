// The files that symbols come from, and the sources that these name.
import type { DebugProtocol } from '@vscode/debugprotocol'
import { hex } from '../../emulator/bits.ts'
import type { Module } from '../program/program.ts'
import { debuggeeOf, type SessionState } from '../state.ts'

export function modules(state: SessionState, { startModule = 0, moduleCount = 0 }: DebugProtocol.ModulesArguments) {
  const all = debuggeeOf(state).program.modules
  const wanted = all.slice(startModule, moduleCount > 0 ? startModule + moduleCount : undefined)
  return { modules: wanted.map(toModule), totalModules: all.length }
}

function toModule({ name, path, symbols, segments, offset }: Module): DebugProtocol.Module {
  const from = Math.min(...segments.map(({ virtual }) => virtual)) + offset
  const to = Math.max(...segments.map(({ virtual, length }) => virtual + length)) + offset
  return {
    id: path,
    name,
    path,
    symbolFilePath: path,
    symbolStatus: symbols.sources().length > 0 ? 'Lines, variables and types' : 'Symbols only, no debug information',
    addressRange: `${hex(from)}-${hex(to)}`,
  }
}

export function loadedSources(state: SessionState) {
  const debuggee = debuggeeOf(state)
  const sources = debuggee.program.modules.flatMap((module) =>
    module.symbols
      .sources()
      .map((file) => ({ name: file.replace(/^.*[/\\]/, ''), path: debuggee.sources.local(file, module.path) })),
  )
  return { sources: sources satisfies DebugProtocol.Source[] }
}
