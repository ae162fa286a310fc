// What a driver may put into a virtqueue (Virtual I/O Device 1.2, 2.7), and what it may not: then the device needs a reset, as QEMU's.
import { describe, expect, test } from 'vitest'
import { VirtioDevice, type VirtioModel } from '../../emulator/board/virtioDevice.ts'
import type { Chain } from '../../emulator/board/virtqueue.ts'
import { Memory } from '../../emulator/core/memory.ts'
import { readBytes, writeBytes } from '../../emulator/core/memoryBlocks.ts'

const RAM = 1 << 20
const SIZE = 8
const [TABLE, AVAILABLE, USED, INDIRECT_TABLE, BUFFER] = [0x1000, 0x2000, 0x3000, 0x4000, 0x8000]
const FLAG = { next: 1, write: 2, indirect: 4 } as const
const STATUS = { driverOk: 15, needsReset: 0x40 } as const
const EVENT_INDEX = 1 << 29
const NO_INTERRUPT = 1

type Descriptor = readonly [address: number, length: number, flags?: number, next?: number]

/** A modern device with one queue, which answers each chain with its inputs, and what a driver does with it. */
function rig(features = 0) {
  const memory = new Memory(RAM, 1)
  const seen: { input: number[]; room: number }[] = []
  const interrupts: string[] = []
  const model: VirtioModel = {
    ...{ deviceId: 0, virtioId: 0, classCode: 0, legacyBytes: 32, queues: 1, queueSize: SIZE, features: 0 },
    config: () => new Uint8Array(),
    serve: (chain: Chain) => {
      const input = chain.input(0, chain.inputBytes)
      seen.push({ input: [...input], room: chain.room })
      chain.answer(input.subarray(0, chain.room))
      return Math.min(input.length, chain.room)
    },
    ...{ reset: () => {}, save: () => undefined, restore: () => {} },
  }
  const target = {
    memory,
    ram: (address: number, length: number) => (address + length <= RAM ? address : undefined),
    loads: (physical: number, length: number) => readBytes(memory, physical, length),
    stores: () => {},
  }
  const device = new VirtioDevice(model, target, {
    queue: () => void interrupts.push('queue'),
    configuration: () => void interrupts.push('configuration'),
    mayReachMemory: () => true,
  })
  const put = (address: number, ...halves: number[]) => {
    const bytes = new Uint8Array(2 * halves.length)
    for (const [n, half] of halves.entries()) new DataView(bytes.buffer).setUint16(2 * n, half, true)
    writeBytes(memory, address, bytes)
  }
  const half = (address: number) => new DataView(readBytes(memory, address, 2).buffer).getUint16(0, true)
  const describe = (table: number, descriptors: readonly Descriptor[]) => {
    for (const [n, [address, length, flags = 0, next = 0]] of descriptors.entries()) {
      const bytes = new Uint8Array(16)
      const view = new DataView(bytes.buffer)
      view.setBigUint64(0, BigInt(address), true)
      view.setUint32(8, length, true)
      view.setUint16(12, flags, true)
      view.setUint16(14, next, true)
      writeBytes(memory, table + 16 * n, bytes)
    }
  }
  const offer = (heads: readonly number[], index = heads.length) => {
    put(AVAILABLE + 4, ...heads)
    put(AVAILABLE + 2, index)
    device.notify(0)
  }
  const start = () => {
    device.acceptFeatures(0, features)
    device.acceptFeatures(1, 1)
    const queue = device.state.queues[0]!
    Object.assign(queue, { isEnabled: true, descriptors: TABLE, available: AVAILABLE, used: USED })
    device.setStatus(STATUS.driverOk)
    return queue
  }
  const isStopped = () => (device.state.status & STATUS.needsReset) !== 0
  return { memory, device, queue: start(), start, seen, interrupts, put, half, describe, offer, isStopped }
}

