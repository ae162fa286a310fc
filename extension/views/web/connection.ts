// The view's end of the wire: typed messages, and what it remembers while it is hidden.
import type { FromView, ToView } from '../messages.ts'

export interface Connection<Memory> {
  postMessage(message: FromView): void
  getState(): Memory | undefined
  setState(memory: Memory): void
}

/** VS Code puts it into every webview; it may be called once. */
declare function acquireVsCodeApi<Memory>(): Connection<Memory>

export function connect<Memory>(received: (message: ToView) => void): Connection<Memory> {
  const connection = acquireVsCodeApi<Memory>()
  window.addEventListener('message', ({ data }: MessageEvent<ToView>) => received(data))
  connection.postMessage({ type: 'ready' })
  return connection
}
