// SPE: loads and stores of 64-bit registers, each with a displacement in units of its access and indexed (SPE PEM chapter 5).
import type { FieldName } from './form.ts'
import type { Node, Op } from './op.ts'
import type { Instruction } from './record.ts'
import { type Pair, setPair, spe } from './speRecord.ts'

type Bytes = 2 | 4 | 8
type Access = (op: Op, EA: Node) => void

const DISPLACEMENT: Readonly<Record<Bytes, FieldName>> = { 8: 'D8', 4: 'D4', 2: 'D2' }

/** EA has to be a multiple of what is accessed (E500RM, alignment interrupt). */
function family(
  mnemonic: string,
  title: string,
  XO11: number,
  bytes: Bytes,
  register: 'RT' | 'RS',
  access: Access,
): Instruction[] {
  const aligned = (op: Op, sum: Node) => {
    const EA = op.let(sum)
    op.call('beginAligned', EA, op.const(bytes), op.const(register === 'RS' ? 1 : 0))
    access(op, EA)
  }
  const D = DISPLACEMENT[bytes]
  return [
    spe(mnemonic, title, XO11, `${register},${D}(RA)`, (op) => aligned(op, op.add(op.gprOrZero('RA'), op.field(D)))),
    spe(`${mnemonic}x`, `${title} Indexed`, XO11 - 1, `${register},RA,RB`, (op) =>
      aligned(op, op.add(op.gprOrZero('RA'), op.gpr('RB'))),
    ),
  ]
}

const at = (op: Op, EA: Node, offset: number) => (offset === 0 ? EA : op.add(EA, op.const(offset)))
const upper = (op: Op, value: Node) => op.binary('shl', value, op.const(16))
const upperHalf = (op: Op, word: Node) => op.binary('shr', word, op.const(16))
const twice = (op: Op, value: Node) => op.or(upper(op, value), value)

/** Both words, as they are. */
const loadWords: Access = (op, EA) => setPair(op, { high: op.load(4, EA), low: op.load(4, at(op, EA, 4)) })
const loadHalves: Access = (op, EA) => {
  const [a, b, c, d] = [0, 2, 4, 6].map((offset) => op.load(2, at(op, EA, offset))) as [Node, Node, Node, Node]
  setPair(op, { high: op.or(upper(op, a), b), low: op.or(upper(op, c), d) })
}
/** One element for both. */
const splat =
  (size: 2 | 4, place: (op: Op, value: Node) => Node): Access =>
  (op, EA) => {
    const value = op.let(place(op, op.load(size, EA)))
    setPair(op, { high: value, low: value })
  }
/** Two half words, one for each element. */
const pair =
  (place: (op: Op, value: Node) => Node): Access =>
  (op, EA) => {
    const halves: Pair = { high: op.load(2, EA), low: op.load(2, at(op, EA, 2)) }
    setPair(op, { high: place(op, halves.high), low: place(op, halves.low) })
  }
const same = (_: Op, value: Node) => value
const signed = (op: Op, value: Node) => op.unary('exts16', value)

const storeWords: Access = (op, EA) => {
  op.store(4, EA, op.gprHigh('RS'))
  op.store(4, at(op, EA, 4), op.gpr('RS'))
}
const storeHalves: Access = (op, EA) => {
  op.store(2, EA, upperHalf(op, op.gprHigh('RS')))
  op.store(2, at(op, EA, 2), op.gprHigh('RS'))
  op.store(2, at(op, EA, 4), upperHalf(op, op.gpr('RS')))
  op.store(2, at(op, EA, 6), op.gpr('RS'))
}
const storePair =
  (half: (op: Op, word: Node) => Node): Access =>
  (op, EA) => {
    op.store(2, EA, half(op, op.gprHigh('RS')))
    op.store(2, at(op, EA, 2), half(op, op.gpr('RS')))
  }

const LOAD = 'Vector Load'
const STORE = 'Vector Store'

export const speLoadStore: readonly Instruction[] = [
  ...family('evldd', `${LOAD} Double Word into Double Word`, 769, 8, 'RT', loadWords),
  ...family('evldw', `${LOAD} Double into Two Words`, 771, 8, 'RT', loadWords),
  ...family('evldh', `${LOAD} Double into Four Half Words`, 773, 8, 'RT', loadHalves),
  ...family('evlhhesplat', `${LOAD} Half Word into Half Words Even and Splat`, 777, 2, 'RT', splat(2, upper)),
  ...family('evlhhousplat', `${LOAD} Half Word into Half Word Odd Unsigned and Splat`, 781, 2, 'RT', splat(2, same)),
  ...family('evlhhossplat', `${LOAD} Half Word into Half Word Odd Signed and Splat`, 783, 2, 'RT', splat(2, signed)),
  ...family('evlwhe', `${LOAD} Word into Two Half Words Even`, 785, 4, 'RT', pair(upper)),
  ...family('evlwhou', `${LOAD} Word into Two Half Words Odd Unsigned`, 789, 4, 'RT', pair(same)),
  ...family('evlwhos', `${LOAD} Word into Two Half Words Odd Signed`, 791, 4, 'RT', pair(signed)),
  ...family('evlwwsplat', `${LOAD} Word into Word and Splat`, 793, 4, 'RT', splat(4, same)),
  ...family('evlwhsplat', `${LOAD} Word into Two Half Words and Splat`, 797, 4, 'RT', pair(twice)),
  ...family('evstdd', `${STORE} Double of Double`, 801, 8, 'RS', storeWords),
  ...family('evstdw', `${STORE} Double of Two Words`, 803, 8, 'RS', storeWords),
  ...family('evstdh', `${STORE} Double of Four Half Words`, 805, 8, 'RS', storeHalves),
  ...family('evstwhe', `${STORE} Word of Two Half Words from Even`, 817, 4, 'RS', storePair(upperHalf)),
  ...family('evstwho', `${STORE} Word of Two Half Words from Odd`, 821, 4, 'RS', storePair(same)),
  ...family('evstwwe', `${STORE} Word of Word from Even`, 825, 4, 'RS', (op, EA) => op.store(4, EA, op.gprHigh('RS'))),
  ...family('evstwwo', `${STORE} Word of Word from Odd`, 829, 4, 'RS', (op, EA) => op.store(4, EA, op.gpr('RS'))),
]
