// What the guest's UARTs send, gathered for a few milliseconds, as events for terminals or as lines of output.
import { toBase64 } from '../base64.ts'
import type { SessionState } from '../state.ts'
import type { LaunchConfiguration } from './configuration.ts'

const GATHER_MS = 10

interface Waiting {
  readonly bytes: number[]
}

export class UartOutput {
  private readonly state: SessionState
  private readonly views: ReadonlyMap<number, string>
  private readonly waiting = new Map<number, Waiting>()
  private readonly decoders = new Map<number, TextDecoder>()
  private isScheduled = false

  constructor(uarts: LaunchConfiguration['uarts'], state: SessionState) {
    this.state = state
    state.gathered.push(() => this.flush())
    this.views = new Map(uarts.map(({ index, view = 'terminal' }) => [index, view]))
  }

  readonly byte = (index: number, byte: number): void => {
    const known = this.waiting.get(index)
    if (known) known.bytes.push(byte)
    else this.waiting.set(index, { bytes: [byte] })
    if (this.isScheduled) return
    this.isScheduled = true
    this.state.host.later(() => {
      this.isScheduled = false
      this.flush()
    }, GATHER_MS)
  }

  private flush(): void {
    const waiting = [...this.waiting]
    this.waiting.clear()
    for (const [index, { bytes }] of waiting) this.show(index, Uint8Array.from(bytes))
  }

  private show(index: number, bytes: Uint8Array): void {
    const view = this.views.get(index) ?? 'none'
    if (view === 'none') return
    if (view === 'terminal') this.state.send('e500/uartOutput', { index, data: toBase64(bytes) })
    else this.state.send('output', { category: 'stdout', output: this.decoder(index).decode(bytes, { stream: true }) })
  }
  private decoder(index: number): TextDecoder {
    const known = this.decoders.get(index) ?? new TextDecoder()
    this.decoders.set(index, known)
    return known
  }
}
