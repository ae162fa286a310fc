// Bytes into messages, strictly: the second source against which the adapter's writing is checked.
import type { Json } from './schema.ts'

export class StrictReader {
  private received = Buffer.alloc(0)
  /** Why nothing more can be read. */
  problem: string | undefined

  push(chunk: Uint8Array): Json[] {
    this.received = Buffer.concat([this.received, chunk])
    const messages: Json[] = []
    for (let message = this.take(); message; message = this.take()) messages.push(message)
    return messages
  }

  finish(): void {
    if (this.received.length > 0)
      this.problem ??= `The adapter closed its output in the middle of a message: ${this.start()}`
  }

  private take(): Json | undefined {
    const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.received.toString('latin1', 0, 64))
    if (!header) {
      const isTorn = this.received.length < 40 && !this.received.includes('\r\n\r\n')
      if (!isTorn) this.problem ??= `The adapter wrote what is no message: ${this.start()}`
      return undefined
    }
    const end = header[0].length + Number(header[1])
    if (this.received.length < end) return undefined
    const body = this.received.toString('utf8', header[0].length, end)
    this.received = this.received.subarray(end)
    return JSON.parse(body) as Json
  }

  private start = () => JSON.stringify(this.received.toString('latin1', 0, 80))
}

export function frame(message: Json): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])
}
