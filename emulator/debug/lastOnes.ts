// The last of many, for a person to look at.

const KEPT = 256

export class LastOnes<T> {
  private ones: T[] = []

  add(one: T): void {
    this.ones.push(one)
    if (this.ones.length > 2 * KEPT) this.ones = this.ones.slice(-KEPT)
  }
  clear(): void {
    this.ones = []
  }
  /** The oldest first. */
  last = (count: number): readonly T[] => this.ones.slice(-Math.min(KEPT, Math.max(0, count)))
}
