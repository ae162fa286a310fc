// What fields of several bits say, in the manual's words (e500 core manual, 2.13).

const US = ['any', 'reserved', 'supervisor', 'user']
const ER = ['effective', 'reserved', 'IS=0', 'IS=1']
const DATA_ER = ['effective', 'reserved', 'DS=0', 'DS=1']
const PAIR = ['exact', 'bit mask', 'inside', 'outside']
const DATA_ACCESS = ['·', 'W', 'R', 'RW']
const RESET = ['·', 'reserved', 'processor', 'reserved']

const MEANINGS: readonly (readonly [register: RegExp, field: RegExp, words: readonly string[]])[] = [
  [/^DBCR0$/, /^DAC[12]$/, DATA_ACCESS],
  [/^DBCR0$/, /^RST$/, RESET],
  [/^DBCR1$/, /^IAC[12]US$/, US],
  [/^DBCR1$/, /^IAC[12]ER$/, ER],
  [/^DBCR2$/, /^DAC[12]US$/, US],
  [/^DBCR2$/, /^DAC[12]ER$/, DATA_ER],
  [/^DBCR[12]$/, /^[ID]AC12M$/, PAIR],
]

/** A word for the value, or undefined where the number says it best. */
export function meaningOf(register: string, field: string, value: number): string | undefined {
  return MEANINGS.find(([ofRegister, ofField]) => ofRegister.test(register) && ofField.test(field))?.[2][value]
}
