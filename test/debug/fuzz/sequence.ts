// One sequence: a random guest, and what random requests of the host make of it, in the machine and in the model.
import { expect } from 'vitest'
import type { Breakpoint, Exit } from '../../../emulator/debug/exit.ts'
import type { DebugOwnership, DeniedWrite, Hypervisor } from '../../../emulator/debug/ownership.ts'
import type { CoreName } from '../../../emulator/spr/record.ts'
import { Core, guestHandler } from '../model/core.ts'
import { Host } from '../model/host.ts'
import { Model, type Stop } from '../model/model.ts'
import { written } from '../model/rules.ts'
import { type Guest, type Register, registersOf, UDE } from '../model/state.ts'
import { CODE, DATA, DEBUG_SPRS, handler, rig } from '../rig.ts'
import { type Pick, picker } from './pick.ts'
import { program, registers } from './program.ts'
import * as values from './values.ts'

const WORDS = [-4, 0, 4, 8, 12, 16].map((offset) => DATA + offset)
const SHOWN = [3, 4, 5, 7, 14, 15]
const DIE = 0x04000000
const DIS = 0x08000000

interface Pair {
  readonly r: ReturnType<typeof rig>
  readonly model: Model
  readonly pick: Pick
  readonly kind: values.Kind
  /** Where the host's debugger was told to stop: the placement, or `step`. */
  readonly stops: string[]
}

function begin(cpu: CoreName, pick: Pick): Pair {
  const isE500mc = cpu === 'e500mc'
  const hypervisor = pick.of<Hypervisor>('none', 'none', 'none', 'kvm', 'nxp')
  const deniedWrite = pick.of<DeniedWrite>('ignore', 'programInterrupt')
  const rules = { hypervisor, deniedWrite }
  const ownership = pick.of('shared', 'shared', 'guest', 'host')
  const kind = { isE500mc, guests: isE500mc && hypervisor === 'none' }
  const { instructions, main, at } = program(pick, kind)
  const gpr = registers(pick, kind, hypervisor)
  const spr: Partial<Record<Register, number>> = {
    ...{
      DBCR0: values.dbcr0Value(pick, kind, hypervisor),
      DBCR1: values.compareControl(pick),
      DBCR2: values.compareControl(pick),
    },
    ...{
      IAC1: values.iacValue(pick),
      IAC2: values.iacValue(pick),
      DAC1: values.dacValue(pick),
      DAC2: values.dacValue(pick),
    },
    ...{ SRR0: values.codeAddress(pick), SRR1: values.msrValue(pick, kind), CSRR0: values.codeAddress(pick) },
    CSRR1: values.msrValue(pick, kind),
    ...(isE500mc && {
      ...{ EPCR: values.epcrValue(pick), MSRP: values.msrpValue(pick), DBCR4: values.dbcr4Value(pick) },
      ...{ DSRR0: values.codeAddress(pick), DSRR1: values.msrValue(pick, kind) },
      ...{ GSRR0: values.codeAddress(pick), GSRR1: values.msrValue(pick, kind) },
    }),
  }
  for (const name of ['DBCR0', 'DBCR1', 'DBCR2', 'DBCR4'] as const)
    if (spr[name] !== undefined) spr[name] = (written(rules, isE500mc, name, spr[name]) ?? 0) >>> 0
  const dbsr = pick.chance(50) ? 0x10000000 : 0
  const MSR = values.msrValue(pick, kind)
  const guestHandlers = isE500mc
    ? { GIVPR: 0, ...Object.fromEntries([8, 13, 14].map((n) => [`GIVOR${n}`, guestHandler(n)])) }
    : {}
  const signed = Object.fromEntries(
    Object.entries({ ...spr, ...guestHandlers }).map(([name, value]) => [name, value | 0]),
  )
  const r = rig(cpu, main, {
    ...{ MSR, dbsr, at, ownership, hypervisor, deniedWrite },
    gpr: Object.fromEntries(gpr.map((value, n) => [n, value | 0])),
    spr: { ...signed, TCR: DIE },
  })
  const guest: Guest = {
    ...{ pc: CODE, MSR, CTR: 0, LR: 0, gpr, words: {}, reserved: undefined, decrementer: false, ticks: 0 },
    spr: { ...Object.fromEntries(registersOf(true).map((name) => [name, 0])), ...spr, DBSR: dbsr } as Guest['spr'],
  }
  const core = new Core(guest, new Host(ownership, isE500mc), rules)
  return { r, model: new Model(core, instructions), pick, kind, stops: [] }
}

