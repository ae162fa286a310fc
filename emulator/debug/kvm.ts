// A stop as KVM_EXIT_DEBUG tells it: struct kvm_debug_exit_arch of the PowerPC (3.3). For those who compare us with KVM.
import type { Exit } from './exit.ts'

/** KVMPPC_DEBUG_BREAKPOINT, _WATCH_WRITE, _WATCH_READ; 0: a step, a software breakpoint. */
const STATUS = { breakpoint: 2, store: 4, load: 8 } as const

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
