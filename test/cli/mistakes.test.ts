// What a person gets wrong at the command line: each mistake is code 2 and a sentence with the way out, never our own stack.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SAMPLE_ELF } from '../support/dap/session.ts'
import { e500, inFolder } from './e500.ts'

function file(name: string, content: Uint8Array): string {
  writeFileSync(inFolder(name), content)
  return inFolder(name)
}
const torn = file('torn.elf', readFileSync(SAMPLE_ELF).subarray(0, 2000))
const empty = file('empty', new Uint8Array())
mkdirSync(inFolder('folder'))
const folder = inFolder('folder')
const disks = (count: number) => Array.from({ length: count }, () => ['--drive', `${SAMPLE_ELF},snapshot`]).flat()
const nowhere = '/no/such/folder/file'

const MISTAKES: readonly (readonly [what: string, args: readonly string[], sentence: RegExp])[] = [
  ['no command', [], /A command is needed\. There are: run, dap/],
  ['no such command', ['start'], /"e500 start" is no command\. There are: run, dap/],
  ['no image', ['run'], /One image is needed/],
  ['a missing file', ['run', '/no/such.elf'], /\/no\/such\.elf cannot be opened: there is no such file/],
  ['no ELF', ['run', join(import.meta.dirname, 'e500.ts')], /e500\.ts.*ELF/],
  ['an unknown option', ['run', '--colour', SAMPLE_ELF], /--colour.*e500 --help/],
  ['too little memory', ['run', '--memory', '12', SAMPLE_ELF], /--memory is "12"\. Write whole pages/],
  ['no such core', ['run', '--cpu', 'e600', SAMPLE_ELF], /--cpu is "e600"\. Write "e500v2" or "e500mc"\.\n/],
  ['no core', ['run', '--smp', '0', SAMPLE_ELF], /--smp is "0"\. The board has 1 to 8 cores/],
  ['nine cores', ['run', '--smp', '9', SAMPLE_ELF], /--smp is "9"\. The board has 1 to 8 cores/],
  ['a save without a place', ['run', '--save-at', '5', SAMPLE_ELF], /Write INSTRUCTIONS,FILE/],
  ['too much memory', ['run', '--memory', '3G', SAMPLE_ELF], /--memory is "3G"\. Write whole pages/],
  [
    'less memory than the guest needs',
    ['run', '--memory', '1M', SAMPLE_ELF],
    /Give it \d+M or more \("memory" in launch.json, --memory/,
  ],
  ['a torn ELF file', ['run', torn], /torn\.elf is torn: .* Copy or build the file again/],
  ['an empty image', ['run', empty], /empty is neither an ELF file nor a uImage/],
  ['a folder as image', ['run', folder], /folder cannot be opened: it is a folder/],
  ['a folder as disk', ['run', '--drive', folder, SAMPLE_ELF], /folder cannot be opened: it is a folder/],
  ['an empty disk', ['run', '--drive', empty, SAMPLE_ELF], /a disk needs at least one sector/],
  ['no such disk', ['run', '--drive', nowhere, SAMPLE_ELF], /file cannot be opened: there is no such file/],
  ['no such initrd', ['run', '--initrd', nowhere, SAMPLE_ELF], /file cannot be opened: there is no such file/],
  ['no such firmware', ['run', '--bios', nowhere], /file cannot be opened: there is no such file/],
  ['no device tree', ['run', '--dtb', SAMPLE_ELF, SAMPLE_ELF], /dtc -O dtb/],
  [
    'a number below zero',
    ['run', '--max-instructions', '-5', SAMPLE_ELF],
    /argument is ambiguous\. The options stand in/,
  ],
  ['a console in no folder', ['run', '--serial', nowhere, SAMPLE_ELF], /cannot be written: its folder is not there/],
  ['figures in no folder', ['run', '--stats', nowhere, SAMPLE_ELF], /cannot be written: its folder is not there/],
  ['a state into a folder', ['run', '--save-at', `9,${folder}`, SAMPLE_ELF], /cannot be written: it is a folder/],
  ['memory into no folder', ['run', '--dump-memory', `0,4,${nowhere}`, SAMPLE_ELF], /its folder is not there/],
  ['memory that is none', ['run', '--dump-memory', `0x10000000,4,${empty}`, SAMPLE_ELF], /are not all RAM/],
  ['an unknown option of dap', ['dap', '--listen'], /--listen.*e500 --help/],
  ['a port without a number', ['dap', '--port'], /--port <value>.*argument missing/],
  ['a port that is none', ['dap', '--port', '99999'], /--port is "99999"\. Write 0 to 65535/],
  ['a guest for dap', ['dap', SAMPLE_ELF], /what is debugged is said in the launch request/],
  ['more disks than slots', ['run', ...disks(40), SAMPLE_ELF], /PCI bus has 32 slots, too few/],
  ['a raw image outside memory', ['run', '--load-address', '0xf0000000', torn], /behind the end of the guest's memory/],
  ['a save before the run', ['run', '--save-at', `0,${inFolder('early')}`, SAMPLE_ELF], /begins at instruction 0/],
  [
    'a save that the run does not reach',
    ['run', '--save-at', `9000,${inFolder('late')}`, '--max-instructions', '50', SAMPLE_ELF],
    /the run ended at instruction 50, so .*late was not saved/,
  ],
  ['a reboot of nothing', ['run', '--restore', SAMPLE_ELF, '--reboot'], /give it beside --restore/],
  ['a state that is none', ['run', '--restore', SAMPLE_ELF, SAMPLE_ELF], /is no saved machine/],
]

test.each(MISTAKES)('a mistake in the command is code 2 and a sentence: %s', (_, args, sentence) => {
  const { status, stderr, stdout } = e500(args)
  expect(status).toBe(2)
  expect(stderr).toMatch(sentence)
  expect(stdout).toBe('')
})

test.each(['--help', 'help', 'run --help', 'dap -h'])('help is given where it is asked for: e500 %s', (words) => {
  const { status, stdout } = e500(words.split(' '))
  expect(status).toBe(0)
  expect(stdout).toMatch(/^e500 run \[options\] IMAGE/)
})
