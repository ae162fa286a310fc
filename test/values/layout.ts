// layout.c as its debug information describes it (readelf --debug-dump=info) and its .data section (objdump -s).
import {
  arrayOf,
  BOOL,
  CHAR,
  DOUBLE,
  FLOAT,
  INT,
  LONG_DOUBLE,
  LONG_LONG,
  SHORT,
  SIGNED_CHAR,
  UNSIGNED_CHAR,
  UNSIGNED_INT,
  UNSIGNED_LONG_LONG,
  UNSIGNED_SHORT,
} from '../../adapter/values/types.ts'
import { inMemory } from '../../adapter/values/value.ts'
import { bits as bitField, bytesOf, enumeration, fakeMemory, member, struct, union } from './build.ts'

export const color = enumeration('color', { RED: 0, GREEN: 2, BLUE: 3 })
export const flags = enumeration('flags', { READ: 1, WRITE: 2, EXECUTE: 4, LOCKED: 0x80 })
export const point = struct(undefined, 8, member('x', INT, 0), member('y', INT, 4))

const bitsType = struct(
  'bits',
  16,
  bitField('a', UNSIGNED_INT, 0, 3),
  bitField('b', INT, 3, 5),
  bitField('c', UNSIGNED_INT, 8, 10),
  bitField('e', BOOL, 18, 1),
  bitField('f', color, 19, 2),
  bitField('d', UNSIGNED_LONG_LONG, 21, 33),
  member('g', SIGNED_CHAR, 7),
  bitField('h', UNSIGNED_SHORT, 64, 9),
)

const halves = struct(undefined, 4, member('high', SHORT, 0), member('low', SHORT, 2))

const mixedType = struct(
  'mixed',
  128,
  member('name', arrayOf(CHAR, 8), 0),
  member('mac', arrayOf(UNSIGNED_CHAR, 4), 8),
  member(undefined, union(undefined, 4, member('word', UNSIGNED_INT, 0), member(undefined, halves, 0)), 12),
  member('ratio', DOUBLE, 16),
  member('half', FLOAT, 24),
  member('big', LONG_LONG, 32),
  member('flags', flags, 40),
  member('point', arrayOf(point, 2), 44),
  member('zeros', arrayOf(INT, 16), 60),
  member('yes', BOOL, 124),
)

export const DATA = 0xc0001000

export const data = `
  bdaabc8d 159e24ff aa800000 00000000 65353030 00000000 018000ff 12348765 3fb99999 9999999a 3f000000 00000000
  fffffffe d5fa0e00 00000005 00000001 fffffffe 00000003 00000004 00000007 00000000 00000000 00000000 00000000
  00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 01000000
  3fd55555 55555555 3c755555 555554ea`

export const bits = inMemory(bitsType, DATA)
export const mixed = inMemory(mixedType, DATA + 0x10)
export const third = inMemory(LONG_DOUBLE, DATA + 0x90)

export const layoutMemory = () => fakeMemory({ [DATA]: bytesOf(data) })
