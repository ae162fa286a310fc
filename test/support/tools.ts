// What a test needs from the system: absent means skipped, and the line says which command installs it.
import { spawnSync } from 'node:child_process'

export function missingProgram(program: string, debianPackage: string): boolean {
  if (spawnSync(program, ['--version']).status === 0) return false
  console.log(`Skipped without ${program}: apt-get install ${debianPackage}`)
  return true
}

/** The folder of real guests, or undefined: then their tests are skipped. */
export const guests = process.env.E500_GUESTS
