// What is compared: the state, as the machine and as the model has it, and the events that they tell of.
import { expect } from 'vitest'
import { registersOf } from '../model/state.ts'
import { DATA, DEBUG_SPRS } from '../rig.ts'
import type { Pair } from './begin.ts'

const WORDS = [-4, 0, 4, 8, 12, 16].map((offset) => DATA + offset)
const SHOWN = [3, 4, 5, 7, 14, 15]

const raw = (r: Pair['r'], name: string) => (name in DEBUG_SPRS ? r.vcpu.sprs[DEBUG_SPRS[name]!]! >>> 0 : r.reg(name))
/** As the machine has it, and as the model has it. */
export const ofMachine = ({ r, model }: Pair) => ({
  pc: r.reg('pc'),
  MSR: r.vcpu.MSR >>> 0,
  ...Object.fromEntries(registersOf(model.core.isE500mc).map((name) => [name, raw(r, name)])),
  ...Object.fromEntries(SHOWN.map((n) => [`r${n}`, r.reg(`r${n}`)])),
  CTR: r.reg('CTR'),
  LR: r.reg('LR'),
  TBL: r.reg('TBL'),
  ...Object.fromEntries(WORDS.map((address) => [address, r.machine.memory.read(address, 4) >>> 0])),
})
export const ofModel = ({ model: { core } }: Pair) => ({
  pc: core.guest.pc,
  MSR: core.guest.MSR,
  ...Object.fromEntries(registersOf(core.isE500mc).map((name) => [name, core.guest.spr[name]])),
  ...Object.fromEntries(SHOWN.map((n) => [`r${n}`, core.guest.gpr[n]])),
  CTR: core.guest.CTR,
  LR: core.guest.LR,
  TBL: core.guest.ticks,
  ...Object.fromEntries(WORDS.map((address) => [address, core.guest.words[address] ?? 0])),
})

/** What the machine tells of the guest's events from now on, as the model words it. */
export function log({ r }: Pair): string[] {
  const logged: string[] = []
  r.vcpu.debug.log.listener = ({ event, to }) => {
    if (event.startsWith('writes ') || to === 'host') return
    const names = event.replace(' denied', '').split(', ').sort().join(', ')
    logged.push(`${names} ${event.endsWith('denied') ? 'denied' : to === 'guest' ? 'guest' : 'recorded'}`)
  }
  return logged
}

export function same(machine: object, model: object): void {
  if (JSON.stringify(machine) !== JSON.stringify(model)) expect(machine).toEqual(model)
}
