// The reservation of lwarx and stwcx. (Book II 3.3.2). Its granule is a cache line; the address is the physical one.

export class Reservation {
  private granule = -1
  private readonly granuleBytes: number

  constructor(granuleBytes: number) {
    this.granuleBytes = granuleBytes
  }

  isHeld = () => this.granule >= 0
  set(physical: number): void {
    this.granule = this.granuleOf(physical)
  }
  lose(): void {
    this.granule = -1
  }
  covers = (physical: number) => this.granuleOf(physical) === this.granule
  /** Whether a store of so many bytes meets it. */
  isMetBy = (physical: number, length: number) =>
    this.granule >= this.granuleOf(physical) && this.granule <= this.granuleOf(physical + length - 1)
  private granuleOf = (physical: number) => Math.floor(physical / this.granuleBytes)

  save = () => this.granule
  restore(granule: number): void {
    this.granule = granule
  }
}
