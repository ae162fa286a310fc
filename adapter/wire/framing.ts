// Bytes into DAP messages. It stands before the library, whose own reader ends silently at malformed JSON and takes quadratic
// time over noise without a header. Here garbage costs one sentence and is over at the next `Content-Length:`.
import { findContentLength, nameLength, readHeader } from './header.ts'

const bodyLimit = 64 << 20
const sampleLength = 40

interface Receiver {
  /** A message: a JSON object whose members nobody has looked at yet. */
  message(message: object): void
  /** One sentence for each stretch of bytes that was no message. */
  garbage(sentence: string): void
}

export class Framing {
  /** The bytes not yet used up are bytes.subarray(start, end). It doubles when full, so small chunks cost no more than big ones. */
  private bytes = new Uint8Array(1 << 12)
  private start = 0
  private end = 0
  /** Length of the body that is awaited, or -1 while a header is. */
  private bodyLength = -1
  /** How many of the unused bytes were read as a body before: each byte of a malformed one is searched for headers only once. */
  private readBefore = 0
  private skipped = 0
  private sample = new Uint8Array(0)
  /** This stretch of garbage has had its sentence. */
  private isReported = false

  constructor(private readonly to: Receiver) {}

  push(chunk: Uint8Array): void {
    this.append(chunk)
    while (this.bodyLength === -1 ? this.takeHeader() : this.takeBody()) {}
  }

  /** The input has ended: says what was torn. */
  finish(): void {
    const arrived = this.end - this.start
    if (this.bodyLength === -1) {
      this.skip(arrived)
      this.endStretch()
      return
    }
    this.to.garbage(
      `The input ended in the middle of a message: ${arrived} of its ${this.bodyLength} bytes had arrived.`,
    )
    this.start = this.end
    this.bodyLength = -1
  }

  private append(chunk: Uint8Array): void {
    const unused = this.bytes.subarray(this.start, this.end)
    if (this.end + chunk.length > this.bytes.length) {
      const needed = 2 * (unused.length + chunk.length)
      if (needed > this.bytes.length) this.bytes = new Uint8Array(needed)
      this.bytes.set(unused)
      this.start = 0
      this.end = unused.length
    }
    this.bytes.set(chunk, this.end)
    this.end += chunk.length
  }

  /** True where there is more to take. */
  private takeHeader(): boolean {
    const at = findContentLength(this.bytes.subarray(this.start, this.end))
    // Without the name all is garbage, but for what may be the beginning of the name.
    this.skip(at === -1 ? Math.max(this.end - this.start - nameLength + 1, 0) : at)
    if (at === -1) return false
    const header = readHeader(this.bytes.subarray(this.start, this.end))
    if (header.kind === 'torn') return false
    if (header.kind === 'garbage') {
      this.skip(nameLength)
      return true
    }
    this.endStretch()
    this.use(header.length)
    if (header.contentLength <= bodyLimit) this.bodyLength = header.contentLength
    else this.report(`A message of ${header.contentLength} bytes was announced and is skipped: at most 64 MB are read.`)
    return true
  }

  private takeBody(): boolean {
    if (this.end - this.start < this.bodyLength) return false
    const body = this.bytes.subarray(this.start, this.start + this.bodyLength)
    this.bodyLength = -1
    const message = readBody(body)
    if (typeof message !== 'string') {
      this.use(body.length)
      this.to.message(message)
      return true
    }
    this.report(message)
    // With a wrong length the next header stands within what was taken for the body.
    const again = Math.min(this.readBefore, body.length)
    this.skip(again)
    this.readBefore = Math.max(this.readBefore, body.length - again)
    return true
  }

  private use(length: number): void {
    this.start += length
    this.readBefore = Math.max(this.readBefore - length, 0)
  }

  private skip(length: number): void {
    if (this.sample.length < sampleLength && length > 0) {
      this.sample = Uint8Array.of(
        ...this.sample,
        ...this.bytes.subarray(this.start, this.start + Math.min(length, sampleLength)),
      )
    }
    this.skipped += length
    this.use(length)
  }

  private report(sentence: string): void {
    this.isReported = true
    this.to.garbage(sentence)
  }

  private endStretch(): void {
    const { skipped, sample, isReported } = this
    this.skipped = 0
    this.sample = new Uint8Array(0)
    this.isReported = false
    const text = new TextDecoder().decode(sample.subarray(0, sampleLength))
    // Empty lines between messages hurt nobody.
    if (isReported || (skipped <= sampleLength && text.trim() === '')) return
    this.to.garbage(`${skipped} bytes that are no DAP message were skipped: ${quote(text, skipped)}`)
  }
}

/** The message, or a sentence that says why it is none. */
function readBody(bytes: Uint8Array): object | string {
  const text = new TextDecoder().decode(bytes)
  const what = `A message of ${bytes.length} bytes was skipped`
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    return `${what}, it is no JSON object: ${quote(text.slice(0, sampleLength), text.length)}`
  } catch {
    return `${what}, it is malformed JSON: ${quote(text.slice(0, sampleLength), text.length)}`
  }
}

const quote = (sample: string, length: number) => JSON.stringify(sample) + (length > sampleLength ? ' …' : '')
