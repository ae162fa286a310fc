// The device tree that the board hands to its guest: what QEMU's ppce500 has, as far as the device is here.
import { flatten, type Property, type TreeNode } from './flattenedTree.ts'
import { SPIN_ENTRY_BYTES } from './spinTable.ts'

/** Something in memory that the tree tells of. */
interface Placed {
  readonly address: number
  readonly bytes: number
}

export interface TreeOptions {
  readonly memoryBytes: number
  readonly bootArgs: string
  /** Of the rng-seed property. */
  readonly seed: number
  readonly initrd: Placed | undefined
  readonly bootKernel: Placed | undefined
  /** Default: 1. */
  readonly uarts?: number
  /** Default: 1. */
  readonly cores?: number
  /** Bytes. Default: 32. */
  readonly cacheLine?: number
}

const CLOCK = 400_000_000
const PHANDLE = { mpic: 0x8003, msi: 0x8004, gpio: 0x8005 } as const
/** Sense of an interrupt specifier. */
const EDGE = 0
const ACTIVE_HIGH = 2
const SERIALS = ['/soc@fe0000000/serial@4500', '/soc@fe0000000/serial@4600']
const SERIAL = SERIALS[0]!

const withPhandle = (phandle: number): Record<string, Property> => ({ phandle, 'linux,phandle': phandle })
const interrupt = (source: number): Record<string, Property> => ({
  interrupts: [source, ACTIVE_HIGH],
  'interrupt-parent': PHANDLE.mpic,
})

/** Nodes stand in QEMU's order: drivers are bound, and names given, in it. */
export const deviceTree = (options: TreeOptions, totalBytes: number): Uint8Array =>
  flatten(
    {
      properties: {
        compatible: 'fsl,qemu-e500',
        model: 'QEMU ppce500',
        '#address-cells': 2,
        '#size-cells': 2,
      },
      children: {
        'platform@f00000000': platform,
        'pci@fe0008000': pci,
        'soc@fe0000000': soc(options),
        aliases: {
          properties: {
            ...Object.fromEntries(SERIALS.slice(0, options.uarts ?? 1).map((path, n) => [`serial${n}`, path])),
            i2c: '/soc@fe0000000/i2c@3000',
            rtc: 'i2c/rtc@68',
            pci0: '/pci@fe0008000',
          },
        },
        cpus: { properties: { '#address-cells': 1, '#size-cells': 0 }, children: cpus(options) },
        chosen: chosen(options),
        memory: { properties: { device_type: 'memory', reg: [0, 0, 0, options.memoryBytes] } },
      },
    },
    totalBytes,
  )

const chosen = ({ bootArgs, seed, initrd, bootKernel }: TreeOptions): TreeNode => ({
  properties: {
    bootargs: bootArgs,
    'rng-seed': words(seed, 8),
    'stdout-path': SERIAL,
    'linux,stdout-path': SERIAL,
    ...(initrd && {
      'linux,initrd-start': initrd.address,
      'linux,initrd-end': initrd.address + initrd.bytes,
    }),
    ...(bootKernel && { 'qemu,boot-kernel': [0, bootKernel.address, 0, bootKernel.bytes] }),
  },
})

/** Words from a seed, never a constant run of them (SplitMix32). */
function words(seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => {
    let z = (seed + Math.imul(n + 1, 0x9e3779b9)) | 0
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  })
}

const cpus = ({ cores = 1, cacheLine = 32 }: TreeOptions): Record<string, TreeNode> =>
  Object.fromEntries(Array.from({ length: cores }, (_, n) => [`PowerPC,8544@${n}`, cpu(n, cacheLine)]))

const cpu = (index: number, cacheLine: number): TreeNode => ({
  properties: {
    device_type: 'cpu',
    reg: index,
    'clock-frequency': CLOCK,
    'timebase-frequency': CLOCK,
    'bus-frequency': 0,
    'd-cache-line-size': cacheLine,
    'i-cache-line-size': cacheLine,
    'd-cache-size': 0x8000,
    'i-cache-size': 0x8000,
    ...(index === 0 ? { status: 'okay' } : spinning(index)),
  },
})
/** A secondary core waits for its entry of the spin table to tell where to start. */
const spinning = (index: number): Record<string, Property> => ({
  status: 'disabled',
  'enable-method': 'spin-table',
  'cpu-release-addr': [0xf, 0xef000000 + index * SPIN_ENTRY_BYTES],
})

