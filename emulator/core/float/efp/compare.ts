// Embedded compares and tests (SPE PEM: efscmpgt, efststgt and their kin). A compare reports special operands; both take
// Infinities, NaNs and denormals as numbers, by sign, exponent and fraction as they stand; +0 equals -0.
// They return the CR field: 0b0100 for true, as QEMU and Linux have it (the manual leaves the other bits undefined).
import { classOfDouble, classOfSingle, invalidInputs } from './operand.ts'
import { settle } from './spefscr.ts'

type Relation = (order: number) => boolean
const isGreater: Relation = (order) => order > 0
const isLess: Relation = (order) => order < 0
const isEqual: Relation = (order) => order === 0

/** Sign and magnitude as a number that orders as the manual does. */
const ordinalOfSingle = (word: number) => (word < 0 ? -(word & 0x7fffffff) : word)

function orderOfDoubles(aHi: number, aLo: number, bHi: number, bLo: number): number {
  const high = ordinalOfSingle(aHi) - ordinalOfSingle(bHi)
  if (high !== 0) return high
  const low = (aLo >>> 0) - (bLo >>> 0)
  if (aHi === bHi) return aHi < 0 ? -low : low
  // The high words are +0 and -0.
  return aHi < 0 ? -((aLo >>> 0) + (bLo >>> 0)) : (aLo >>> 0) + (bLo >>> 0)
}

/** Two elements: high, low, either, both. */
const fieldOfPair = (high: boolean, low: boolean) =>
  (high ? 8 : 0) | (low ? 4 : 0) | (high || low ? 2 : 0) | (high && low ? 1 : 0)

const testSingle = (relation: Relation) => (a: number, b: number) =>
  relation(ordinalOfSingle(a) - ordinalOfSingle(b)) ? 4 : 0

const testPair = (relation: Relation) => (aHi: number, aLo: number, bHi: number, bLo: number) =>
  fieldOfPair(
    relation(ordinalOfSingle(aHi) - ordinalOfSingle(bHi)),
    relation(ordinalOfSingle(aLo) - ordinalOfSingle(bLo)),
  )

const testDouble = (relation: Relation) => (aHi: number, aLo: number, bHi: number, bLo: number) =>
  relation(orderOfDoubles(aHi, aLo, bHi, bLo)) ? 4 : 0

const invalidSingles = (a: number, b: number) => invalidInputs(classOfSingle(a), classOfSingle(b))

/** Leaves efp.spefscr and efp.interrupt; the field is written only if no data interrupt is taken. */
const compareSingle = (relation: Relation) => {
  const test = testSingle(relation)
  return (a: number, b: number, spefscr: number) => {
    settle(invalidSingles(a, b), 0, spefscr)
    return test(a, b)
  }
}

const comparePair = (relation: Relation) => {
  const test = testPair(relation)
  return (aHi: number, aLo: number, bHi: number, bLo: number, spefscr: number) => {
    settle(invalidSingles(aLo, bLo), invalidSingles(aHi, bHi), spefscr)
    return test(aHi, aLo, bHi, bLo)
  }
}

const compareDouble = (relation: Relation) => {
  const test = testDouble(relation)
  return (aHi: number, aLo: number, bHi: number, bLo: number, spefscr: number) => {
    settle(invalidInputs(classOfDouble(aHi, aLo), classOfDouble(bHi, bLo)), 0, spefscr)
    return test(aHi, aLo, bHi, bLo)
  }
}

export const efscmpgt = compareSingle(isGreater)
export const efscmplt = compareSingle(isLess)
export const efscmpeq = compareSingle(isEqual)
export const efststgt = testSingle(isGreater)
export const efststlt = testSingle(isLess)
export const efststeq = testSingle(isEqual)
export const evfscmpgt = comparePair(isGreater)
export const evfscmplt = comparePair(isLess)
export const evfscmpeq = comparePair(isEqual)
export const evfststgt = testPair(isGreater)
export const evfststlt = testPair(isLess)
export const evfststeq = testPair(isEqual)
export const efdcmpgt = compareDouble(isGreater)
export const efdcmplt = compareDouble(isLess)
export const efdcmpeq = compareDouble(isEqual)
export const efdtstgt = testDouble(isGreater)
export const efdtstlt = testDouble(isLess)
export const efdtsteq = testDouble(isEqual)
