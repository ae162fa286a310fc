// Random choices that a seed repeats.
import { random } from '../../support/random.ts'

export type Pick = ReturnType<typeof picker>

/** The first few words of neighbouring seeds are alike, so they are left out. */
export function picker(seed: number) {
  const next = random(seed * 0x9e3779b1)
  for (let n = 0; n < 8; n++) next()
  const below = (bound: number) => (next() >>> 0) % bound
  const of = <T>(...choices: readonly T[]): T => choices[below(choices.length)]!
  const chance = (percent: number) => below(100) < percent
  /** Each of them or not. */
  const bits = (percent: number, ...masks: readonly number[]) =>
    masks.reduce((all, mask) => (chance(percent) ? all | mask : all), 0) >>> 0
  return { below, of, chance, bits }
}