const raw = (r: Pair['r'], name: string) => (name in DEBUG_SPRS ? r.vcpu.sprs[DEBUG_SPRS[name]!]! >>> 0 : r.reg(name))
/** As the machine has it, and as the model has it. */
const ofMachine = ({ r, model }: Pair) => ({
  pc: r.reg('pc'),
  MSR: r.vcpu.MSR >>> 0,
  ...Object.fromEntries(registersOf(model.core.isE500mc).map((name) => [name, raw(r, name)])),
  ...Object.fromEntries(SHOWN.map((n) => [`r${n}`, r.reg(`r${n}`)])),
  CTR: r.reg('CTR'),
  LR: r.reg('LR'),
  TBL: r.reg('TBL'),
  ...Object.fromEntries(WORDS.map((address) => [address, r.machine.memory.read(address, 4) >>> 0])),
})
const ofModel = ({ model: { core } }: Pair) => ({
  pc: core.guest.pc,
  MSR: core.guest.MSR,
  ...Object.fromEntries(registersOf(core.isE500mc).map((name) => [name, core.guest.spr[name]])),
  ...Object.fromEntries(SHOWN.map((n) => [`r${n}`, core.guest.gpr[n]])),
  CTR: core.guest.CTR,
  LR: core.guest.LR,
  TBL: core.guest.ticks,
  ...Object.fromEntries(WORDS.map((address) => [address, core.guest.words[address] ?? 0])),
})

function setLines({ r, model: { core } }: Pair): void {
  r.vcpu.setCriticalInput(core.critical)
  r.setExternalInput(core.external)
  r.vcpu.sprs[336] = core.guest.decrementer ? DIS : 0
  r.vcpu.interruptsChanged()
}

function breakpoint(pick: Pick): Breakpoint {
  if (pick.chance(65))
    return {
      kind: 'instruction',
      placement: pick.of('auto', 'iac', 'trap'),
      address: pick.chance(85) ? values.codeAddress(pick) : handler(pick.of(0, 6, 8, 15)),
    }
  const length = pick.of(1, 4, 16)
  return {
    ...{ kind: 'data', placement: pick.of('auto', 'dac'), length },
    address: DATA + { 1: pick.of(0, 3, 4, 5), 4: pick.of(0, 4), 16: 0 }[length]!,
    access: pick.of('load', 'store', 'both'),
  }
}

/** True: the sequence is over. */
function act(pair: Pair, say: (what: string) => void): boolean {
  const { r, model, pick } = pair
  const { core } = model
  const { hostDebug } = r.machine
  if (model.isAtItsEnd() && pick.chance(60)) return move(pair, say)
  const which = pick.below(100)
  if (which < 50) {
    const count = 1 + pick.below(pick.of(2, 6))
    say(`run ${count}`)
    return agree(pair, r.machine.run(count), model.run(count))
  }
  if (which < 62) {
    say('step')
    hostDebug.step(0)
    return agree(pair, r.machine.run(1), model.step())
  }
  if (which < 74) {
    const one = breakpoint(pick)
    const id = pick.below(4)
    say(`place ${id} ${JSON.stringify(one)}`)
    hostDebug.remove(id)
    const placed = hostDebug.place(id, one)
    const slots = core.host.place(id, one, core.guest)
    expect(placed.verified ? (placed.slot ?? '') : undefined).toBe(slots?.join(', '))
  } else if (which < 78) {
    const id = pick.below(4)
    say(`remove ${id}`)
    hostDebug.remove(id)
    core.host.remove(id)
  } else if (which < 83) {
    const ownership: DebugOwnership = pick.of('guest', 'host', 'shared')
    say(`ownership ${ownership}`)
    hostDebug.setOwnership(ownership)
    core.host.ownership = ownership
    core.host.giveWay(core.guest)
  } else if (which < 96) {
    const line = pick.of('critical', 'external', 'decrementer', 'UDE')
    say(line)
    if (line === 'UDE') {
      r.vcpu.debug.unconditionalEvent()
      core.event(UDE)
    } else if (line === 'decrementer') core.guest.decrementer = !core.guest.decrementer
    else core[line] = !core[line]
    setLines(pair)
  } else return restoreAndReturn(pair, say)
  return false
}
/** A guest whose interrupts have no end is lost: that ends the sequence. */
function agree({ model: { core }, stops }: Pair, exit: Exit, stop: Stop): boolean {
  if (exit.kind === 'lost') return true
  const ids = 'ids' in exit ? [...exit.ids].sort() : []
  expect([exit.kind, ids]).toEqual([stop, stop === 'breakpoint' ? core.host.stopsAt(core.guest.pc).sort() : ids])
  const placements = core.host.placed.flatMap(({ id, breakpoint }) => (ids.includes(id) ? [breakpoint.placement] : []))
  stops.push(...(stop === 'step' ? ['step'] : placements))
  return false
}
/** The debugger writes the program counter and MSR. */
function move({ r, model, pick, kind }: Pair, say: (what: string) => void): boolean {
  const { guest } = model.core
  guest.pc = values.codeAddress(pick)
  guest.MSR = values.msrValue(pick, kind)
  say(`pc ${guest.pc} MSR ${guest.MSR}`)
  r.vcpu.setRegister('MSR', guest.MSR | 0)
  r.vcpu.setRegister('pc', guest.pc)
  model.moved()
  return false
}
/** What happens from here is made undone. */
function restoreAndReturn(pair: Pair, say: (what: string) => void): boolean {
  const { r, model } = pair
  const saved = structuredClone(r.machine.save())
  const guest = structuredClone(model.core.guest)
  say('save, run 3, restore')
  if (agree(pair, r.machine.run(3), model.run(3))) return true
  r.machine.restore(saved)
  model.core.guest = guest
  model.moved()
  model.core.host.giveWay(guest)
  setLines(pair)
  return false
}

