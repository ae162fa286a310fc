// Files that a run writes; that it cannot is a sentence.
import { accessSync, closeSync, constants, existsSync, openSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { reasonOf } from '../nodeHost.ts'
import { UserError } from '../userError.ts'

/** Its descriptor. */
export const openOutput = (path: string) => explained(path, () => openSync(path, 'w'))

/** What is in it stays as it is; none is made. */
export const checkWritable = (path: string) =>
  explained(path, () => {
    if (existsSync(path)) closeSync(openSync(path, 'a'))
    else accessSync(dirname(path), constants.W_OK)
  })

export const writeOutput = (path: string, content: string | Uint8Array) =>
  explained(path, () => writeFileSync(path, content))

function explained<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const isWithoutFolder = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const reason = isWithoutFolder ? 'its folder is not there' : reasonOf(error)
    throw new UserError(`${path} cannot be written: ${reason}. Name another file.`)
  }
}
