// The catalogue as docs/debug-facility.md shows it: number, cores, what it says, where it is tested.
import { catalogue } from './all.ts'

/** What needs a real Linux stands in tests of its own. */
export const ELSEWHERE = [
  {
    number: 111,
    cores: 'both',
    says: 'Linux boots with DBCR0[IDM], U-Boot with DE, and neither takes a debug interrupt',
    where: '`test/debug/linux.test.ts`',
  },
  {
    number: 112,
    cores: 'both',
    says: 'PTRACE_SINGLESTEP of Linux: a stop for each instruction of the child but the one after an untraced sc',
    where: '`test/guestDebugger/ptrace.test.ts`',
  },
  {
    number: 132,
    cores: 'both',
    says: "unpatched Linux 6.1: an ICMP inside the vectors returns with r2 and r3 changed by the kernel's filter",
    where: '`test/guestDebugger/vectorFilter.test.ts`',
  },
] as const
/** What the reference has no second source for, or two that differ: the choice that was taken (its section 6). */
const CHOICES: Readonly<Record<number, string>> = {
  53: 'CONFLICT: the e500 and 440 reading; the A2 needs IDE for a late interrupt',
  54: 'CONFLICT: the e500 and 440 reading; the A2 interrupts at the second instruction of the handler',
  61: 'UNVERIFIED on the e500mc: as the e200 has it',
  67: 'UNVERIFIED on the e500mc: as the e200 has it',
  88: 'a stop is told before its access, so DAC1R and DAC2W never come together',
  116: 'CONFLICT: a level (E500RM p.319); on the A2 only events with IDE interrupt again',
  118: 'UNVERIFIED: as the e200 ignores low bits',
  128: 'a core whose turn has not come steps when it comes; the others run to there as they would without the debugger',
}

export function catalogueTable(): string {
  const rows = [
    ...catalogue.map(({ number, cores, says }) => [number, cores, says, CHOICES[number] ?? ''] as const),
    ...ELSEWHERE.map(({ number, cores, says, where }) => [number, cores, says, where] as const),
  ].sort(([a], [b]) => a - b)
  const cells = [['', 'cores', 'statement', 'note'], ...rows.map(([number, ...rest]) => [`T${number}`, ...rest])]
  const line = (row: readonly string[]) => `|${row.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`
  const [head, ...body] = cells
  return [line(head!), '| --- | --- | --- | --- |', ...body.map(line)].join('\n')
}
