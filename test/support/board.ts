// A core, RAM, a console and a power switch: enough of the board for a bare-metal guest.
import { Bus } from '../../emulator/board/bus.ts'
import { gpio, uart } from '../../emulator/board/devices.ts'
import { Vcpu } from '../../emulator/core/vcpu.ts'
import { Interpreter } from '../../emulator/engine/interpreter.ts'
import { STATE } from '../../emulator/isa/cpu.ts'

export function board(ramBytes = 64 << 20) {
  const console = { text: '' }
  const power = { off: false }
  const bus = new Bus(ramBytes, [
    uart((byte) => {
      console.text += String.fromCharCode(byte)
    }),
    gpio(() => {
      power.off = true
    }),
  ])
  const vcpu = new Vcpu(bus)
  // The boot protocol of the board: TLB1[0] maps 0 to 0, 64 MB, all permissions.
  vcpu.tlb1[0] = { valid: true, TS: 0, TID: 0, EPN: 0, size: 64 << 20, RPN: 0, permissions: 0x3f }
  const interpreter = new Interpreter(vcpu, bus)
  return { bus, vcpu, console, power, run: (budget: number) => interpreter.run(budget, () => power.off) }
}

export type Board = ReturnType<typeof board>

/** Loads the segments of a big-endian 32-bit ELF at their physical addresses and points NIA at its entry. */
export function loadElf({ bus, vcpu }: Board, file: Buffer): void {
  const table = file.readUInt32BE(28)
  for (let n = 0; n < file.readUInt16BE(44); n++) {
    const header = table + 32 * n
    if (file.readUInt32BE(header) !== 1) continue
    const offset = file.readUInt32BE(header + 4)
    const address = file.readUInt32BE(header + 12)
    for (let k = 0; k < file.readUInt32BE(header + 16); k++) bus.write(address + k, 1, file[offset + k]!)
  }
  vcpu.state[STATE.NIA] = file.readUInt32BE(24)
}
