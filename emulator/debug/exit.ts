// Why machine.run came back: one value. Addresses are effective, of the core `vcpu`.

/** What a breakpoint asks for. Address word-aligned. */
export interface InstructionBreakpoint {
  readonly kind: 'instruction'
  readonly placement: 'auto' | 'iac' | 'trap'
  readonly address: number
}
/** length in bytes. `auto` compares every byte of the access, `dac` its first byte's address, as the silicon does. */
export interface DataBreakpoint {
  readonly kind: 'data'
  readonly placement: 'auto' | 'dac'
  readonly address: number
  readonly length: number
  readonly access: 'load' | 'store' | 'both'
}
export type Breakpoint = InstructionBreakpoint | DataBreakpoint

/** verified false: why not, and who holds what it wanted. slot: IAC1, IAC2, DAC1, DAC2 or both of a pair. */
export type Placed =
  | { readonly verified: true; readonly slot?: 'IAC1' | 'IAC2' | 'DAC1' | 'DAC2' | 'DAC1, DAC2' }
  | { readonly verified: false; readonly message: string }

/** Names of what is no interrupt and is caught like one: the guest wrote to a debug register, or was denied it. */
export const GUEST_DEBUG_WRITE = 'Guest writes a debug register'
export const GUEST_DEBUG_DENIED = 'Guest is denied a debug register'

export type Exit =
  /** The budget is used up. */
  | { readonly kind: 'budget' }
  /** Before the instruction at address: the breakpoints placed there (ids as given), and the IAC that compared, if one did. */
  | {
      readonly kind: 'breakpoint'
      readonly vcpu: number
      readonly address: number
      readonly ids: readonly number[]
      readonly slot?: 'IAC1' | 'IAC2'
    }
  /** `dac`: before the access (address is that instruction's). `auto`: after it (address is the next one's; instruction is the one that did it). */
  | {
      readonly kind: 'watchpoint'
      readonly vcpu: number
      readonly address: number
      readonly instruction: number
      readonly ids: readonly number[]
      readonly slot?: 'DAC1' | 'DAC2'
      readonly dataAddress: number
      /** What was asked for: the DAC's value. */
      readonly watched: number
      readonly access: 'load' | 'store'
    }
  /** After hostDebug.step: one instruction done, or the interrupt that came in its place; address is where the core stands now. */
  | {
      readonly kind: 'step'
      readonly vcpu: number
      readonly address: number
      readonly interrupted?: { readonly name: string; readonly from: number }
    }
  /** An interrupt that somebody asked to see (exception filters), just taken: address is that of the handler, from that of the interrupted instruction. */
  | {
      readonly kind: 'interrupt'
      readonly vcpu: number
      readonly name: string
      readonly address: number
      readonly from: number
    }
  /** The core waits, no timer is set: only the console's input can wake it. */
  | { readonly kind: 'idle'; readonly vcpu: number }
  | { readonly kind: 'powerOff' }
  | { readonly kind: 'reset' }
  /** Nothing can wake the guest, or it executes where nothing is for ever: the sentence says which. */
  | { readonly kind: 'lost'; readonly vcpu: number; readonly address: number; readonly reason: string }
