// From the files that a launch configuration names to a machine that is ready to run and the symbols beside it.
import { BOOT_KERNEL, BootError, type BootOptions, Machine } from '../../emulator/index.ts'
import type { Host } from '../host.ts'
import type { Module } from '../program/program.ts'
import { type ElfFile, guestImage, readElf } from '../symbols/elf.ts'
import { symbolStore } from '../symbols/symbolStore.ts'
import { UserError } from '../userError.ts'
import type { LaunchConfiguration } from './configuration.ts'
import { guestDrive } from './drive.ts'
import { firmwareFile } from './guestFile.ts'

export interface LoadedGuest {
  readonly machine: Machine
  readonly modules: readonly Module[]
  /** A cold start with the same files; or what the guest's own reset is. */
  readonly load: (isReset?: boolean) => void
}

export interface LoadHooks {
  readonly onUart: (index: number, byte: number) => void
}

export function loadGuest(configuration: LaunchConfiguration, host: Host, { onUart }: LoadHooks): LoadedGuest {
  const elf = open(configuration.program, host)
  const { firmware } = configuration
  const image = firmware === undefined ? guestImage(elf) : firmwareFile(firmware, host)
  const symbols = configuration.symbolFiles.map(({ file, offset }) => moduleOf(open(file, host), file, offset, host))
  const { cpu, cpus: cores, memoryBytes, debugOwnership, hypervisor, deniedWrite } = configuration
  const uarts = uartsOf(configuration)
  const drives = configuration.drives.map(({ file, mode }) => guestDrive(file, mode, host))
  const machine = asUser(
    () => new Machine({ cpu, cores, memoryBytes, debugOwnership, hypervisor, deniedWrite, uarts, drives, onUart }),
  )
  const options = bootOptions(configuration, host)
  const load = (isReset = false) => asUser(() => machine.load(image, { ...options, isReset }))
  load()
  return { machine, modules: [moduleOf(elf, configuration.program, 0, host), ...symbols], load }
}

/** The board has the second serial port where the configuration shows it. */
export const uartsOf = ({ uarts }: LaunchConfiguration) => (uarts.some(({ index }) => index === 1) ? 2 : 1)

function open(file: string, host: Host): ElfFile {
  const path = host.absolute(file)
  return readElf(host.readFile(path), path)
}

function moduleOf(elf: ElfFile, file: string, offset: number, host: Host): Module {
  const path = host.absolute(file)
  const segments = elf.segments.map(({ virtual, physical, memoryBytes }) => ({
    virtual,
    physical,
    length: memoryBytes,
  }))
  return { name: path.replace(/^.*[/\\]/, ''), path, symbols: symbolStore(elf, host.inflate), segments, offset }
}

function bootOptions(configuration: LaunchConfiguration, host: Host): BootOptions {
  const { initrd, bootArgs, deviceTree, firmware } = configuration
  const read = (file: string) => host.readFile(host.absolute(file))
  // The firmware is told of the kernel at that place, as QEMU's is.
  const isBootKernel = ({ address }: { readonly address: number }) => firmware !== undefined && address === BOOT_KERNEL
  const bootKernel = configuration.loadFiles.find(isBootKernel)
  const loadFiles = configuration.loadFiles.filter((file) => !isBootKernel(file))
  return {
    bootArgs,
    ...(bootKernel && { bootKernel: read(bootKernel.file) }),
    ...(initrd !== undefined && { initrd: read(initrd) }),
    ...(deviceTree !== undefined && { deviceTree: read(deviceTree) }),
    loadFiles: loadFiles.map(({ file, address }) => ({ physical: address, bytes: read(file) })),
  }
}

/** What the board cannot load is the user's to mend. */
export function asUser<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof BootError) throw new UserError(error.message)
    throw error
  }
}
