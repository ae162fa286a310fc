// A drive's three modes, from launch.json and from the command line; and a file that has changed between save and restore.
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { launchConfiguration } from '../../adapter/launch/configuration.ts'
import { type DriveMode, guestDrive } from '../../adapter/launch/drive.ts'
import { nodeHost } from '../../adapter/nodeHost.ts'
import { Disk } from '../../emulator/board/disk.ts'
import { SAMPLE_ELF } from '../support/dap/session.ts'
import { e500, inFolder } from './e500.ts'

const SECTOR = 512
function image(name: string): string {
  const file = inFolder(name)
  writeFileSync(file, new Uint8Array(4 * SECTOR).fill(1))
  return file
}

test.each([
  [{}, 'readwrite'],
  [{ readOnly: false, snapshot: false }, 'readwrite'],
  [{ readOnly: true }, 'readonly'],
  [{ snapshot: true }, 'snapshot'],
])('launch.json: %j is %s', (attributes, mode) => {
  const { drives } = launchConfiguration({ program: SAMPLE_ELF, drives: [{ file: 'disk.img', ...attributes }] })
  expect(drives).toEqual([{ file: 'disk.img', mode }])
})
test('one that is read-only and a snapshot is refused', () => {
  const drives = [{ file: 'disk.img', readOnly: true, snapshot: true }]
  expect(() => launchConfiguration({ program: SAMPLE_ELF, drives })).toThrow(
    /disk.img is both "readOnly" and a "snapshot"/,
  )
})

test.each<[DriveMode, boolean, number]>([
  ['readwrite', false, 2],
  ['readonly', true, 1],
  ['snapshot', false, 1],
])('%s: a guest that finds it read-only: %s; the file then has %i', (mode, isReadOnly, inFile) => {
  const file = image(`${mode}.img`)
  const store = guestDrive(file, mode, nodeHost)
  const disk = new Disk(store)
  expect(disk.isReadOnly).toBe(isReadOnly)
  if (!isReadOnly) disk.write(1, new Uint8Array(SECTOR).fill(2))
  expect(disk.read(1, 1)[0]).toBe(isReadOnly ? 1 : 2)
  expect(readFileSync(file)[SECTOR]).toBe(inFile)
})

describe('restored in another process', () => {
  function saved(name: string, mode = '') {
    const [file, state] = [image(`${name}.img`), inFolder(`${name}.e500`)]
    const run = ['run', SAMPLE_ELF, '--max-instructions', '2000']
    e500([...run, '--drive', `${file}${mode}`, '--save-at', `1000,${state}`])
    return { file, restored: (other = '') => e500([...run, '--drive', `${file}${other}`, '--restore', state]) }
  }
  test('beside the same file', () => {
    expect(saved('same').restored()).toMatchObject({ status: 0, stderr: '' })
  })
  test.each(['', ',snapshot'])('as a snapshot, saved as "FILE%s"', (mode) => {
    expect(saved(`copied${mode}`.replace(',', '-'), mode).restored(',snapshot')).toMatchObject({
      status: 0,
      stderr: '',
    })
  })
  test('a snapshot as a file to write to: refused, since the file would get the later writes without the earlier ones', () => {
    const { status, stderr } = saved('torn', ',snapshot').restored()
    expect([status, stderr]).toEqual([2, expect.stringMatching(/Drive 1 was a snapshot .* FILE,snapshot/)])
  })
  test('beside a file that somebody has written to meanwhile: refused with the way out', () => {
    const { file, restored } = saved('changed')
    writeFileSync(file, new Uint8Array(4 * SECTOR))
    utimesSync(file, new Date(), new Date(Date.now() + 1000))
    const { status, stderr } = restored()
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/changed.img has been written to since .*FILE,snapshot/),
    ])
  })
})
