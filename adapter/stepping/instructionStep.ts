// One instruction at a time, and what is known of it: was it a call, did an interrupt come in its place.
import type { Exit, Machine } from '../../emulator/index.ts'
import { decode } from '../../emulator/isa/decode.ts'
import { type Place, placeOf } from './excursion.ts'

/** What a single instruction did. Addresses are effective. */
export interface Executed {
  readonly from: number
  readonly to: number
  /** The stack and the task before it. */
  readonly place: Place
  /** It left a return address in LR and went somewhere else. */
  readonly isCall: boolean
  /** It went where LR or a save register said (bclr, rfi). */
  readonly isReturn: boolean
  /** No instruction at all: an excursion came back. */
  readonly isBack: boolean
  /** The handler of this interrupt was entered instead. */
  readonly interrupt: string | undefined
}

const RETURNS = new Set(['bclr', 'rfi', 'rfci', 'rfdi', 'rfmci', 'rfgi'])

export class InstructionStepper {
  private readonly machine: Machine
  private readonly vcpu: number
  private from = 0
  private place: Place = { stackPointer: 0, userPID: undefined }

  constructor(machine: Machine, vcpu: number) {
    this.machine = machine
    this.vcpu = vcpu
  }
  private register = (name: string) => this.machine.vcpus[this.vcpu]!.register(name)!

  /** The next run of the machine is one instruction of this core. */
  prepare(): void {
    this.from = this.register('pc')
    this.place = placeOf(this.machine, this.vcpu)
    this.machine.hostDebug.step(this.vcpu)
  }

  done(exit: Extract<Exit, { kind: 'step' }>): Executed {
    const { from, place } = this
    const to = exit.address
    const interrupt = exit.interrupted?.name
    const instruction = interrupt === undefined ? this.instructionAt(from) : undefined
    const links = instruction?.fixed.LK === 1
    return {
      from,
      to,
      place,
      isCall: links && to !== from + 4 && this.register('LR') === from + 4,
      isReturn: RETURNS.has(instruction?.mnemonic ?? '') && to !== from + 4,
      isBack: false,
      interrupt,
    }
  }

  private instructionAt(address: number) {
    const bytes = this.machine.peek(this.vcpu, address, 4)
    return bytes && decode(new DataView(bytes.buffer, bytes.byteOffset).getInt32(0), this.machine.model.name)
  }
}

/** Where a guest goes on after an interrupt: at the interrupted instruction, or behind it where the handler did its work (sc, a trap). */
export const resumptions = ({ from }: Executed) => [from, from + 4]
