// A random guest: a program of straight code and small branches, and a few instructions in each interrupt's handler.
import { guestHandler } from '../model/core.ts'
import type { Instruction } from '../model/instructions.ts'
import * as as from '../model/instructions.ts'
import type { Register } from '../model/state.ts'
import { CODE, DATA, handler, UNMAPPED } from '../rig.ts'
import type { Pick } from './pick.ts'
import * as values from './values.ts'
import { type Kind, LENGTH } from './values.ts'

/** What the registers hold that the instructions name. */
export function registers(pick: Pick, kind: Kind, hypervisor: string): number[] {
  const gpr = Array<number>(32).fill(0)
  const put = (first: number, ...them: readonly number[]) => {
    for (const [n, value] of them.entries()) gpr[first + n] = value >>> 0
  }
  put(3, pick.below(1000), 0, 0, 0xffffffff)
  put(9, DATA, DATA + 4, DATA + 8, DATA + 3, UNMAPPED, DATA - 4)
  put(16, values.msrValue(pick, kind), values.msrValue(pick, kind), values.msrValue(pick, kind))
  put(19, values.dbcr0Value(pick, kind, hypervisor), values.dbcr0Value(pick, kind, hypervisor))
  put(21, values.iacValue(pick), values.iacValue(pick), values.compareControl(pick), values.dbsrValue(pick))
  put(25, values.dacValue(pick), values.dacValue(pick), values.epcrValue(pick), values.msrpValue(pick))
  put(1, values.dbcr4Value(pick), values.codeAddress(pick))
  return gpr
}

function write(pick: Pick, { isE500mc }: Kind): Instruction {
  const names: readonly (readonly [Register, readonly number[]])[] = [
    ['DBCR0', [19, 20]],
    ['DBCR0', [19, 20]],
    ['DBSR', [6, 24]],
    ['DBSR', [6, 24]],
    ['IAC1', [21, 22]],
    ['IAC2', [21, 22]],
    ['DBCR1', [8, 23]],
    ['DAC1', [25, 26]],
    ['DAC2', [25, 26]],
    ['DBCR2', [8, 23]],
    ['SRR1', [16, 17, 18]],
    ['CSRR1', [16, 17, 18]],
    ['SRR0', [2]],
  ]
  const more: typeof names = [
    ['DBSRWR', [24]],
    ['EPCR', [8, 27]],
    ['MSRP', [8, 28]],
    ['DBCR4', [8, 1]],
    ['DSRR1', [16, 17, 18]],
    ['DSRR0', [2]],
  ]
  const [name, from] = pick.of(...names, ...(isE500mc ? more : []))
  return as.moveToSpr(name, pick.of(...from))
}
function read(pick: Pick, { isE500mc }: Kind): Instruction {
  const names: readonly Register[] = ['DBCR0', 'DBCR0', 'DBSR', 'DBSR', 'IAC1', 'DAC2', 'SRR1', 'CSRR1']
  return as.moveFromSpr(5, pick.of(...names, ...(isE500mc ? (['DSRR1', 'DBCR4'] as const) : [])))
}
function storage(pick: Pick): Instruction {
  const RA = pick.of(9, 9, 9, 10, 10, 11, 12, 13)
  const aligned = pick.of(9, 10, 11)
  return pick.of(
    ...[as.load(4, RA, 0, 4), as.load(4, RA, 0, 1), as.store(3, RA, 0, 4), as.store(3, RA, 0, 1)],
    ...[as.load(4, RA, 0, 4), as.store(3, RA, 0, 4), as.storeUpdate(3, 14, 4)],
    ...[as.loadReserve(4, aligned), as.storeConditional(3, aligned), as.loadMultiple(29, RA), as.zeroLine(RA)],
    as.cacheOperation(pick.of('dcbst', 'dcbf'), RA, 'store', false),
    as.cacheOperation(pick.of('dcbt', 'dcbtst'), RA, 'load', true),
    as.cacheOperation('icbi', RA, 'load', false),
  )
}
function jump(pick: Pick, here: number, length: number): Instruction {
  const target = pick.chance(80) ? Math.min(length, here + 1 + pick.below(2)) : pick.below(length)
  const [label, address] = [`m${target}`, CODE + 4 * target]
  return pick.of(
    ...[as.branch(label, address), as.call(label, address), as.countDown(label, address), as.untaken(label)],
    ...[as.setCtr(2), as.setCtr(13), as.toCtr],
  )
}
const back = (pick: Pick) =>
  pick.of(as.returnFromInterrupt, as.returnFromInterrupt, as.returnFromCritical, as.returnFromDebug)

