// Lines that log breakpoints print, gathered: a hot loop prints thousands in the time in which an editor shows one event.
import type { Host } from '../host.ts'

const GATHER_MS = 20
const MOST_CHARACTERS = 1 << 16

export class Lines {
  private readonly host: Host
  private readonly send: (output: string) => void
  private waiting = ''
  private cancel: (() => void) | undefined

  constructor(host: Host, send: (output: string) => void) {
    this.host = host
    this.send = send
  }

  add(line: string): void {
    this.waiting += `${line}\n`
    if (this.waiting.length > MOST_CHARACTERS) this.flush()
    else this.cancel ??= this.host.later(() => this.flush(), GATHER_MS)
  }

  flush(): void {
    this.cancel?.()
    this.cancel = undefined
    const output = this.waiting
    this.waiting = ''
    if (output !== '') this.send(output)
  }
}
