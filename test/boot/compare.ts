// Two consoles of one guest, line by line. What may differ has a kind and a reason; everything else is a difference.

/** pattern -> what stands for it in both; reason: why it may differ. */
export interface Kind {
  readonly pattern: RegExp
  readonly with: string
  readonly reason: string
}

export const KINDS: readonly Kind[] = [
  { pattern: /^\[ *\d+\.\d+\] /, with: '', reason: 'time stamps of the kernel' },
  {
    pattern: /(cpu_features +=) 0x0+(1|3)94$/,
    with: '$1',
    reason: 'CPU_FTR_EMB_HV (0x200): Linux drops it where MMUCFG[LPIDSIZE] is 0, and all of MMUCFG is under QEMU',
  },
  {
    pattern: /(virtio_blk virtio\d:) \d(\/0\/0 default)/,
    with: '$1$2',
    reason: "QEMU's disk has a queue for each core, ours one",
  },
  { pattern: /uptime \d+\.\d+/, with: 'uptime', reason: 'time' },
  { pattern: /\d+\.\d+ seconds, [\d.]+.B\/s/, with: 'seconds', reason: 'time that dd takes' },
  { pattern: /(bytes read in) \d+ ms.*/, with: '$1', reason: "time that U-Boot's loading takes" },
  { pattern: /^random: crng init done$/, with: '', reason: 'comes between other lines: a kernel thread' },
  { pattern: /^.* took \d+ (ns|usecs)$/, with: '', reason: "what took long, said where QEMU's host is busy" },
  {
    pattern: /^(Unpacking initramfs\.\.\.|Freeing initrd memory: .*)$/,
    with: '',
    reason: 'comes between other lines: a kernel thread',
  },
  { pattern: /(Date:).*/, with: '$1', reason: 'the real time clock: ours starts at a configured time' },
  { pattern: /setting system clock to .*/, with: 'setting system clock', reason: 'the real time clock' },
  { pattern: /Hit any key.*/, with: 'Hit any key', reason: 'the moment of the key' },
  { pattern: /^(dr-xr-xr-x +)\d+( .*proc)/, with: '$1$2', reason: 'the number of processes at that moment' },
  { pattern: /(thread-self)[\d ]+$/, with: '$1', reason: 'the processes at that moment' },
  {
    pattern: /^(\w{3} +\d+|[-dlcb][rwxst-]{9}.*?) \w{3} +\d+ +(\d\d:\d\d|\d{4}) /,
    with: '$1 ',
    reason: 'dates of files',
  },
]

export const comparable = (console: string): string[] =>
  console
    .replaceAll('\r', '')
    .split('\n')
    .map((line) => KINDS.reduce((text, { pattern, with: other }) => text.replace(pattern, other), line))
    .filter((line) => line.trim() !== '')
