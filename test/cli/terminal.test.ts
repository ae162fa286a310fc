// `e500 run` on a terminal and in pipes: its keys, and readers that go away.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SAMPLE_ELF } from '../support/dap/session.ts'
import { missingProgram } from '../support/tools.ts'
import { CLI, e500, inFolder } from './e500.ts'

const shell = (line: string) => spawnSync('sh', ['-c', line, process.execPath, CLI, SAMPLE_ELF], { encoding: 'utf8' })

/** On a terminal of its own. Each key is typed when a text has come. */
async function onTerminal(options: string, keys: readonly (readonly [at: string, keys: string])[]): Promise<string> {
  const left = [...keys]
  let text = ''
  let seen = 0
  return new Promise((resolve) => {
    const child = spawn('script', ['-qefc', `${process.execPath} ${CLI} run ${SAMPLE_ELF} ${options}`, '/dev/null'])
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (left.length === 0 || !text.slice(seen).includes(left[0]![0])) return
      seen = text.length
      child.stdin.write(left.shift()![1])
    })
    child.on('close', (code) => resolve(`${text}(code ${code})`))
  })
}

test.skipIf(missingProgram('script'))(
  'on a terminal: Ctrl-C is a key of the guest, Ctrl-A x ends the run as asked',
  async () => {
    const stats = inFolder('ended.json')
    const text = await onTerminal(`--stats ${stats}`, [
      ['sample> ', 'wro\x03ng\r'],
      ['sample> ', '\x01x'],
    ])
    expect(text).toMatch(/sample> wro[\s\S]*sample> \r\n\(code 0\)$/)
    expect(JSON.parse(readFileSync(stats, 'utf8'))).toMatchObject({ instructions: expect.any(Number) })
  },
)

test('a reader that has gone ends the run without a word; a full disk is said', () => {
  expect(shell('{ "$0" "$1" run "$2"; echo $? >&2; } | true').stderr).toBe('141\n')
  expect(shell('"$0" "$1" run "$2" > /dev/full')).toMatchObject({
    status: 2,
    stderr: "The guest's console cannot be written: the disk is full.\n",
  })
})

test('a guest that prints nothing for long: once, what may be wrong', () => {
  // b .
  writeFileSync(inFolder('loop.bin'), Uint8Array.of(0x48, 0, 0, 0))
  const { status, stderr } = e500([
    'run',
    '--load-address',
    '0x1000',
    inFolder('loop.bin'),
    '--max-instructions',
    '150000000',
  ])
  expect(status).toBe(0)
  expect(stderr).toMatch(/^The guest has printed nothing so far\. .*--cpu.*console=ttyS0.*\n$/)
})