/** For devices that QEMU's command line adds; here there are none. */
const platform: TreeNode = {
  properties: {
    compatible: ['qemu,platform', 'simple-bus'],
    '#address-cells': 1,
    '#size-cells': 1,
    ranges: [0, 0xf, 0, 0x8000000],
    'interrupt-parent': PHANDLE.mpic,
  },
}

const soc = ({ uarts = 1 }: TreeOptions): TreeNode => ({
  properties: {
    device_type: 'soc',
    compatible: ['fsl,mpc8544-immr', 'simple-bus'],
    '#address-cells': 1,
    '#size-cells': 1,
    ranges: [0, 0xf, 0xe0000000, 0x100000],
    'bus-frequency': 0,
  },
  children: {
    'power-off': { properties: { compatible: 'gpio-poweroff', gpios: [PHANDLE.gpio, 0, 0] } },
    'gpio@ff000': {
      properties: {
        compatible: 'fsl,qoriq-gpio',
        reg: [0xff000, 0x1000],
        ...interrupt(47),
        '#gpio-cells': 2,
        'gpio-controller': true,
        ...withPhandle(PHANDLE.gpio),
      },
    },
    'msi@41600': {
      properties: {
        compatible: 'fsl,mpic-msi',
        reg: [0x41600, 0x200],
        'msi-available-ranges': [0, 0x100],
        'interrupt-parent': PHANDLE.mpic,
        interrupts: Array.from({ length: 8 }, (_, n) => [0xe0 + n, EDGE]).flat(),
        ...withPhandle(PHANDLE.msi),
      },
    },
    'global-utilities@e0000': {
      properties: { compatible: 'fsl,mpc8544-guts', reg: [0xe0000, 0x1000], 'fsl,has-rstcr': true },
    },
    'i2c@3000': {
      properties: {
        device_type: 'i2c',
        compatible: 'fsl-i2c',
        reg: [0x3000, 0x14],
        'cell-index': 0,
        ...interrupt(43),
      },
      children: { 'rtc@68': { properties: { compatible: 'pericom,pt7c4338', reg: 0x68 } } },
    },
    'serial@4500': serial(0),
    ...(uarts > 1 && { 'serial@4600': serial(1) }),
    'pic@40000': {
      properties: {
        device_type: 'open-pic',
        compatible: 'fsl,mpic',
        reg: [0x40000, 0x40000],
        '#address-cells': 0,
        '#interrupt-cells': 2,
        'interrupt-controller': true,
        ...withPhandle(PHANDLE.mpic),
      },
    },
  },
})

const serial = (n: number): TreeNode => ({
  properties: {
    device_type: 'serial',
    compatible: 'ns16550',
    reg: [0x4500 + 0x100 * n, 0x100],
    'cell-index': n,
    'clock-frequency': CLOCK,
    ...interrupt(42),
  },
})

/** The four pins of each slot go to the sources 1 to 4, turned by one from slot to slot. */
const interruptMap = Array.from({ length: 31 }, (_, n) => n + 1).flatMap((slot) =>
  [1, 2, 3, 4].flatMap((pin) => [slot << 11, 0, 0, pin, PHANDLE.mpic, 1 + ((slot + pin - 1) % 4), 1]),
)

const pci: TreeNode = {
  properties: {
    device_type: 'pci',
    compatible: 'fsl,mpc8540-pci',
    'cell-index': 0,
    reg: [0xf, 0xe0008000, 0, 0x1000],
    'clock-frequency': 0x3f940aa,
    '#address-cells': 3,
    '#size-cells': 2,
    '#interrupt-cells': 1,
    'bus-range': [0, 0xff],
    ...interrupt(24),
    'interrupt-map-mask': [0xf800, 0, 0, 7],
    'interrupt-map': interruptMap,
    'fsl,msi': PHANDLE.msi,
    ranges: [...[0x2000000, 0, 0xe0000000, 0xc, 0, 0, 0x20000000], ...[0x1000000, 0, 0, 0xf, 0xe1000000, 0, 0x10000]],
  },
}
