// What the outside has of a guest's machine: it is loaded, runs until the budget is used or something makes it stop (an Exit), is looked at,
// saved and restored. hardware.ts is what it consists of, runLoop.ts how it runs.
import { planBoot } from './board/boot.ts'
import type { Bus } from './board/bus.ts'
import type { BootOptions, GuestImage } from './board/image.ts'
import type { MachineConfiguration } from './configuration.ts'
import type { CoreModel } from './core/coreModel.ts'
import type { InterruptLog } from './core/interruptLog.ts'
import type { Memory } from './core/memory.ts'
import { clearRam, writeBytes } from './core/memoryBlocks.ts'
import type { Access } from './core/mmu.ts'
import type { Vcpu } from './core/vcpu.ts'
import { peek, peekPhysical, poke, type TlbEntry, tlbEntries, tlbEntryOf } from './core/view.ts'
import type { DebugEvent } from './debug/debugLog.ts'
import type { Exit } from './debug/exit.ts'
import type { HostDebug } from './debug/hostDebug.ts'
import { type DebugResources, debugResources } from './debug/resources.ts'
import { bootCore, Hardware } from './hardware.ts'
import { RunLoop } from './runLoop.ts'
import { hash, type MachineState, restore, save } from './savedState.ts'

export class Machine {
  readonly memory: Memory
  readonly bus: Bus
  /** The one that boots. */
  readonly vcpu: Vcpu
  readonly vcpus: readonly Vcpu[]
  readonly hostDebug: HostDebug
  readonly model: CoreModel
  /** What the guest of the last load was given. */
  deviceTree: Uint8Array = new Uint8Array()
  /** Called when a TLB1 entry was written or invalidated: breakpoints placed in it are exact before the next instruction. */
  onTlb1Changed: (() => void) | undefined
  private readonly hardware: Hardware
  private readonly runLoop: RunLoop
  /** Nothing has been in RAM yet, so it need not be cleared. */
  private isNew = true

  constructor(configuration: MachineConfiguration) {
    this.hardware = new Hardware(configuration, {
      stop: (exit) => this.runLoop.stop(exit),
      tlb1Changed: () => this.onTlb1Changed?.(),
    })
    this.runLoop = new RunLoop(this.hardware)
    const { memory, bus, vcpus, hostDebug, model } = this.hardware
    this.memory = memory
    this.bus = bus
    this.vcpus = vcpus
    this.vcpu = vcpus[0]!
    this.hostDebug = hostDebug
    this.model = model
  }

  // ---- starting ----
  /** A cold start unless the options say otherwise; again is a restart. The debugger's breakpoints stay. Throws a BootError, with nothing changed, for what does not fit. */
  load(image: GuestImage, options: BootOptions = {}): void {
    const { memory, hardware } = this
    const plan = planBoot(image, options, this.treeOptions())
    const isImage = (address: number) =>
      plan.pieces.some(({ physical, bytes }) => address >= physical && address < physical + bytes.length)
    this.hostDebug.whileReloading(() => {
      if (!this.isNew) clearRam(memory)
      hardware.reset(options.isReset ?? false)
      this.runLoop.begin()
      for (const { physical, bytes } of plan.pieces) writeBytes(memory, physical, bytes)
      this.boot(plan.entry, plan.mappedBytes, plan.registers)
    }, isImage)
    this.deviceTree = plan.deviceTree
  }
  private treeOptions = () => ({
    memoryBytes: this.memory.ramBytes,
    seed: this.hardware.seed,
    uarts: this.hardware.board.uarts.length,
    cores: this.vcpus.length,
    cacheLine: this.model.cacheLine,
  })
  /** Without an image: from where somebody put code into memory. */
  boot(entry: number, mappedBytes: number, registers: Readonly<Record<number, number>> = {}): void {
    this.isNew = false
    bootCore(this.vcpu, entry, mappedBytes, registers)
  }

