// Keys as the guest's UART gets them: raw, also Ctrl-C. On a terminal Ctrl-A x ends the run, as in QEMU.
import type { Machine } from '../../emulator/index.ts'

const CONTROL_A = 1

export class Keyboard {
  isOpen = true
  /** By Ctrl-A x. */
  hasEnded = false
  private readonly machine: Machine
  private hasControlA = false

  constructor(machine: Machine) {
    this.machine = machine
    const { stdin } = process
    if (stdin.isTTY) stdin.setRawMode(true)
    stdin.on('data', (bytes: Uint8Array) => this.type(bytes))
    stdin.on('end', () => {
      this.isOpen = false
    })
  }
  private type(bytes: Uint8Array): void {
    if (process.stdin.isTTY && this.endsRun(bytes)) this.hasEnded = true
    else this.machine.uartInput(0, bytes)
  }
  private endsRun(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (this.hasControlA && String.fromCharCode(byte) === 'x') return true
      this.hasControlA = byte === CONTROL_A
    }
    return false
  }
  close(): void {
    if (process.stdin.isTTY) process.stdin.setRawMode(false)
    process.stdin.pause()
  }
}
