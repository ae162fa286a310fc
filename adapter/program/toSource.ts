// A source file as the protocol shows it.
import type { DebugProtocol } from '@vscode/debugprotocol'
import type { Module } from './program.ts'
import type { Sources } from './sources.ts'

export interface SourceContext {
  readonly sources: Sources
}

export function toSource(file: string, module: Module, { sources }: SourceContext): DebugProtocol.Source {
  const path = sources.local(file, module.path)
  const name = path.replace(/^.*[/\\]/, '')
  return sources.exists(path)
    ? { name, path }
    : { name, path, origin: 'not on this computer', presentationHint: 'deemphasize' }
}
