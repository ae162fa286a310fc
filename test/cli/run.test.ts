// `e500 run` as a person starts it: exit codes, what it leaves behind, and that a run can be repeated and divided.
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { SAMPLE_ELF } from '../support/dap/session.ts'
import { guestFile, kernelFile } from '../support/guests.ts'
import { guests } from '../support/tools.ts'
import { e500, inFolder } from './e500.ts'

const HASH = /^[\da-f]{16}$/

/** Two runs, and one that is saved in the middle and goes on in another process. */
function expectRepeatable(args: readonly string[], middle: number, state: string): void {
  const whole = e500(['run', ...args, '--hash'])
  expect(whole.hash).toMatch(HASH)
  expect(e500(['run', ...args, '--hash']).hash).toBe(whole.hash)
  const saved = e500([
    'run',
    ...args,
    '--save-at',
    `${middle},${inFolder(state)}`,
    '--max-instructions',
    String(middle),
    '--hash',
  ])
  expect(saved.hash).not.toBe(whole.hash)
  const [, ...withoutImage] = args
  const rest = e500(['run', ...withoutImage, '--restore', inFolder(state), '--hash'])
  expect(rest.hash).toBe(whole.hash)
  expect(whole.stdout.endsWith(rest.stdout.trimStart())).toBe(true)
}

test('the sample guest: twice, and divided in two processes, with the same hash', () => {
  expectRepeatable([SAMPLE_ELF, '--until', 'sample> '], 30_000, 'sample.e500')
})

test('two cores: the same', () => {
  expectRepeatable([SAMPLE_ELF, '--smp', '2', '--until', 'sample> '], 30_000, 'cores.e500')
})

test('a run of no instruction prints nothing', () => {
  const stats = inFolder('none.json')
  const { status, stdout } = e500(['run', SAMPLE_ELF, '--max-instructions', '0', '--stats', stats])
  expect([status, stdout, JSON.parse(readFileSync(stats, 'utf8'))]).toMatchObject([0, '', { instructions: 0 }])
})

test.skipIf(!guests)('Linux to its first console line: twice, and divided in two processes, with the same hash', () => {
  const args = [kernelFile('vmlinux-e500v2'), '--append', 'console=ttyS0,115200', '--until', 'Linux version 6.1']
  expectRepeatable(args, 1_000_000, 'linux.e500')
})

test.skipIf(!guests)('a benchmark that is bigger than a slice: the same', () => {
  expectRepeatable([guestFile('bench', 'bench-e500v2-x1.elf')], 40_000_000, 'bench.e500')
})

test('exit code 0 when the guest powers off; its console is stdout', () => {
  const { status, stdout } = e500(['run', SAMPLE_ELF], 'tasks\rpoweroff\r')
  expect(status).toBe(0)
  expect(stdout).toMatch(/e500 sample kernel[\s\S]*consumer[\s\S]*Power off\./)
})

test('a reset ends the run with code 0, or starts the guest again', () => {
  expect(e500(['run', SAMPLE_ELF], 'reset\r')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('e500 sample kernel'),
  })
  const again = e500(['run', SAMPLE_ELF, '--reboot', '--max-instructions', '3000000'], 'reset\r')
  expect(again.stdout.match(/e500 sample kernel/g)).toHaveLength(2)
})

test('a reset of a restored guest starts it from its beginning, not from where it was saved', () => {
  const [state, stats] = [inFolder('prompt.e500'), inFolder('prompt.json')]
  e500(['run', SAMPLE_ELF, '--until', 'sample> ', '--stats', stats])
  const { instructions } = JSON.parse(readFileSync(stats, 'utf8')) as { instructions: number }
  e500(['run', SAMPLE_ELF, '--save-at', `${instructions},${state}`, '--max-instructions', `${instructions}`])
  const args = ['run', SAMPLE_ELF, '--restore', state, '--reboot', '--until', 'e500 sample kernel']
  expect(e500([...args, '--max-instructions', '9000000'], 'reset\r').stdout).toMatch(/reset[\s\S]*e500 sample kernel$/)
})

