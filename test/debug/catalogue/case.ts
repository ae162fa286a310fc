// A statement of the reference's test catalogue: its number, the cores that it names, what it says, and the check of it.
import type { CoreName } from '../../../emulator/spr/record.ts'

export type Cores = 'both' | CoreName

export interface Case {
  readonly number: number
  readonly cores: Cores
  readonly says: string
  readonly check: (cpu: CoreName) => void
}
export const T = (number: number, cores: Cores, says: string, check: (cpu: CoreName) => void): Case => ({
  ...{ number, cores, says, check },
})
export const coresOf = ({ cores }: Case): readonly CoreName[] => (cores === 'both' ? ['e500v2', 'e500mc'] : [cores])
