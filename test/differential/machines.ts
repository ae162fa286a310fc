// The same image in both machines: what stands in the blocks' records afterwards.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Machine } from '../../emulator/index.ts'
import type { CoreName } from '../../emulator/spr/record.ts'
import { CODE_BYTES, HARNESS, STATE_BYTES, STATES } from './layout.ts'

const MEGABYTE = 1 << 20

export const codeAddress = (blocks: number, block: number) => STATES + blocks * STATE_BYTES + block * CODE_BYTES
export const imageBytes = (blocks: number) => codeAddress(blocks, blocks)
/** Room for QEMU's device tree behind the image; the board takes whole 64 MB. */
const memoryFor = (blocks: number) => 64 * MEGABYTE * Math.ceil((imageBytes(blocks) / MEGABYTE + 32) / 64)

export interface Ours {
  readonly states: Buffer
  readonly instructions: number
}

export function runOurs(core: CoreName, blocks: number, image: Uint8Array): Ours {
  const machine = new Machine({ memoryBytes: memoryFor(blocks), cpu: core })
  machine.load({ entry: HARNESS, segments: [{ physical: 0, bytes: image, memoryBytes: image.length }] })
  const exit = machine.run(1_000_000 + 1000 * blocks)
  if (exit.kind !== 'powerOff') throw new Error(`The harness did not power off: ${JSON.stringify(exit)}`)
  const states = Buffer.from(machine.peekPhysical(STATES, blocks * STATE_BYTES)!)
  return { states, instructions: machine.instructions() }
}

/** An ELF file of one segment at physical 0. */
function elf(image: Uint8Array): Buffer {
  const header = Buffer.alloc(0x1000)
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1]).copy(header)
  for (const [at, half] of [
    [16, 2],
    [18, 20],
    [40, 52],
    [42, 32],
    [44, 1],
  ] as const)
    header.writeUInt16BE(half, at)
  for (const [at, word] of [
    [20, 1],
    [24, HARNESS],
    [28, 52],
  ] as const)
    header.writeUInt32BE(word, at)
  // PT_LOAD, offset, virtual, physical, file size, memory size, RWX, alignment
  const program = [1, 0x1000, 0, 0, image.length, image.length, 7, 0x1000]
  for (const [n, word] of program.entries()) header.writeUInt32BE(word, 52 + 4 * n)
  return Buffer.concat([header, image])
}

export function runQemu(core: CoreName, blocks: number, image: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'e500-differential-'))
  try {
    const kernel = join(folder, 'blocks.elf')
    const ram = join(folder, 'ram')
    writeFileSync(kernel, elf(image))
    const bytes = memoryFor(blocks)
    const memory = [
      '-m',
      `${bytes / MEGABYTE}`,
      '-object',
      `memory-backend-file,id=ram,size=${bytes},mem-path=${ram},share=on`,
    ]
    const board = ['-machine', 'ppce500,memory-backend=ram', '-cpu', core, ...memory, '-net', 'none']
    const quiet = ['-display', 'none', '-serial', 'none', '-monitor', 'none', '-no-reboot']
    const { status, stderr } = spawnSync('qemu-system-ppc', [...board, ...quiet, '-kernel', kernel], {
      timeout: 120_000,
    })
    if (status !== 0) throw new Error(`QEMU did not power off (${status}): ${stderr}`)
    return readFileSync(ram).subarray(STATES, STATES + blocks * STATE_BYTES)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
