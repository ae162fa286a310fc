// Damage in one place must not hide the rest: it is reported, and the question gets its fallback.
import { DwarfError } from './error.ts'

export type Guarded = <T>(fallback: T, work: () => T) => T

export function guard(problem: (text: string) => void): Guarded {
  return (fallback, work) => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof DwarfError)) throw error
      problem(error.message)
      return fallback
    }
  }
}
