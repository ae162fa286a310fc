// Random requests, priorities, acknowledges and ends of interrupts, in our controller and in that of QEMU's ppce500: after each the
// sources' registers and each acknowledged vector are equal. Left out is what QEMU does apart from the manual:
// - an acknowledge that finds nothing it may give loses an edge, and does not ask what is being served;
// - a destination or an input that is changed while the source asks leaves the request where it was;
// - the activity bit of what is being served says only whether it asks again;
// - an edge for several cores is a spurious interrupt for those that come too late, as it is on silicon in a race.
import { expect, onTestFinished, test } from 'vitest'
import { hex } from '../../emulator/bits.ts'
import { OpenPic } from '../../emulator/board/openPic.ts'
import { random } from '../support/random.ts'
import { missingProgram } from '../support/tools.ts'
import { OUTBOUND, PCI_HOST, swapped } from './pciGuest.ts'
import { type QemuBoard, qemuBoard } from './qemuBoard.ts'

const CCSR = 0xf_e000_0000
const PIC = CCSR + 0x40000
const CORES = 3
const ACTIVITY = 0x40000000
const SENSE = 0x00400000

/** The slots' e1000 ask by their pin: external sources 2 and 3, slot 1 a level, slot 2 an edge. */
const LEVEL = 2
const EDGE = 3
const UART = 42
const MESSAGES = [224, 225, 226] as const
const IPIS = [256, 257, 258, 259] as const
const vprOf = (source: number) => (source < 256 ? 0x10000 + source * 0x20 : 0x10a0 + (source - 256) * 0x10)
const SOURCES = [LEVEL, EDGE, UART, ...MESSAGES, ...IPIS]

/** A network card's interrupt cause set, mask set and cause read registers. */
const E1000 = { ICR: 0xc0, ICS: 0xc8, IMS: 0xd0 } as const
const slotOf = (source: number) => source - 1
const BUS = 0xe0000000
const CARD_BYTES = 0x20000
const cardOf = (slot: number) => 0xc_0000_0000 + CARD_BYTES * slot
async function openWindows({ write }: QemuBoard): Promise<void> {
  for (const [offset, value] of Object.entries(OUTBOUND)) await write(PCI_HOST + Number(offset), 4, value)
  for (const slot of [1, 2]) {
    // Memory only: 128 KB at the first base address.
    const configuration = { 16: BUS + CARD_BYTES * slot, 4: 6 }
    for (const [register, value] of Object.entries(configuration)) {
      await write(PCI_HOST, 4, 0x80000000 | (slot << 11) | Number(register))
      await write(PCI_HOST + 4, 4, swapped(value))
    }
    await write(cardOf(slot) + E1000.IMS, 4, swapped(1))
  }
}

async function qemuLine({ read, write }: QemuBoard, source: number, level: boolean): Promise<void> {
  const card = cardOf(slotOf(source))
  if (source === UART) await write(CCSR + 0x4501, 1, level ? 2 : 0)
  else if (level) await write(card + E1000.ICS, 4, swapped(1))
  else await read(card + E1000.ICR, 4)
}

/** Both controllers as one, and what differed. */
async function pair() {
  const qemu = await qemuBoard([
    '-smp',
    `${CORES}`,
    '-device',
    'e1000,addr=1,mitigation=off',
    '-device',
    'e1000,addr=2,mitigation=off',
  ])
  onTestFinished(qemu.end)
  await openWindows(qemu)
  const outputs = { externalChanged: () => {}, critical: () => {} }
  const pic = new OpenPic(CORES, () => 0, outputs, { now: () => 0, nextEventChanged: () => {} })
  return {
    pic,
    write: async (offset: number, value: number) => {
      pic.write(offset, 4, value)
      await qemu.write(PIC + offset, 4, value)
    },
    read: async (offset: number) => [hex(pic.read(offset, 4)), hex(await qemu.read(PIC + offset, 4))] as const,
    line: async (source: number, level: boolean) => {
      pic.setLine(source, level)
      await qemuLine(qemu, source, level)
    },
  }
}

const isMissing = missingProgram('qemu-system-ppc')
test.skipIf(isMissing).each([1, 2, 3])('1,000 random steps, seed %i', async (seed) => {
  const { pic, read, write, line } = await pair()
  const word = random(seed)
  const below = (limit: number) => (word() >>> 0) % limit
  const oneOf = <T>(values: readonly T[]) => values[below(values.length)]!
  const served = (): number[] => pic.save().cores.flatMap(({ inService }) => inService)
  const isQuiet = (source: number) => !served().includes(source) && (pic.peek(vprOf(source), 4) & ACTIVITY) === 0
  const perCore = (core: number, register: number) => 0x20000 + 0x1000 * core + register
  const setVpr = (source: number, isMasked: boolean) =>
    write(vprOf(source), (isMasked ? 0x80000000 : 0) | (source === LEVEL ? SENSE : 0) | (below(16) << 16) | source)

  const steps: readonly (() => Promise<void>)[] = [
    () => setVpr(oneOf(SOURCES), below(4) === 0),
    () => line(oneOf([LEVEL, EDGE, UART]), below(2) === 0),
    () => write(0x1740, ((oneOf(MESSAGES) - 224) << 29) | (below(32) << 24)),
    async () => void (await read(0x1600 + 0x10 * (oneOf(MESSAGES) - 224))),
    () => write(perCore(below(CORES), 0x40 + 0x10 * below(4)), 1 + below(7)),
    () => write(perCore(below(CORES), 0x80), below(16) >> below(3)),
    () => write(perCore(below(CORES), 0xb0), 0),
    async () => {
      const source = oneOf([LEVEL, EDGE, UART, ...MESSAGES])
      if (isQuiet(source)) await write(vprOf(source) + 0x10, source === EDGE ? 1 << below(CORES) : below(8))
    },
    async () => {
      const core = below(CORES)
      if (!pic.pending(core)) return
      const [ours, theirs] = await read(perCore(core, 0xa0))
      expect(ours).toBe(theirs)
    },
  ]
  for (const source of SOURCES) await setVpr(source, false)
  for (let n = 0; n < 1000; n++) {
    await oneOf(steps)()
    for (const source of SOURCES) {
      const isServed = served().includes(source)
      const [ours, theirs] = (await read(vprOf(source))).map((VPR) => Number(VPR) & (isServed ? ~ACTIVITY : -1))
      expect([n, source, hex(ours!)]).toEqual([n, source, hex(theirs!)])
    }
  }
})
