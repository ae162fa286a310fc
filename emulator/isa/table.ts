// Every instruction of the core, once.
import { branch } from './branch.ts'
import { embeddedFloat } from './efp.ts'
import { fixedPointArithmetic } from './fixedPointArithmetic.ts'
import { fixedPointLogical } from './fixedPointLogical.ts'
import { float } from './float.ts'
import { floatLoadStore } from './floatLoadStore.ts'
import { hypervisorInstructions } from './hypervisor.ts'
import { loadStore } from './loadStore.ts'
import type { Instruction } from './record.ts'
import { spe } from './spe.ts'
import { speLoadStore } from './speLoadStore.ts'
import { speMultiply } from './speMultiply.ts'
import { system } from './system.ts'

export const instructions: readonly Instruction[] = [
  ...fixedPointArithmetic,
  ...fixedPointLogical,
  ...loadStore,
  ...branch,
  ...system,
  ...hypervisorInstructions,
  ...float,
  ...floatLoadStore,
  ...spe,
  ...speLoadStore,
  ...speMultiply,
  ...embeddedFloat,
]