/** What was seen: `IAC1 guest`, `stop iac` ..., and how often. */
export type Tally = Map<string, number>

export function sequence(cpu: CoreName, seed: number, tally: Tally, look?: (pair: Pair, said: string[]) => void): void {
  const pair = begin(cpu, picker(seed))
  const said: string[] = []
  const logged = log(pair)
  try {
    for (let n = 0; n < 24; n++) {
      look?.(pair, said)
      if (act(pair, (what) => said.push(what))) return
      same(ofMachine(pair), ofModel(pair))
      // The machine tells of no event that comes to nothing; of two on one instruction either may be told first.
      const told = pair.model.core.told.filter(({ outcome }) => outcome !== 'nowhere')
      same(logged.toSorted(), told.map(({ event, outcome }) => `${event} ${outcome}`).sort())
    }
  } catch (error) {
    ;(error as Error).message += `\nseed ${seed}: ${said.join('; ')}`
    throw error
  } finally {
    const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)
    for (const { event, outcome } of pair.model.core.told)
      for (const one of event.split(', ')) count(`${one} ${outcome}`)
    for (const stop of pair.stops) count(`stop ${stop}`)
  }
}
function same(machine: object, model: object): void {
  if (JSON.stringify(machine) !== JSON.stringify(model)) expect(machine).toEqual(model)
}
/** What the machine tells of the guest's events from now on, as the model words it. */
function log({ r }: Pair): string[] {
  const logged: string[] = []
  r.vcpu.debug.log.listener = ({ event, to }) => {
    if (event.startsWith('writes ') || to === 'host') return
    const names = event.replace(' denied', '').split(', ').sort().join(', ')
    logged.push(`${names} ${event.endsWith('denied') ? 'denied' : to === 'guest' ? 'guest' : 'recorded'}`)
  }
  return logged
}

const EVENTS = ['IAC1', 'IAC2', 'DAC1R', 'DAC1W', 'DAC2R', 'DAC2W', 'TRAP', 'BRT', 'ICMP', 'IRPT', 'RET', 'UDE']
const REGISTERS = ['DBCR0', 'DBCR1', 'DBCR2', 'DBSR', 'IAC1', 'IAC2', 'DAC1', 'DAC2']
/** What has to be seen of each core, and was not. */
export function missingIn(tally: Tally, cpu: CoreName): string[] {
  const isE500mc = cpu === 'e500mc'
  const events = [...EVENTS, ...(isE500mc ? ['CIRPT', 'CRET'] : [])]
  const registers = [...REGISTERS, ...(isE500mc ? ['DBCR4', 'DBSRWR'] : [])]
  return [
    ...events.flatMap((event) => ['guest', 'recorded', 'nowhere'].map((outcome) => `${event} ${outcome}`)),
    ...registers.map((name) => `${name} denied`),
    ...['auto', 'iac', 'trap', 'dac', 'step'].map((placement) => `stop ${placement}`),
  ].filter((what) => !tally.has(what))
}
