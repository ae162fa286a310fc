// What the host's debugger and the world around a guest do, in the machine and in the model.
import { expect } from 'vitest'
import type { Breakpoint, Exit } from '../../../emulator/debug/exit.ts'
import type { DebugOwnership } from '../../../emulator/debug/ownership.ts'
import type { Stop } from '../model/model.ts'
import { UDE } from '../model/state.ts'
import { DATA, handler } from '../rig.ts'
import type { Pair } from './begin.ts'
import type { Pick } from './pick.ts'
import * as values from './values.ts'

const TSR = 336
const DIS = 0x08000000

function setLines({ r, model: { core } }: Pair): void {
  r.vcpu.setCriticalInput(core.critical)
  r.setExternalInput(core.external)
  r.vcpu.sprs[TSR] = core.guest.decrementer ? DIS : 0
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

type Say = (what: string) => void
/** True: the sequence is over. */
type Act = (pair: Pair, say: Say) => boolean | undefined

const run: Act = (pair, say) => {
  const count = 1 + pair.pick.below(pair.pick.of(2, 6))
  say(`run ${count}`)
  return agree(pair, pair.r.machine.run(count), pair.model.run(count))
}
const step: Act = (pair, say) => {
  say('step')
  pair.r.machine.hostDebug.step(0)
  return agree(pair, pair.r.machine.run(1), pair.model.step())
}
const place: Act = ({ r, model: { core }, pick }, say) => {
  const one = breakpoint(pick)
  const id = pick.below(4)
  say(`place ${id} ${JSON.stringify(one)}`)
  r.machine.hostDebug.remove(id)
  const placed = r.machine.hostDebug.place(id, one)
  const slots = core.host.place(id, one, core.guest)
  expect(placed.verified ? (placed.slot ?? '') : undefined).toBe(slots?.join(', '))
}
const remove: Act = ({ r, model: { core }, pick }, say) => {
  const id = pick.below(4)
  say(`remove ${id}`)
  r.machine.hostDebug.remove(id)
  core.host.remove(id)
}
const changeOwner: Act = ({ r, model: { core }, pick }, say) => {
  const ownership = pick.of<DebugOwnership>('guest', 'host', 'shared')
  say(`ownership ${ownership}`)
  r.machine.hostDebug.setOwnership(ownership)
  core.host.ownership = ownership
  core.host.giveWay(core.guest)
}
const changeLine: Act = (pair, say) => {
  const { core } = pair.model
  const line = pair.pick.of('critical', 'external', 'decrementer')
  say(line)
  if (line === 'decrementer') core.guest.decrementer = !core.guest.decrementer
  else core[line] = !core[line]
  setLines(pair)
}
const unconditionalEvent: Act = ({ r, model: { core } }, say) => {
  say('UDE')
  r.vcpu.debug.unconditionalEvent()
  core.event(UDE)
}
/** A guest whose interrupts have no end is lost: that ends the sequence. */
function agree({ model: { core }, stops }: Pair, exit: Exit, stop: Stop): boolean {
  if (exit.kind === 'lost') {
    stops.push('lost')
    return true
  }
  const ids = 'ids' in exit ? [...exit.ids].sort() : []
  expect([exit.kind, ids]).toEqual([stop, stop === 'breakpoint' ? core.host.stopsAt(core.guest.pc).sort() : ids])
  const placements = core.host.placed.flatMap(({ id, breakpoint }) => (ids.includes(id) ? [breakpoint.placement] : []))
  stops.push(...(stop === 'step' ? ['step'] : placements))
  return false
}
/** The debugger writes the program counter and MSR. */
const move: Act = ({ r, model, pick, kind }, say) => {
  const { guest } = model.core
  guest.pc = values.codeAddress(pick)
  guest.MSR = values.msrValue(pick, kind)
  say(`pc ${guest.pc} MSR ${guest.MSR}`)
  r.vcpu.setRegister('MSR', guest.MSR | 0)
  r.vcpu.setRegister('pc', guest.pc)
  model.moved()
}
/** What happens from here is made undone. */
const saveAndRestore: Act = (pair, say) => {
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
}

const OFTEN: readonly (readonly [percent: number, act: Act])[] = [
  [50, run],
  [12, step],
  [12, place],
  [4, remove],
  [5, changeOwner],
  [9, changeLine],
  [4, unconditionalEvent],
  [4, saveAndRestore],
]
const ACTS = OFTEN.flatMap(([percent, act]) => Array<Act>(percent).fill(act))
/** True: the sequence is over. */
export function act(pair: Pair, say: Say): boolean {
  const isStuck = pair.model.isAtItsEnd() && pair.pick.chance(60)
  return (isStuck ? move : pair.pick.of(...ACTS))(pair, say) === true
}
