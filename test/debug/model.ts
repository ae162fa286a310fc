// A second debug facility, deliberately simple and slow, written from the reference's sentences alone (2.1, 2.2, C1 to C7, T107, T121, T125).
// It knows eight instructions, DE of MSR, and straight code that ends in `b .`; the debug handler ends everything.

export type Instruction =
  | { readonly kind: 'nothing' | 'tw' | 'load' | 'store' | 'branchToNext' | 'branchToSelf' }
  | { readonly kind: 'mtmsr'; readonly DE: boolean }
  | { readonly kind: 'mtspr'; readonly register: 'DBCR0' | 'DBSR' | 'IAC1' | 'IAC2' | 'DAC1'; readonly value: number }

export const IDE = 0x80000000
const [IDM, ICMP, BRT, TRAP, IAC1, IAC2] = [0x40000000, 0x08000000, 0x04000000, 0x01000000, 0x00800000, 0x00400000]
const [DAC1R, DAC1W] = [0x00080000, 0x00040000]
/** The handler of the Program interrupt, and of the debug interrupt. */
export const PROGRAM = -1
export const DEBUG = -2

export class Model {
  DE = false
  registers = { DBCR0: 0, DBSR: 0, IAC1: 0, IAC2: 0, DAC1: 0 }
  /** Index of the next instruction, or a handler. */
  pc = 0
  saved = 0
  mode: 'guest' | 'host' | 'shared' = 'shared'
  readonly breakpoints = new Set<number>()
  private done = 0
  private reported = -1
  private readonly code: readonly Instruction[]
  private readonly address: (index: number) => number
  private readonly dataAddress: number
  constructor(code: readonly Instruction[], address: (index: number) => number, dataAddress: number) {
    this.code = code
    this.address = address
    this.dataAddress = dataAddress
  }

  private on = (bit: number) => this.mode !== 'host' && (this.registers.DBCR0 & bit) !== 0
  /** Records; true: the interrupt comes now. */
  private event(bits: number): boolean {
    this.registers.DBSR = (this.registers.DBSR | bits | (this.DE ? 0 : IDE)) >>> 0
    return this.DE && this.on(IDM)
  }
  private interrupt(): void {
    this.saved = this.pc
    this.pc = DEBUG
    this.DE = false
  }
  private pending = () => (this.registers.DBSR & ~IDE) !== 0 && this.DE && this.on(IDM)

  /** Whether it stopped at a breakpoint. */
  run(instructions: number): boolean {
    const end = this.done + instructions
    while (this.done < end) {
      if (this.pending()) this.interrupt()
      if (this.pc === DEBUG) return false
      if (this.breakpoints.has(this.pc) && this.reported !== this.done) {
        this.reported = this.done
        return true
      }
      this.execute()
    }
    return false
  }
  step(): void {
    if (this.pending()) this.interrupt()
    else if (this.pc !== DEBUG) this.execute()
    this.reported = this.done
  }

  private execute(): void {
    const at = this.code[this.pc] ?? { kind: 'branchToSelf' }
    const [hadDE, hadICMP] = [this.DE, this.on(ICMP)]
    const compared = this.pc < 0 ? 0 : this.compare(this.address(this.pc))
    if (compared && this.event(compared)) {
      this.interrupt()
      return
    }
    if (at.kind.startsWith('branch') && this.on(BRT) && this.DE && this.event(BRT)) {
      this.interrupt()
      return
    }
    this.done++
    if (at.kind === 'tw') {
      if (this.on(TRAP) && this.event(TRAP)) {
        this.interrupt()
        return
      }
      this.saved = this.pc
      this.pc = PROGRAM
      return
    }
    if ((at.kind === 'load' || at.kind === 'store') && this.data(at.kind)) {
      this.interrupt()
      return
    }
    if (at.kind === 'mtmsr') this.DE = at.DE
    if (at.kind === 'mtspr' && this.mode !== 'host') this.write(at.register, at.value, compared)
    if (at.kind !== 'branchToSelf') this.pc++
    if (hadDE && hadICMP) this.registers.DBSR = (this.registers.DBSR | ICMP) >>> 0
  }
  private compare(address: number): number {
    const { registers } = this
    return (
      (this.on(IAC1) && registers.IAC1 === address ? IAC1 : 0) |
      (this.on(IAC2) && registers.IAC2 === address ? IAC2 : 0)
    )
  }
  private data(access: 'load' | 'store'): boolean {
    const bit = access === 'load' ? DAC1R : DAC1W
    return this.on(bit) && this.registers.DAC1 === this.dataAddress && this.event(bit)
  }
  /** What the instruction itself recorded stays (T125). */
  private write(register: keyof Model['registers'], value: number, recorded: number): void {
    if (register !== 'DBSR') this.registers[register] = value
    else {
      const own = recorded ? recorded | (this.DE ? 0 : IDE) : 0
      this.registers.DBSR = ((this.registers.DBSR & ~value) | own) >>> 0
    }
  }
}
