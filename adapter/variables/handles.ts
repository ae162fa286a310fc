// Numbers that DAP wants for things it cannot name: frames and containers of variables. They live until the guest runs on.

export class Handles<T> {
  private readonly things: T[] = []
  private readonly base: number

  /** A handle of an earlier stop must not name something of this one: each stop begins at a base of its own. */
  constructor(base: number) {
    this.base = base
  }
  add(thing: T): number {
    return this.base + this.things.push(thing)
  }
  get = (handle: number): T | undefined => this.things[handle - this.base - 1]
  /** What the next stop's handles begin at. */
  end = () => this.base + this.things.length
}