function instruction(pick: Pick, kind: Kind, here: number): Instruction {
  const which = pick.below(100)
  if (which < 20) return as.add(3, 1)
  if (which < 40) return storage(pick)
  if (which < 60) return write(pick, kind)
  if (which < 66) return read(pick, kind)
  if (which < 74) return as.moveToMsr(pick.of(16, 17, 18))
  if (which < 76) return as.moveFromMsr(7)
  if (which < 85) return jump(pick, here, LENGTH)
  if (which < 91) return pick.of(as.trap, as.trap, as.untrapped)
  if (which < 94) return as.systemCall
  if (which < 95) return as.illegal
  if (which < 99) return back(pick)
  return as.isync
}

/** What goes on only behind the instruction that brought it. */
const FAULTS = [5, 6, 13, 41]
/** Most clear what brought them, and go back; the returns fit the class. */
function handlerBody(pick: Pick, kind: Kind, number: number): Instruction[] {
  const debug = kind.isE500mc ? as.returnFromDebug : as.returnFromCritical
  const fitting = number === 15 ? debug : number === 0 ? as.returnFromCritical : as.returnFromInterrupt
  const saved = kind.isE500mc ? 'DSRR0' : 'CSRR0'
  const skip = number === 15 ? saved : FAULTS.includes(number) ? 'SRR0' : undefined
  const body: Instruction[] = []
  for (let n = pick.below(3); n > 0; n--)
    body.push(pick.of(as.add(3, 1), write(pick, kind), read(pick, kind), storage(pick)))
  if (number === 15 && pick.chance(85)) body.push(as.moveToSpr('DBSR', 6))
  if (number === 15 && pick.chance(30)) body.push(as.moveToSpr('DBCR0', 20))
  if (skip && pick.chance(85)) body.push(as.moveFromSpr(15, skip), as.add(15, 4), as.moveToSpr(skip, 15))
  if (pick.chance(95)) body.push(fitting)
  return body
}

const HANDLERS = [0, 4, 5, 6, 8, 10, 13, 14, 15, 41]
const GUEST_HANDLERS = [8, 13, 14]

export interface Program {
  readonly instructions: ReadonlyMap<number, Instruction>
  readonly main: string
  readonly at: Readonly<Record<number, string>>
}
export function program(pick: Pick, kind: Kind): Program {
  const instructions = new Map<number, Instruction>()
  const at: Record<number, string> = {}
  const lay = (address: number, body: readonly Instruction[]) => {
    for (const [n, one] of body.entries()) instructions.set(address + 4 * n, one)
    const end = address + 4 * body.length
    instructions.set(end, as.branch('here', end))
  }
  const main = Array.from({ length: LENGTH }, (_, here) => instruction(pick, kind, here))
  lay(CODE, main)
  const places = [
    ...HANDLERS.map((number) => [number, handler(number)] as const),
    ...(kind.isE500mc ? GUEST_HANDLERS.map((number) => [number, guestHandler(number)] as const) : []),
  ]
  for (const [number, address] of places) {
    const body = handlerBody(pick, kind, number)
    lay(address, body)
    at[address] = `${body.map(({ text }) => text).join('\n')}\nhere:\nb here`
  }
  const text = main.map((one, n) => `m${n}:\n${one.text}`).join('\n')
  return { instructions, main: `${text}\nm${LENGTH}:`, at }
}