/** [2.7.5.3.1, 2.7.5.3.2 and 2.7.6]: what is said there of the driver's MUST NOT, and addresses that no memory has. */
const HOSTILE: Readonly<Record<string, (r: ReturnType<typeof rig>) => void>> = {
  'a descriptor table that is no RAM': ({ queue, offer }) => {
    queue.descriptors = RAM
    offer([0])
  },
  'a descriptor table whose address has 64 bits': ({ queue, offer }) => {
    queue.descriptors = 2 ** 64 - 16
    offer([0])
  },
  'a ring of available chains that is no RAM': ({ queue, offer }) => {
    queue.available = RAM - 2
    offer([0])
  },
  'a ring of used chains that is no RAM': ({ queue, describe, offer }) => {
    queue.used = 0xffff_ffff
    describe(TABLE, [[BUFFER, 4]])
    offer([0])
  },
  'a head beyond the table': ({ offer }) => offer([SIZE]),
  'a next descriptor beyond the table': ({ describe, offer }) => {
    describe(TABLE, [[BUFFER, 4, FLAG.next, SIZE]])
    offer([0])
  },
  'a descriptor that is its own next': ({ describe, offer }) => {
    describe(TABLE, [[BUFFER, 4, FLAG.next, 0]])
    offer([0])
  },
  'two descriptors in a ring': ({ describe, offer }) => {
    describe(TABLE, [
      [BUFFER, 4, FLAG.next | FLAG.write, 1],
      [BUFFER, 4, FLAG.next | FLAG.write, 0],
    ])
    offer([0])
  },
  'a buffer of 4 GB': ({ describe, offer }) => {
    describe(TABLE, [[BUFFER, 0xffff_ffff, FLAG.write]])
    offer([0])
  },
  'buffers of 4 GB together, each within RAM': ({ describe, offer }) => {
    describe(
      INDIRECT_TABLE,
      Array.from({ length: 128 }, (_, n) => [BUFFER, RAM - BUFFER, FLAG.next, n + 1]),
    )
    describe(TABLE, [[INDIRECT_TABLE, 128 * 16, FLAG.indirect]])
    offer([0])
  },
  'a buffer that begins within RAM and ends behind it': ({ describe, offer }) => {
    describe(TABLE, [[RAM - 4, 8]])
    offer([0])
  },
  'a buffer of no bytes': ({ describe, offer }) => {
    describe(TABLE, [[BUFFER, 0]])
    offer([0])
  },
  'a buffer for the device behind one for the driver': ({ describe, offer }) => {
    describe(TABLE, [
      [BUFFER, 4, FLAG.next | FLAG.write, 1],
      [BUFFER, 4],
    ])
    offer([0])
  },
  'more chains than the queue is long': ({ describe, offer }) => {
    describe(TABLE, [[BUFFER, 4]])
    offer([0], SIZE + 1)
  },
  'an indirect table of no bytes': ({ describe, offer }) => {
    describe(TABLE, [[INDIRECT_TABLE, 0, FLAG.indirect]])
    offer([0])
  },
  'an indirect table of half a descriptor more': ({ describe, offer }) => {
    describe(TABLE, [[INDIRECT_TABLE, 24, FLAG.indirect]])
    offer([0])
  },
  'an indirect table that is no RAM': ({ describe, offer }) => {
    describe(TABLE, [[RAM, 16, FLAG.indirect]])
    offer([0])
  },
  'an indirect table within an indirect one': ({ describe, offer }) => {
    describe(INDIRECT_TABLE, [[INDIRECT_TABLE, 16, FLAG.indirect]])
    describe(TABLE, [[INDIRECT_TABLE, 16, FLAG.indirect]])
    offer([0])
  },
  'a next descriptor beyond the indirect table': ({ describe, offer }) => {
    describe(INDIRECT_TABLE, [[BUFFER, 4, FLAG.next, 1]])
    describe(TABLE, [[INDIRECT_TABLE, 16, FLAG.indirect]])
    offer([0])
  },
  'an indirect table of 4 GB, whose chain never ends': ({ describe, offer }) => {
    describe(INDIRECT_TABLE, [[BUFFER, 1, FLAG.next, 0]])
    describe(TABLE, [[INDIRECT_TABLE, 0xffff_fff0, FLAG.indirect]])
    offer([0])
  },
}

