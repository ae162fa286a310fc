/** Repeatable 32-bit words from a seed (xorshift32, Marsaglia 2003). */
export function random(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  }
}
