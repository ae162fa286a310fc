// What a test needs from the system: absent means skipped, and the line says which command installs it.
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'

/** Program -> Debian's packages. */
export const PROGRAMS = {
  csmith: 'csmith libcsmith-dev',
  dtc: 'device-tree-compiler',
  gcc: 'gcc',
  'gdb-multiarch': 'gdb-multiarch',
  'i686-linux-gnu-gcc': 'gcc-i686-linux-gnu',
  'llvm-dwarfdump': 'llvm',
  mke2fs: 'e2fsprogs',
  'powerpc-linux-gnu-addr2line': 'binutils-powerpc-linux-gnu',
  'powerpc-linux-gnu-as': 'binutils-powerpc-linux-gnu',
  'powerpc-linux-gnu-gcc': 'gcc-powerpc-linux-gnu',
  'powerpc-linux-gnu-objdump': 'binutils-powerpc-linux-gnu',
  'powerpc-linux-gnu-readelf': 'binutils-powerpc-linux-gnu',
  'qemu-system-ppc': 'qemu-system-ppc',
  script: 'bsdutils',
  xz: 'xz-utils',
} as const

export const isMissing = (program: string) => spawnSync(program, ['--version'], { cwd: tmpdir() }).error !== undefined

export function missingProgram(program: keyof typeof PROGRAMS): boolean {
  if (!isMissing(program)) return false
  console.log(`Skipped without ${program}: apt-get install ${PROGRAMS[program]}`)
  return true
}

/** The folder of real guests, or undefined: then their tests are skipped. */
export const guests = process.env.E500_GUESTS

/** For what runs beside QEMU, whose time and cores go by this computer's: a busy one may once give it a line more. .ci/run prints what needed a later try. */
export const AGAIN = { retry: 2 } as const
