// A random guest in the machine and in the model.
import type { DeniedWrite, Hypervisor } from '../../../emulator/debug/ownership.ts'
import type { CoreName } from '../../../emulator/spr/record.ts'
import { Core, guestHandler } from '../model/core.ts'
import { Host } from '../model/host.ts'
import { Model } from '../model/model.ts'
import { written } from '../model/rules.ts'
import { type Guest, registersOf } from '../model/state.ts'
import { CODE, rig } from '../rig.ts'
import type { Pick } from './pick.ts'
import { program, registers } from './program.ts'
import * as values from './values.ts'

const DIE = 0x04000000

/** The machine and the model of one guest. */
export interface Pair {
  readonly r: ReturnType<typeof rig>
  readonly model: Model
  readonly pick: Pick
  readonly kind: values.Kind
  /** Where the host's debugger was told to stop: the placement, or `step`. */
  readonly stops: string[]
}

export function begin(cpu: CoreName, pick: Pick): Pair {
  const isE500mc = cpu === 'e500mc'
  const hypervisor = pick.of<Hypervisor>('none', 'none', 'none', 'kvm', 'nxp')
  const deniedWrite = pick.of<DeniedWrite>('ignore', 'programInterrupt')
  const rules = { hypervisor, deniedWrite }
  const ownership = pick.of('shared', 'shared', 'guest', 'host')
  const kind = { isE500mc, guests: isE500mc && hypervisor === 'none' }
  const { instructions, main, at } = program(pick, kind)
  const gpr = registers(pick, kind, hypervisor)
  const spr = values.initialSprs(pick, kind, hypervisor)
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
