// A guest as the board loads it: bytes at physical addresses. File formats are the adapter's.

export interface GuestImage {
  /** Physical address of the first instruction. */
  readonly entry: number
  /** Firmware, which may start a kernel; else the image is the kernel. */
  readonly isFirmware?: boolean
  /** memoryBytes at least bytes.length; the rest is zeroed. */
  readonly segments: readonly {
    readonly physical: number
    readonly bytes: Uint8Array
    readonly memoryBytes: number
  }[]
}

/** Where firmware finds the kernel that it is to start. */
export const BOOT_KERNEL = 0x02000000

export interface BootOptions {
  readonly initrd?: Uint8Array
  readonly bootArgs?: string
  /** For firmware: the file of the kernel that it is to start, as it is, at BOOT_KERNEL; /chosen tells where. */
  readonly bootKernel?: Uint8Array
  /** A device tree blob in place of the generated one. */
  readonly deviceTree?: Uint8Array
  /** No cold start: the guest has asked for a reset, over which the real time clock goes on. */
  readonly isReset?: boolean
  /** Bytes that are put into memory beside the image. */
  readonly loadFiles?: readonly { readonly physical: number; readonly bytes: Uint8Array }[]
}

/** What cannot be loaded or restored: a sentence for the user. */
export class BootError extends Error {}
