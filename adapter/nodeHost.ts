// Host on Node: the one file of the adapter's inside that knows node:.
import { appendFileSync, fstatSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { gunzipSync, inflateSync } from 'node:zlib'

import type { BlockFile, Host } from './host.ts'
import { UserError } from './userError.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you have no right to it',
  EISDIR: 'it is a folder',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
}

/** Why a file cannot be used, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  return REASONS[code] ?? message
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new UserError(`${path} cannot be opened: ${reasonOf(error)}. Check the path.`)
  }
}

function openBlocks(path: string, isWritable: boolean): BlockFile {
  const file = opened(path, isWritable)
  return {
    bytes: fstatSync(file).size,
    read: (offset, length) => {
      const bytes = new Uint8Array(length)
      asUser(path, 'read', () => readSync(file, bytes, 0, length, offset))
      return bytes
    },
    write: (offset, bytes) => {
      asUser(path, 'written', () => writeSync(file, bytes, 0, bytes.length, offset))
    },
    version: () => {
      const { size, mtimeMs } = fstatSync(file)
      return `${size} bytes at ${mtimeMs}`
    },
  }
}
function asUser(path: string, what: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new UserError(`${path} cannot be ${what}: ${reasonOf(error)}.`)
  }
}
function opened(path: string, isWritable: boolean): number {
  try {
    return openSync(path, isWritable ? 'r+' : 'r')
  } catch (error) {
    const isForbidden = isWritable && ['EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
    const way = isForbidden ? 'Name another file, or make it "readonly".' : 'Check the path.'
    throw new UserError(`${path} cannot be opened: ${reasonOf(error)}. ${way}`)
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
  openBlocks,
  isFile: (path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false,
  appendFile: (path, text) => appendFileSync(path, text),
  absolute: (path) => resolve(path),
  inflate: (bytes) => inflateSync(bytes),
  gunzip: (bytes) => gunzipSync(bytes),
  now: () => performance.now(),
  later,
}