test.each(Object.entries(HOSTILE))(
  '%s: the device needs a reset, says so, and does nothing more until it comes',
  (_, spoil) => {
    const r = rig()
    spoil(r)
    expect([r.isStopped(), r.interrupts]).toEqual([true, ['configuration']])
    r.device.notify(0)
    expect(r.interrupts).toHaveLength(1)
    r.device.reset()
    r.start()
    r.describe(TABLE, [[BUFFER, 4]])
    r.offer([0])
    expect([r.isStopped(), r.half(USED + 2)]).toEqual([false, 1])
  },
)

describe('what a driver may do', () => {
  test('a chain of three: its inputs, its room, and what the device has written', () => {
    const { memory, seen, describe, offer, half } = rig()
    writeBytes(memory, BUFFER, Uint8Array.of(1, 2, 3, 4, 5, 6))
    describe(TABLE, [
      [BUFFER, 2, FLAG.next, 2],
      [BUFFER + 0x100, 9, FLAG.write],
      [BUFFER + 4, 2, FLAG.next, 1],
    ])
    offer([0])
    expect(seen).toEqual([{ input: [1, 2, 5, 6], room: 9 }])
    expect([...readBytes(memory, BUFFER + 0x100, 5)]).toEqual([1, 2, 5, 6, 0])
    expect([half(USED + 2), half(USED + 4), half(USED + 8)]).toEqual([1, 0, 4])
  })
  test('descriptors of the table, then an indirect one, whose write flag means nothing (2.7.5.3.2)', () => {
    const { memory, seen, describe, offer } = rig()
    writeBytes(memory, BUFFER, Uint8Array.of(1, 2, 3))
    describe(TABLE, [
      [BUFFER, 1, FLAG.next, 1],
      [INDIRECT_TABLE, 32, FLAG.indirect | FLAG.write],
    ])
    describe(INDIRECT_TABLE, [
      [BUFFER + 1, 2, FLAG.next, 1],
      [BUFFER + 0x100, 5, FLAG.write],
    ])
    offer([0])
    expect(seen).toEqual([{ input: [1, 2, 3], room: 5 }])
  })
  test('the indexes go on behind 65535', () => {
    const { queue, describe, put, half, device } = rig()
    queue.takes = queue.gives = 0xffff
    describe(TABLE, [[BUFFER, 4]])
    put(AVAILABLE + 2, 1)
    device.notify(0)
    expect([half(USED + 2), queue.takes]).toEqual([1, 1])
  })
  test('a queue that is not there, not enabled or of a device that is not ready is not served', () => {
    const { device, queue, describe, offer, seen } = rig()
    describe(TABLE, [[BUFFER, 4]])
    device.setStatus(3)
    offer([0])
    device.setStatus(STATUS.driverOk)
    device.notify(1)
    queue.isEnabled = false
    device.notify(0)
    expect(seen).toEqual([])
  })
})

describe('who is told', () => {
  const oneBuffer: readonly Descriptor[] = [[BUFFER, 4]]
  test('the driver, unless it says that it wants no interrupt (2.7.7)', () => {
    const { describe, put, offer, interrupts } = rig()
    describe(TABLE, oneBuffer)
    put(AVAILABLE, NO_INTERRUPT)
    offer([0])
    expect(interrupts).toEqual([])
    put(AVAILABLE, 0)
    offer([0, 0])
    expect(interrupts).toEqual(['queue'])
  })
  // vring_need_event of 2.7.7.2 says: when the used index passes the event index, in whatever steps.
  test.each([
    [0, 1, 1],
    [1, 1, 0],
    [2, 3, 1],
    [0xffff, 3, 0],
    [2, 2, 0],
  ])(
    'event index %i, %i chains at once: %i interrupts, and the driver is to notify of the next one',
    (event, chains, told) => {
      const { describe, put, half, offer, interrupts } = rig(EVENT_INDEX)
      describe(TABLE, oneBuffer)
      put(AVAILABLE + 4 + 2 * SIZE, event)
      put(AVAILABLE, NO_INTERRUPT)
      offer(Array.from({ length: chains }, () => 0))
      expect([interrupts.length, half(USED + 4 + 8 * SIZE)]).toEqual([told, chains])
    },
  )
})
