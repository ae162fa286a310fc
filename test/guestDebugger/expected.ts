// What the program of test/guest/ptrace must print. Written from Linux 6.1's sources (arch/powerpc/kernel/traps.c, handle_debug and
// DebugException; ptrace/ptrace-adv.c): code 4 is TRAP_HWBKPT with the slot in si_errno, code 2 TRAP_TRACE; one signal, then it is disarmed.

/** An e500 stops before the instruction that hits (reference T112, E500RM 8.4.1 and 8.4.2): the word is still what it was. */
const signal = (slot: number, address: string, nip: string, word: number) =>
  `signal 5 code 4 errno ${slot} si_addr ${address} nip ${nip} word ${word}`
const stored = (word: number) => signal(5, 'word', 'watched_store', word)
const stepped = (word: number) => `signal 5 code 2 errno 0 si_addr watched_store+4 nip watched_store+4 word ${word}`

const oneShot = [
  'info: instruction 2 data 2 features 0x00000003',
  'watch: slot 5',
  `watch: ${stored(0)}`,
  'watch: exit 3',
  'break: slot 1',
  `break: ${signal(1, 'target', 'target', 0)}`,
  'break: exit 3',
  'both: slot 5',
  'both: slot 1',
  `both: ${signal(1, 'target', 'target', 0)}`,
  `both: ${stored(0)}`,
  'both: exit 3',
  'debugreg: 0',
  `debugreg: ${stored(0)}`,
  'debugreg: exit 3',
  'read: slot 5',
  // The load of the word after the loop: no store trips a watchpoint for loads.
  `read: ${signal(5, 'word', 'watched_store+12', 3)}`,
  'read: exit 3',
]
const again = [
  'again: slot 5',
  ...[0, 1, 2].flatMap((word) => [`again: ${stored(word)}`, `again: ${stepped(word + 1)}`, 'again: slot 5']),
  'again: exit 3',
]
/** Each process has its own debug registers, and its MSR[DE] comes with it at a task switch. */
const two = [
  'first: slot 5',
  'second: slot 1',
  `first: ${signal(5, 'word', 'turns_store', 0)}`,
  'first: exit 3',
  `second: ${signal(1, 'target', 'target', 0)}`,
  'second: exit 3',
]
/** T112: every instruction once, but the one after an untraced sc; the load that faults once, after it has completed. */
const steps = [
  'count: steps 1000 strays 0',
  'count: exit 0',
  'calls: call_sc call_sc+8 call_load call_load+4 call_branch call_target call_target+4 call_end',
  'calls: exit 0',
]
/** BRT stops before the branch, and Linux steps over it: the stop is at its target. */
const block = ['block: call_target', 'block: exit 0']

/** On a core whose debug facility the guest owns. */
export const WORKING: readonly string[] = [...oneShot, ...again, ...two, ...steps, ...block]

/** Everything is granted and nothing comes. */
export const NO_SIGNALS: readonly string[] = [
  ...oneShot.filter((line) => !line.includes(': signal')),
  'again: slot 5',
  'again: exit 3',
  ...two.filter((line) => !line.includes(': signal')),
]
/** In ownership `host`: no step ever ends; the children run to their ends. */
export const HOST: readonly string[] = [...NO_SIGNALS, 'count: exit 0', 'calls: exit 0', 'block: exit 0']
/** QEMU has no IAC and no DAC; it steps, by its own means, and stops after the branch's target. */
export const QEMU: readonly string[] = [...NO_SIGNALS, ...steps, 'block: call_target+4', 'block: exit 0']
