// Words at the edges of SPE's elements: of words, half words, counts and fractions.
export const EDGES = [
  0, 1, -1, 2, 31, 32, 63, 64, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x80008000, 0xffff8000,
  0x7fff7fff, 0x80007fff, 0xfffffffe, 0x40000000, 0xc0000000, 0x00018000, 0x12345678, 0x55555555, 0xaaaaaaaa,
].map((value) => value | 0)
