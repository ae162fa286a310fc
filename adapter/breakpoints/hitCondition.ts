// `5`, `>= 5`, `% 3`: at which of its hits a breakpoint stops. A number alone means exactly that hit, as in VS Code's own debugger.
import { UserError } from '../userError.ts'

export type HitCondition = (hits: number) => boolean

const OPERATORS: Readonly<Record<string, (hits: number, n: number) => boolean>> = {
  '=': (hits, n) => hits === n,
  '==': (hits, n) => hits === n,
  '>': (hits, n) => hits > n,
  '>=': (hits, n) => hits >= n,
  '<': (hits, n) => hits < n,
  '<=': (hits, n) => hits <= n,
  '%': (hits, n) => hits % n === 0,
}

export function hitCondition(text: string): HitCondition {
  const match = /^\s*(==?|>=?|<=?|%)?\s*([1-9]\d*)\s*$/.exec(text)
  if (!match) throw new UserError(`"${text}" is no hit count. Write a number, or >, >=, <, <= or % and a number.`)
  const holds = OPERATORS[match[1] ?? '==']!
  const n = Number(match[2])
  return (hits) => holds(hits, n)
}
