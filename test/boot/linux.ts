// A real kernel with its shell, in a machine of so many cores; commands typed at its prompt and what they answer.
import { readFileSync } from 'node:fs'
import { Machine, type MachineConfiguration } from '../../emulator/index.ts'
import { elfImage } from '../support/board.ts'
import { kernelFile, readGuest } from '../support/guests.ts'

const PROMPT = 'e500# '
const LIMIT = 2_000_000_000

export class Linux {
  readonly machine: Machine
  console = ''

  constructor(configuration: Partial<MachineConfiguration> = {}) {
    this.machine = new Machine({
      memoryBytes: 256 << 20,
      onUart: (_, byte) => {
        this.console += String.fromCharCode(byte)
      },
      ...configuration,
    })
  }
  load(kernel: string, initrd = 'initramfs-bb-sf.cpio.gz'): this {
    this.machine.load(elfImage(readFileSync(kernelFile(kernel))), {
      bootArgs: 'console=ttyS0,115200 panic=-1',
      initrd: readGuest('linux', initrd),
    })
    return this
  }

  /** In slices, until the console ends in the prompt or the guest stops. */
  toPrompt() {
    let exit = this.machine.run(0)
    while (exit.kind === 'budget' && !this.console.endsWith(PROMPT) && this.machine.instructions() < LIMIT)
      exit = this.machine.run(100_000, 4_000_000)
    return exit
  }
  type(line: string) {
    this.console = ''
    this.machine.uartInput(0, Buffer.from(`${line}\n`))
    return this.toPrompt()
  }
  /** The lines that a command prints. */
  answer(line: string): string[] {
    this.type(line)
    return this.console.replaceAll('\r', '').split('\n').slice(1, -1)
  }
}
