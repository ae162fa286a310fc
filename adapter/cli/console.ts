// Where the guest's UART goes: the terminal, a file, or nowhere; and when its text is one that ends the run.
import { closeSync, writeSync } from 'node:fs'
import { reasonOf } from '../nodeHost.ts'
import { UserError } from '../userError.ts'
import { openOutput } from './outputFile.ts'

const NEWLINE = 10
/** As a program ends that is stopped by SIGPIPE: `e500 run … | head`. */
const READER_GONE = 128 + 13

export interface ConsoleSink {
  write(bytes: Uint8Array): void
  close(): void
}

export function sinkOf(serial: string): ConsoleSink {
  if (serial === 'none') return { write: () => {}, close: () => {} }
  if (serial === 'stdio') return { write: (bytes) => writeAll(1, bytes), close: () => {} }
  const file = openOutput(serial)
  return { write: (bytes) => writeAll(file, bytes), close: () => closeSync(file) }
}

/** A terminal or pipe that is full takes a part, or asks to try again. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') process.exit(READER_GONE)
      if (code !== 'EAGAIN') throw new UserError(`The guest's console cannot be written: ${reasonOf(error)}.`)
    }
  }
}

export class Console {
  private readonly sink: ConsoleSink
  /** A character for each byte. */
  private readonly until: string | undefined
  private readonly waiting: number[] = []
  private line = ''
  /** It has printed what ends the run. */
  hasEnded = false
  isAtLineStart = true
  hasPrinted = false

  constructor(sink: ConsoleSink, until: string | undefined) {
    this.sink = sink
    this.until = until === undefined ? undefined : Buffer.from(until).toString('latin1')
  }

  byte(byte: number): void {
    this.waiting.push(byte)
    this.hasPrinted = true
    this.isAtLineStart = byte === NEWLINE
    if (this.until === undefined) return
    this.line = (this.line + String.fromCharCode(byte)).slice(-this.until.length)
    this.hasEnded ||= this.line === this.until
  }
  flush(): void {
    if (this.waiting.length > 0) this.sink.write(Uint8Array.from(this.waiting))
    this.waiting.length = 0
  }
}
