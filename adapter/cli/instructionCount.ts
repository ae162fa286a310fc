// What a run counts: the guest's instructions, on from a saved machine's, and over its restarts, at each of which the machine begins anew.
import type { Machine } from '../../emulator/index.ts'

export class InstructionCount {
  private readonly machine: Machine
  private readonly start: number
  private beforeRestart = 0

  constructor(machine: Machine) {
    this.machine = machine
    this.start = machine.instructions()
  }
  now = () => this.beforeRestart + this.machine.instructions()
  /** By this run, not by the one that was saved. */
  executed = () => this.now() - this.start
  restarts(): void {
    this.beforeRestart = this.now()
  }
}
