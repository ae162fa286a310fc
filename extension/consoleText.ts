// What a UART sends, as a terminal shows it. Knows no vscode.
// A guest without a terminal driver ends lines with LF alone; everything else passes as it came.

export class ConsoleText {
  private readonly utf8 = new TextDecoder()
  private last = ''

  /** Characters and CR LF may be torn between two calls. */
  decode(bytes: Uint8Array): string {
    const text = this.last + this.utf8.decode(bytes, { stream: true })
    const shown = text.replace(/(?<!\r)\n/g, '\r\n')
    const before = this.last === '\n' ? 2 : this.last.length
    this.last = text.slice(-1)
    return shown.slice(before)
  }
}
