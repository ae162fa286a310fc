// Where the boot protocol puts image, initrd and device tree, and what it tells the guest (ePAPR 5.4; the addresses are QEMU's).
import { hex } from '../bits.ts'
import { deviceTree, type TreeOptions } from './deviceTree.ts'
import { BOOT_KERNEL, BootError, type BootOptions, type GuestImage } from './image.ts'

const MEGABYTE = 1 << 20
/** The device tree stands this far behind the image, in a region of its own. */
const TREE_DISTANCE = 0x1800000
const TREE_REGION = MEGABYTE
const INITRD = 0x4000000
const INITRD_ALIGNMENT = 16 * MEGABYTE
const EPAPR_MAGIC = 0x45504150
const STACK = 16 * MEGABYTE - 8

interface Piece {
  readonly name: string
  readonly physical: number
  readonly bytes: Uint8Array
  readonly memoryBytes: number
}

export interface Boot {
  readonly entry: number
  /** Size of the mapping of 0 to 0 in TLB1[0]. */
  readonly mappedBytes: number
  readonly pieces: readonly Piece[]
  readonly deviceTree: Uint8Array
  /** GPR number and value. */
  readonly registers: Readonly<Record<number, number>>
}

/** Nothing is changed yet: what does not fit is a BootError. */
export function planBoot(
  image: GuestImage,
  options: BootOptions,
  machine: Omit<TreeOptions, 'bootArgs' | 'initrd' | 'bootKernel'>,
): Boot {
  const pieces = imagePieces(image, options)
  const imageEnd = Math.max(...image.segments.map(({ physical, memoryBytes: length }) => physical + length))
  const treeAddress = floorTo(imageEnd + TREE_DISTANCE, MEGABYTE)
  const treeEnd = treeAddress + TREE_REGION
  const initrd = options.initrd && { address: initrdAddress(treeEnd), bytes: options.initrd.length }
  const bootKernel = kernelOf(image, options)
  const tree =
    checked(options.deviceTree) ??
    deviceTree({ ...machine, bootArgs: options.bootArgs ?? '', initrd, bootKernel }, TREE_REGION)
  pieces.push({ name: 'the device tree', physical: treeAddress, bytes: tree, memoryBytes: TREE_REGION })
  if (initrd) pieces.push(piece('the initrd', initrd.address, options.initrd!))
  if (tree.length > TREE_REGION)
    throw new BootError(`The device tree has ${tree.length} bytes, more than the megabyte that the board has for it.`)
  check(image, pieces, machine.memoryBytes)
  const mappedBytes = mappingThatCovers(treeEnd)
  const registers = { 1: STACK, 3: treeAddress, 6: EPAPR_MAGIC, 7: mappedBytes }
  return { entry: image.entry, mappedBytes, pieces, deviceTree: tree, registers }
}

/** Where /chosen says that the kernel is: its lowest address and the sum of its segments. */
function kernelOf({ segments, isFirmware }: GuestImage, { bootKernel }: BootOptions): TreeOptions['bootKernel'] {
  if (bootKernel) return { address: BOOT_KERNEL, bytes: bootKernel.length }
  if (isFirmware) return undefined
  const address = Math.min(...segments.map(({ physical }) => physical))
  return { address, bytes: segments.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0) }
}

const piece = (name: string, physical: number, bytes: Uint8Array): Piece => ({
  name,
  physical,
  bytes,
  memoryBytes: bytes.length,
})

function imagePieces({ segments }: GuestImage, { loadFiles = [], bootKernel }: BootOptions): Piece[] {
  if (segments.length === 0) throw new BootError('The image has no segment to load: it is no program.')
  return [
    ...segments.map((segment) => ({ name: 'the image', ...segment })),
    ...(bootKernel ? [piece('the kernel', BOOT_KERNEL, bootKernel)] : []),
    ...loadFiles.map(({ physical, bytes }) => piece(`the file for ${hex(physical)}`, physical, bytes)),
  ]
}

const floorTo = (address: number, alignment: number) => Math.floor(address / alignment) * alignment
const initrdAddress = (treeEnd: number) => Math.max(INITRD, floorTo(treeEnd + INITRD_ALIGNMENT - 1, INITRD_ALIGNMENT))

/** Page sizes are powers of four. */
function mappingThatCovers(end: number): number {
  let size = MEGABYTE
  while (size < end) size *= 4
  return size
}

function check(image: GuestImage, pieces: readonly Piece[], memoryBytes: number): void {
  const needed = Math.ceil(Math.max(...pieces.map((needing) => needing.physical + needing.memoryBytes)) / MEGABYTE)
  for (const { name, physical, memoryBytes: length } of pieces) {
    if (physical + length <= memoryBytes) continue
    const has = Math.floor(memoryBytes / MEGABYTE)
    throw new BootError(
      `${capital(name)} would end at ${hex(physical + length)}, but the guest has ${has} MB of memory. Give it ${needed}M or more ("memory" in launch.json, --memory of e500 run).`,
    )
  }
  const sorted = [...pieces].sort((a, b) => a.physical - b.physical)
  for (const [n, { name, physical }] of sorted.entries()) {
    const before = sorted[n - 1]
    if (before && before.name !== name && before.physical + before.memoryBytes > physical)
      throw new BootError(
        `${capital(before.name)} (${hex(before.physical)} to ${hex(before.physical + before.memoryBytes)}) and ${name} (from ${hex(physical)}) overlap.`,
      )
  }
  const isInside = image.segments.some(
    ({ physical, memoryBytes: length }) => image.entry >= physical && image.entry < physical + length,
  )
  if (!isInside) throw new BootError(`The entry point ${hex(image.entry)} is in none of the image's segments.`)
}

const capital = (text: string) => text[0]!.toUpperCase() + text.slice(1)

/** A flattened tree begins with its magic number and the size of the whole (Devicetree Specification 5.2). */
function checked(tree: Uint8Array | undefined): Uint8Array | undefined {
  if (!tree) return undefined
  const view = new DataView(tree.buffer, tree.byteOffset, tree.length)
  if (tree.length < 8 || view.getUint32(0) !== 0xd00dfeed)
    throw new BootError('The device tree is no compiled one (.dtb). Compile it with: dtc -O dtb')
  if (view.getUint32(4) > tree.length) throw new BootError('The device tree is torn: its file is shorter than it says.')
  return tree
}
