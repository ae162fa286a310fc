// QEMU beside the emulator: the same guest with the same commands, each typed when the prompt before it has come.
import { spawn } from 'node:child_process'

interface Script {
  /** What is typed first, as soon as a text appears: to stop U-Boot's autoboot. */
  readonly first?: { readonly at: string; readonly keys: string }
  readonly prompt: string
  readonly commands: readonly string[]
}

export const QEMU = ['-M', 'ppce500', '-m', '256', '-nographic', '-net', 'none']

/** Ends a guest that no command has ended. */
const LIMIT_MS = 40_000

/** Its whole console; the last command has to end the guest. */
export function qemuConsole(args: readonly string[], script: Script): Promise<string> {
  const commands = [...script.commands]
  let text = ''
  let seen = 0
  let isFirst = script.first !== undefined
  return new Promise((resolve) => {
    const child = spawn('qemu-system-ppc', [...QEMU, ...args])
    const give = (keys: string) => {
      seen = text.length
      child.stdin.write(keys)
    }
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      if (isFirst && text.includes(script.first!.at)) {
        isFirst = false
        give(script.first!.keys)
      } else if (text.slice(seen).includes(`\n${script.prompt}`) && commands.length > 0) give(`${commands.shift()}\n`)
    })
    const limit = setTimeout(() => child.kill(), LIMIT_MS)
    child.on('close', () => {
      clearTimeout(limit)
      resolve(text)
    })
  })
}