test('--max-instructions, --save-at and --stats count on over a reset', () => {
  const [state, stats] = [inFolder('later.e500'), inFolder('later.json')]
  const counted = () => (JSON.parse(readFileSync(stats, 'utf8')) as { instructions: number }).instructions
  e500(['run', SAMPLE_ELF, '--stats', stats], 'reset\r')
  const first = counted()
  const args = ['run', SAMPLE_ELF, '--reboot', '--save-at', `${first + 1000},${state}`, '--stats', stats]
  const { status } = e500([...args, '--max-instructions', `${first + 2000}`], 'reset\r')
  expect([status, counted()]).toEqual([0, first + 2000])
  expect(e500(['run', '--restore', state, '--max-instructions', '0', '--stats', stats]).status).toBe(0)
  expect(counted()).toBe(1000)
})

test('--stats counts interrupts by name, as the guest does', () => {
  const stats = inFolder('interrupts.json')
  const { stdout } = e500(['run', SAMPLE_ELF, '--stats', stats], 'tasks\rpoweroff\r')
  // Each task's line ends with its system calls.
  const systemCalls = [...stdout.matchAll(/^\d .* (\d+)\r?$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
  const { interrupts } = JSON.parse(readFileSync(stats, 'utf8')) as { interrupts: Readonly<Record<string, number>> }
  expect(systemCalls).toBeGreaterThan(0)
  expect(interrupts['System call']).toBe(systemCalls)
})

test('--until finds text beyond ASCII', () => {
  const { status, stdout } = e500(['run', SAMPLE_ELF, '--until', 'größer', '--max-instructions', '3000000'], 'größer\r')
  expect([status, stdout.endsWith('größer')]).toEqual([0, true])
})

test('saved several times in one run', () => {
  const [early, late] = [inFolder('early.e500'), inFolder('late.e500')]
  const until = ['--until', 'sample> ', '--hash']
  const whole = e500(['run', SAMPLE_ELF, '--save-at', `20000,${late}`, '--save-at', `1000,${early}`, ...until])
  for (const state of [early, late]) expect(e500(['run', '--restore', state, ...until]).hash).toBe(whole.hash)
})

test('--stats, --dump-memory and --dump-dtb leave files', () => {
  const files = ['stats.json', 'ram.bin', 'tree.dtb'].map(inFolder) as [string, string, string]
  const [stats, ram, tree] = files
  e500([
    'run',
    SAMPLE_ELF,
    '--max-instructions',
    '20000',
    '--stats',
    stats,
    '--dump-memory',
    `0x0,64,${ram}`,
    '--dump-dtb',
    tree,
    '--append',
    'console=ttyS0 name="two words"',
  ])
  expect(JSON.parse(readFileSync(stats, 'utf8'))).toMatchObject({ instructions: 20000 })
  expect(readFileSync(ram)).toHaveLength(64)
  expect(readFileSync(tree).readUInt32BE(0)).toBe(0xd00dfeed)
  expect(readFileSync(tree, 'latin1')).toContain('console=ttyS0 name="two words"\0')
})

test('a saved machine of another size is refused', () => {
  const state = inFolder('small.e500')
  e500(['run', SAMPLE_ELF, '--memory', '64M', '--save-at', `1000,${state}`, '--max-instructions', '1000'])
  const { status, stderr } = e500(['run', SAMPLE_ELF, '--restore', state])
  expect(status).toBe(2)
  expect(stderr).toMatch(/64 MB of memory/)
  const torn = inFolder('torn.e500')
  writeFileSync(torn, readFileSync(state).subarray(0, 200))
  expect(e500(['run', SAMPLE_ELF, '--restore', torn])).toMatchObject({
    status: 2,
    stderr: `${torn} is torn: its file is damaged or was not written to its end. Save it anew with --save-at.\n`,
  })
  writeFileSync(torn, gzipSync('something else'))
  expect(e500(['run', SAMPLE_ELF, '--restore', torn])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/is no saved machine of this version/),
  })
  writeFileSync(torn, gzipSync('e500-debug state 1\nnull\n'))
  expect(e500(['run', SAMPLE_ELF, '--restore', torn])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/is torn/),
  })
  expect(e500(['run', SAMPLE_ELF, '--smp', '2', '--memory', '64M', '--restore', state])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/of another machine \(1 e500v2, 64 MB.*\); this one has 2 e500v2, 64 MB/),
  })
})
