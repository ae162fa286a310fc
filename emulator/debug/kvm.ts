// What the debugger asks for and the stops that come of it as KVM tells them: KVM_SET_GUEST_DEBUG and KVM_EXIT_DEBUG of the PowerPC (3.3).
import type { Exit } from './exit.ts'

const GUESTDBG = { enable: 1, singleStep: 2, swBreakpoints: 0x10000, hwBreakpoints: 0x20000 } as const

interface Request {
  readonly enable: boolean
  readonly singleStep: boolean
  readonly swBreakpoints: readonly unknown[]
  readonly hwBreakpoints: readonly unknown[]
}

/** The flags KVM_GUESTDBG_ENABLE, _SINGLESTEP, _USE_SW_BP and _USE_HW_BP of kvm_guest_debug.control. */
export const kvmControl = ({ enable, singleStep, swBreakpoints, hwBreakpoints }: Request): number =>
  (enable ? GUESTDBG.enable : 0) |
  (singleStep ? GUESTDBG.singleStep : 0) |
  (swBreakpoints.length > 0 ? GUESTDBG.swBreakpoints : 0) |
  (hwBreakpoints.length > 0 ? GUESTDBG.hwBreakpoints : 0)

/** KVMPPC_DEBUG_BREAKPOINT, _WATCH_WRITE, _WATCH_READ; 0: a step, a software breakpoint. */
const STATUS = { breakpoint: 2, store: 4, load: 8 } as const

/** struct kvm_debug_exit_arch */
export interface KvmDebugExit {
  readonly status: number
  readonly address: number
}

/** Undefined: not a matter of debugging. */
export function kvmDebugExit(exit: Exit): KvmDebugExit | undefined {
  switch (exit.kind) {
    case 'breakpoint':
      return { status: exit.slot ? STATUS.breakpoint : 0, address: exit.address }
    case 'watchpoint':
      return { status: STATUS[exit.access], address: exit.watched }
    case 'step':
      return { status: 0, address: exit.address }
    default:
      return undefined
  }
}
