// The statements in their order.
import type { Case } from './case.ts'
import { cores } from './cores.ts'
import { dac } from './dac.ts'
import { further } from './further.ts'
import { hypervisors } from './hypervisors.ts'
import { iac } from './iac.ts'
import { interrupts } from './interrupts.ts'
import { registers } from './registers.ts'
import { shared } from './shared.ts'
import { state } from './state.ts'
import { trace } from './trace.ts'
import { trap } from './trap.ts'

const statements: readonly Case[] = [
  ...registers,
  ...iac,
  ...dac,
  ...trap,
  ...trace,
  ...interrupts,
  ...state,
  ...hypervisors,
  ...shared,
  ...further,
  ...cores,
]
export const catalogue: readonly Case[] = [...statements].sort((a, b) => a.number - b.number)
