// A guest's console, here and under QEMU: both are started as a person starts them, at once, and are typed the same commands.
import { spawn } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

/** The same guest for both. */
export interface Guest {
  readonly cpu: 'e500v2' | 'e500mc'
  readonly cores?: number
  readonly firmware?: string
  readonly kernel?: string
  readonly initrd?: string
  readonly disk?: string
}

export interface Script {
  /** What is typed first, as soon as a text appears: to stop U-Boot's autoboot. */
  readonly first?: { readonly at: string; readonly keys: string }
  readonly prompt: RegExp
  /** Each is typed when the prompt before it has come; the last has to end the guest. */
  readonly commands: readonly string[]
}

const CLI = join(import.meta.dirname, '../../dist/cli.js')
const APPEND = 'console=ttyS0,115200'

/** Ends a guest that no command has ended. */
const LIMIT_MS = 250_000

export async function bothConsoles(guest: Guest, script: Script): Promise<readonly [ours: string, theirs: string]> {
  return Promise.all([ourConsole(guest, script), qemuConsole(guest, script)])
}

export function ourConsole({ cpu, cores = 1, firmware, kernel, initrd, disk }: Guest, script: Script) {
  const args = ['--cpu', cpu, '--smp', `${cores}`, ...option('--bios', firmware), ...option('--initrd', initrd)]
  const images = kernel === undefined ? [] : [kernel, '--append', APPEND]
  return consoleOf(process.execPath, [CLI, 'run', ...args, ...option('--drive', disk), ...images], script)
}

export function qemuConsole({ cpu, cores = 1, firmware, kernel, initrd, disk }: Guest, script: Script) {
  const board = ['-M', 'ppce500', '-m', '256', '-nographic', '-net', 'none', '-no-reboot']
  const args = ['-cpu', cpu, '-smp', `${cores}`, ...option('-bios', firmware), ...option('-initrd', initrd)]
  const images = kernel === undefined ? [] : ['-kernel', kernel, '-append', APPEND]
  return consoleOf('qemu-system-ppc', [...board, ...args, ...images, ...qemuDevices(disk)], script)
}
/** Ours always has the random device. QEMU's disk is a copy, since both are written to. */
function qemuDevices(disk: string | undefined): readonly string[] {
  const random = ['-device', 'virtio-rng-pci']
  if (disk === undefined) return random
  const copy = `${disk}.qemu`
  copyFileSync(disk, copy)
  return ['-drive', `file=${copy},format=raw,if=none,id=d`, '-device', 'virtio-blk-pci,drive=d', ...random]
}
const option = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value])

function consoleOf(program: string, args: readonly string[], { first, prompt, commands }: Script): Promise<string> {
  const left = [...commands]
  let text = ''
  let seen = 0
  let isFirst = first !== undefined
  return new Promise((resolve) => {
    const child = spawn(program, args)
    const type = (keys: string) => {
      seen = text.length
      child.stdin.write(keys)
    }
    // A guest that has ended takes no keys; what is missing is seen in the text.
    child.stdin.on('error', () => {})
    child.stderr.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
    })
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      if (isFirst && text.includes(first!.at)) {
        isFirst = false
        type(first!.keys)
      } else if (left.length > 0 && prompt.test(text.slice(seen))) type(`${left.shift()}\n`)
    })
    const limit = setTimeout(() => {
      text += `\n(stands; left to type: ${left.length})\n`
      child.kill()
    }, LIMIT_MS)
    child.on('close', () => {
      clearTimeout(limit)
      resolve(text)
    })
  })
}
