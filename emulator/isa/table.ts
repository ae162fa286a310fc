// Every instruction of the core, once.
import { branch } from './branch.ts'
import { fixedPointArithmetic } from './fixedPointArithmetic.ts'
import { fixedPointLogical } from './fixedPointLogical.ts'
import { hypervisorInstructions } from './hypervisor.ts'
import { loadStore } from './loadStore.ts'
import type { Instruction } from './record.ts'
import { system } from './system.ts'

export const instructions: readonly Instruction[] = [
  ...fixedPointArithmetic,
  ...fixedPointLogical,
  ...loadStore,
  ...branch,
  ...system,
  ...hypervisorInstructions,
]
