// One sequence: a random guest, and what random requests of the host make of it. After each the machine is what the model is.
import type { CoreName } from '../../../emulator/spr/record.ts'
import { act } from './acts.ts'
import { begin } from './begin.ts'
import { picker } from './pick.ts'
import { log, ofMachine, ofModel, same } from './views.ts'

const ACTS = 24

/** What was seen: `IAC1 guest`, `stop iac` ..., and how often. */
export type Tally = Map<string, number>

export function sequence(cpu: CoreName, seed: number, tally: Tally): void {
  const pair = begin(cpu, picker(seed))
  const said: string[] = []
  const logged = log(pair)
  try {
    for (let n = 0; n < ACTS; n++) {
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