  // ---- running ----
  /** At most so many instructions of all cores and, if given, so many ticks of waiting (MSR[WE]): neither changes what the guest does. */
  run(budgetInstructions: number, idleBudgetTicks = Infinity): Exit {
    const { hostDebug, vcpus } = this
    const stepping = vcpus[hostDebug.takeStep()]
    const reported = stepping?.debug.markReported() ?? -1
    const exit = this.runLoop.run(
      this.instructions() + budgetInstructions,
      this.idleTicks() + idleBudgetTicks,
      stepping,
    )
    // What stands where the step ended is asked by whoever stepped; of a run that ended otherwise nobody does.
    if (exit.kind === 'step') stepping?.debug.markReported()
    else if (!('vcpu' in exit) || exit.vcpu !== stepping?.index) stepping?.debug.markReported(reported)
    hostDebug.exited(exit)
    return exit
  }
  /** From within a run, in onUart for instance: it ends after the present instruction, as if the budget were used. */
  leave = () => this.runLoop.leave()
  /** Of all cores. */
  instructions = () => this.hardware.clock.instructions()
  /** Time-base ticks that the guest has waited so far; the time base has 400 MHz. */
  idleTicks = () => this.hardware.clock.idleTicks()
  /** With the ticks in which it polled its console or a timer and did nothing else: no part of the machine's state, but for who paces it. */
  restingTicks = () => this.runLoop.restingTicks()
  /** What somebody types. It waits until the guest reads it. */
  uartInput(index: number, bytes: Iterable<number>): void {
    const uart = this.hardware.board.uarts[index]
    if (!uart) throw new Error(`There is no UART ${index}.`)
    uart.receive(bytes)
  }

  // ---- for the debugger: no side effect on the guest ----
  /** Bytes at an effective address, devices' registers too; undefined: some of them are not mapped, or nothing is there. */
  peek = (vcpu: number, address: number, length: number): Uint8Array | undefined =>
    peek(this.core(vcpu), this.bus, this.hostDebug, address, length)
  /** All or nothing; false: some of it is not mapped to RAM. */
  poke = (vcpu: number, address: number, bytes: Uint8Array): boolean =>
    poke(this.core(vcpu), this.memory, this.hostDebug, address, bytes)
  peekPhysical = (address: number, length: number): Uint8Array | undefined =>
    peekPhysical(this.bus, this.hostDebug, address, length)
  /** The physical address behind an effective one; undefined: no TLB entry maps it. Permissions are not asked. */
  translate = (vcpu: number, address: number, access: Access) =>
    this.core(vcpu).storage.peekTranslation(address, access)
  /** The entry that does it. */
  mapping = (vcpu: number, address: number, access: Access): TlbEntry | undefined =>
    tlbEntryOf(this.core(vcpu), address, access)
  tlb = (vcpu: number): readonly TlbEntry[] => tlbEntries(this.core(vcpu))
  /** The last of them, the oldest first. */
  debugEvents = (vcpu: number, count: number): readonly DebugEvent[] => this.core(vcpu).debug.log.last(count)
  /** Which it has taken since it is there, the last of them since its reset. */
  interrupts = (vcpu: number): InterruptLog => this.core(vcpu).interruptLog
  /** The breakpoint that would stop the core at this effective address. */
  stopAt = (vcpu: number, address: number) => this.core(vcpu).debug.stopAt(address)
  /** It is told: the core's next run goes over what stands where it is. */
  passStop = (vcpu: number) => void this.core(vcpu).debug.markReported()
  debugResources = (vcpu: number): DebugResources => debugResources(this.core(vcpu), this.hostDebug)
  private core(index: number): Vcpu {
    const vcpu = this.vcpus[index]
    if (!vcpu) throw new Error(`There is no CPU ${index}.`)
    return vcpu
  }

  // ---- saved states: the guest's, never the debugger's ----
  save = (): MachineState => save(this.hardware)
  /** Throws a BootError, with nothing changed, for a state of another machine. Returns the drives that have changed since. */
  restore(saved: MachineState): readonly number[] {
    const changedDrives = restore(this.hardware, saved)
    this.isNew = false
    this.runLoop.begin()
    return changedDrives
  }
  hash = (): string => hash(this.hardware)
}
