// Hundreds of random small loops over the timers: with recognition each is the same run, to the bit, as without.
import { expect, test } from 'vitest'
import { random } from '../support/random.ts'
import { expectSameRun, pairOf, skipped } from './polling.ts'

const SEEDS = 250
const HANDLER = 0x400
const START = 0x100

type Random = () => number

/** Numbers from below `limit`, one of several, and words that lie near what matters. */
function choices(next: Random) {
  const below = (limit: number) => (next() >>> 0) % limit
  const of = <T>(...things: readonly T[]): T => things[below(things.length)]!
  const register = () => `r${3 + below(7)}`
  const word = () => of(0, 1, -1, 0x7fffffff, 0x80000000, 0xffff0000, below(1 << 16), below(1 << 20), next()) | 0
  return { below, of, register, word }
}

const TIMERS = [268, 268, 268, 269, 526, 527, 22, 22, 336]

function instruction(next: Random): string {
  const { below, of, register: r } = choices(next)
  const bit = () => below(32)
  const small = () => of(0, 1, -1, 4, -4, 16, below(0x8000), -below(0x8000))
  const field = () => below(3)
  switch (below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return `mfspr ${r()},${of(...TIMERS)}`
    case 4:
      return `${of('add', 'addc', 'adde', 'subf', 'subf', 'subfc', 'subfe', 'addo.', 'subfco')} ${r()},${r()},${r()}`
    case 5:
      return `${of('and', 'or', 'xor', 'nor', 'andc', 'eqv', 'nand', 'orc', 'slw', 'srw', 'sraw')} ${r()},${r()},${r()}`
    case 6:
      return `${of('mullw', 'mulhw', 'mulhwu', 'divw', 'divwu')} ${r()},${r()},r30`
    case 7:
      return `${of('addi', 'addic', 'addic.', 'subfic', 'mulli')} ${r()},${r()},${small()}`
    case 8:
      return `${of('andi.', 'andis.', 'ori', 'oris', 'xori', 'xoris')} ${r()},${r()},${of(0, 1, 0x8000, 0xffff, 0xff00, below(1 << 16))}`
    case 9:
      return `${of('rlwinm', 'rlwinm', 'rlwinm.', 'rlwimi')} ${r()},${r()},${bit()},${of(0, bit())},${of(31, bit())}`
    case 10:
      return `srawi ${r()},${r()},${bit()}`
    case 11:
      return `${of('extsb', 'extsh', 'cntlzw', 'neg', 'addze', 'subfze', 'addme')} ${r()},${r()}`
    case 12:
    case 13:
      return `${of('cmpw', 'cmplw')} ${field()},${r()},${of(r(), 'r29', 'r30')}`
    case 14:
      return `${of('cmpwi', 'cmplwi')} ${field()},${r()},${below(0x8000)}`
    case 15:
      return of(
        `isel ${r()},${r()},${r()},${below(12)}`,
        `${of('crand', 'cror', 'crxor', 'crnor')} ${below(12)},${below(12)},${below(12)}`,
        `mcrf ${field()},${field()}`,
        `mfcr ${r()}`,
        `mtspr ${of(9, 8)},${r()}`,
        `mfspr ${r()},${of(8, 9, 1, 256)}`,
        `tw ${bit()},${r()},r30`,
      )
    case 16:
      return `${of('lwz', 'lhz', 'lha', 'lbz')} ${r()},${4 * below(4)}(r13)`
    case 17:
      return `${of('stw', 'stw', 'stw', 'sth', 'stb')} ${r()},${4 * below(4)}(r13)`
    case 18:
      return of(`stmw ${of('r27', 'r7')},32(r13)`, 'lmw r27,32(r13)', 'isync', 'msync', `mfmsr ${r()}`)
    default:
      return `bc ${of(4, 12)},${below(12)},AFTER`
  }
}

/** What most such loops do somewhere: the time since r3, or until then, against a limit. */
const elapsed = ({ of }: ReturnType<typeof choices>) => [
  `mfspr r4,${of(...TIMERS)}`,
  of('subf r4,r3,r4', 'subf r4,r4,r3', 'subfc r4,r3,r4', 'add r4,r3,r4', 'addi r4,r4,0'),
  `${of('cmpw', 'cmplw')} r4,${of('r29', 'r30')}`,
]
function loop(next: Random): string {
  const all = choices(next)
  const { below, of } = all
  const random = Array.from({ length: 1 + below(7) }, () => instruction(next))
  const body = below(2) ? [...random, ...elapsed(all)] : [...elapsed(all), ...random]
  const back = of(`bc ${of(4, 12)},${below(12)},here`, `bc ${of(4, 12)},${below(3)},here`, 'b here', 'bc 16,0,here')
  const lines = [...body, back].map((line, n) => `at${n}:\n ${line.replace('AFTER', `at${n + 2}`)}`)
  return `here:\n${lines.join('\n')}\nat${lines.length}:`
}

const padded = (source: string, from: number, to: number) =>
  source +
  '\nori r0,r0,0'.repeat((to - from) / 4 - source.split('\n').filter((line) => /^\s*\w[^:]*$/.test(line)).length)

/** The loop again and again; the decrementer's handler counts in memory. */
const guest = (source: string) => `
${padded('b again', 0, START)}
again:
${padded(`mfspr r3,268\n${source}\n addi r31,r31,1\n b again`, START, HANDLER)}
lwz r28,0x50(r13)
addi r28,r28,1
stw r28,0x50(r13)
addis r28,r0,0x0800
mtspr 336,r28
rfi`

function registers(next: Random): Record<string, number> {
  const { below, of, word } = choices(next)
  return {
    ...Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`r${3 + n}`, word()])),
    r13: 0x2000,
    r29: below(1 << 16),
    r30: word(),
    CTR: of(word(), below(100_000)),
    cr: next(),
    TBU: of(0, 0, 0x7fff),
    TBL: of(0, -below(100_000), 0x80000000 - below(100_000), next()),
    IVOR10: HANDLER,
    DEC: of(0, below(400_000), next()),
    DECAR: of(0, below(400_000), below(5_000)),
    TCR: of(0, 0x04400000, 0x00400000),
    msr: of(0, 0x8000),
  }
}

test('random loops over the timers', { timeout: 600_000 }, () => {
  let recognised = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const next = random(seed * 7919)
    const source = loop(next)
    const pair = pairOf(guest(source), registers(next))
    const { below } = choices(next)
    const counts = [below(3000), below(50_000), 1, below(100_000), 20_000]
    expectSameRun(pair, counts, `seed ${seed}:\n${source}`)
    if (skipped(pair.quick) > 0) recognised++
  }
  expect(recognised).toBeGreaterThan(SEEDS / 2)
})
