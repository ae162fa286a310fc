// QEMU's ppce500 with its processors stopped: its devices' registers, reached through the physical memory of its gdb stub.
// The 64-bit build, whose stub takes addresses of 36 bits.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'

/** The stub's packets have at most 4096 characters. */
const PACKET_BYTES = 1024

export interface QemuBoard {
  load(address: number, bytes: number): Promise<Uint8Array>
  store(address: number, bytes: Uint8Array): Promise<void>
  /** Registers; at most 4 bytes. */
  read(address: number, bytes: number): Promise<number>
  write(address: number, bytes: number, value: number): Promise<void>
  /** Of the first core, by gdb's number: its low 32 bits. */
  register(number: number): Promise<number>
  end(): Promise<void>
}

export async function qemuBoard(options: readonly string[]): Promise<QemuBoard> {
  const folder = mkdtempSync(join(tmpdir(), 'e500-qemu-'))
  const socketFile = join(folder, 'gdb')
  const process = spawn('qemu-system-ppc64', [
    ...['-M', 'ppce500', '-cpu', 'e500v2', '-m', '64', '-S', '-kernel', 'test/guest/sample/sample.elf'],
    ...['-display', 'none', '-serial', 'null', '-monitor', 'none', '-net', 'none'],
    ...['-chardev', `socket,id=gdb,path=${socketFile},server=on,wait=off`, '-gdb', 'chardev:gdb'],
    ...options,
  ])
  let complaint = ''
  process.stderr.on('data', (text) => {
    complaint += text
  })
  const socket = await connected(socketFile, () => {
    if (process.exitCode !== null) throw new Error(`QEMU has ended: ${complaint}`)
  })
  const ask = asker(socket)
  await ask('Qqemu.PhyMemMode:1')
  // Registers have numbers for those only who have read which there are.
  await ask('qXfer:features:read:target.xml:0,ff')
  const load = (address: number, bytes: number) => ask(`m${address.toString(16)},${bytes.toString(16)}`)
  const store = async (address: number, digits: string) => {
    await ask(`M${address.toString(16)},${(digits.length / 2).toString(16)}:${digits}`)
  }
  return {
    load: async (address, bytes) => {
      const parts: string[] = []
      for (let at = 0; at < bytes; at += PACKET_BYTES)
        parts.push(await load(address + at, Math.min(PACKET_BYTES, bytes - at)))
      return Buffer.from(parts.join(''), 'hex')
    },
    store: async (address, bytes) => {
      for (let at = 0; at < bytes.length; at += PACKET_BYTES)
        await store(address + at, Buffer.from(bytes.subarray(at, at + PACKET_BYTES)).toString('hex'))
    },
    read: async (address, bytes) => Number.parseInt(await load(address, bytes), 16),
    write: (address, bytes, value) =>
      store(
        address,
        (value >>> 0)
          .toString(16)
          .padStart(8, '0')
          .slice(-2 * bytes),
      ),
    register: async (number) => Number.parseInt((await ask(`p${number.toString(16)}`)).slice(-8), 16),
    end: async () => {
      socket.destroy()
      process.kill()
      await once(process, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

/** The file is there a moment before somebody listens behind it. */
async function connected(socketFile: string, meanwhile: () => void): Promise<Socket> {
  for (;;) {
    meanwhile()
    const socket = connect(socketFile)
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    if (isOpen) return socket
    await later(20)
  }
}

/** A packet of the remote protocol and its answer. */
function asker(socket: Socket): (packet: string) => Promise<string> {
  let received = ''
  let answered: (answer: string) => void = () => {}
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1')
    const [all, answer] = /^\+*\$([^#]*)#../.exec(received) ?? []
    if (all === undefined) return
    received = received.slice(all.length)
    socket.write('+')
    answered(answer!)
  })
  return (packet) =>
    new Promise((resolve) => {
      answered = resolve
      const sum = Buffer.from(packet).reduce((total, byte) => (total + byte) & 0xff, 0)
      socket.write(`$${packet}#${sum.toString(16).padStart(2, '0')}`)
    })
}
