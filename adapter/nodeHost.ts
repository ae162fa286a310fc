// Host on Node: the one file of the adapter's inside that knows node:.
import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { gunzipSync, inflateSync } from 'node:zlib'

import type { Host } from './host.ts'
import { UserError } from './userError.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new UserError(`${path} cannot be opened: ${REASONS[code] ?? message}. Check the path in launch.json.`)
  }
}

/** A delay of 0 lets pending input be read first; timers would round it up to a millisecond. */
function later(work: () => void, delayMs: number): () => void {
  if (delayMs <= 0) {
    const immediate = setImmediate(work)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(work, delayMs)
  return () => clearTimeout(timer)
}

export const nodeHost: Host = {
  readFile,
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  appendFile: (path, text) => appendFileSync(path, text),
  absolute: (path) => resolve(path),
  inflate: (bytes) => inflateSync(bytes),
  gunzip: (bytes) => gunzipSync(bytes),
  now: () => performance.now(),
  later,
}
