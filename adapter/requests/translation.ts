// The TLB, and where an address leads by it.
import { bits, hex } from '../../emulator/bits.ts'
import { interruptTable, type TlbEntry } from '../../emulator/index.ts'
import { debuggeeOf, type SessionState } from '../state.ts'
import { either, quoted, UserError } from '../userError.ts'
import { addressOfReference } from './memory.ts'
import { cpuOf, type OfThread, physicalHex } from './ofThread.ts'

export function tlb(state: SessionState, args: OfThread) {
  const debuggee = debuggeeOf(state)
  const entries = debuggee.machine.tlb(cpuOf(debuggee, args))
  const shown = (array: 0 | 1) => entries.filter(({ tlb, valid }) => tlb === array && valid).map(showEntry)
  return { tlb0: shown(0), tlb1: shown(1) }
}
const PERMISSIONS = ['UX', 'SX', 'UW', 'SW', 'UR', 'SR']
const STORAGE = ['W', 'I', 'M', 'G', 'E']
const named = (names: readonly string[], value: number) => names.filter((_, n) => value & (1 << (names.length - 1 - n)))
const permissionsOf = ({ permissions }: TlbEntry) => named(PERMISSIONS, permissions)

function showEntry(entry: TlbEntry) {
  const { index, way, epn, rpn, pageBytes, TID, TS, IPROT, WIMGE, partition } = entry
  return {
    index,
    ...(way !== undefined && { way }),
    epn: hex(epn),
    rpn: physicalHex(rpn),
    pageBytes,
    TID,
    TS,
    IPROT,
    permissions: permissionsOf(entry).join(' '),
    WIMGE: named(STORAGE, WIMGE).join(' '),
    ...partition,
  }
}

type Access = 'load' | 'store' | 'execute'
/** Which of the entry's permissions an access needs, in user and in supervisor mode. */
const NEEDED: Readonly<Record<Access, readonly [user: string, supervisor: string]>> = {
  load: ['UR', 'SR'],
  store: ['UW', 'SW'],
  execute: ['UX', 'SX'],
}

export function translate(state: SessionState, args: OfThread & { address: string; access?: string }) {
  const debuggee = debuggeeOf(state)
  const index = cpuOf(debuggee, args)
  const access = (args.access ?? 'load') as Access
  if (!Object.hasOwn(NEEDED, access))
    throw new UserError(`"access" is ${quoted(access)}. Write ${either(Object.keys(NEEDED).map(quoted))}.`)
  const address = addressOfReference(args.address)
  const entry = debuggee.machine.mapping(index, address, access)
  const which = access === 'execute' ? 'Instruction' : 'Data'
  if (!entry)
    return wouldTake(`${which} TLB error`, `No TLB entry maps ${hex(address)} for the present PID and address space`)
  // MSR[PR], bit 17: user mode.
  const isUser = bits(debuggee.machine.vcpus[index]!.register('MSR')!, 17, 17) === 1
  const needed = NEEDED[access][isUser ? 0 : 1]
  if (!permissionsOf(entry).includes(needed))
    return wouldTake(`${which} storage`, `The TLB entry of ${hex(address)} lacks the permission ${needed}`)
  if (access !== 'execute' && entry.partition?.VF === 1)
    return wouldTake(
      'Data storage',
      `The TLB entry of ${hex(address)} makes each load and store a virtualization fault`,
    )
  return { physical: physicalHex(entry.rpn + (address - entry.epn)) }
}

function wouldTake(interrupt: string, because: string) {
  const IVOR = interruptTable.find(({ name }) => name === interrupt)!.IVOR
  return { interrupt, reason: `${because}: IVOR${IVOR}.` }
}
