// An ext2 disk of 2 MB with two files.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Of the running test alone; gone when it ends. */
export function ext2Disk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'e500-boot-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const content = mkdtempSync(join(folder, 'content-'))
  writeFileSync(join(content, 'hello.txt'), 'hello disk\n')
  writeFileSync(join(content, 'numbers.txt'), Array.from({ length: 9000 }, (_, n) => `${n}\n`).join(''))
  const disk = join(folder, 'disk.img')
  spawnSync('mke2fs', ['-q', '-t', 'ext2', '-d', content, '-F', disk, '2M'])
  return disk
}
