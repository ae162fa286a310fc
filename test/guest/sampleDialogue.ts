// What a person types into the sample kernel, and how the answers are compared: the same text from QEMU and from our machine.

/** Each is typed after a prompt; the last of them ends the machine. */
export const DIALOGUE = [
  ...['help', 'tasks', 'ticks', 'regs', 'mem c0000000', 'mem 0', 'mem', 'watch', 'watch', 'trap', 'fault', 'debug'],
  ...['intrude', 'intrude mfmsr', 'tasks', 'nonsense', '', 'poweroff'],
]

export const PROMPT = 'sample> '

/** The same for every run: no counts of what depends on when a line is typed, no carriage returns. */
export function comparable(text: string): string {
  return text
    .replaceAll('\r', '')
    .replace(/^(\d\s+\S+\s+(?:user|kernel)\s+)(\S+)\s.*$/gm, (_, task, state) => `${task}${settled(state)} ...`)
    .replace(/^\d+ ticks/gm, '<n> ticks')
}

/** A task of the user's is asleep but for a few microseconds of each tick. */
const settled = (state: string) => (state === 'sleeping' || state === 'ready' ? 'sleeping or ready' : state)
