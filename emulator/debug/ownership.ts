// Who may use the debug facility, and by which hypervisor's rules the guest sees that. `shared`: the guest has its own and the host's slots
// are taken beside it; `host`: the guest has none and sees DBCR0[EDM]; `guest`: the host lays its stops over the code and takes no slot.
import { fromField } from '../spr/masks.ts'
import { SPR } from '../spr/table.ts'
import { MOST_XM } from './compare.ts'
import { DBCR0, DBCR1, DBCR2, DBCR4 } from './debugFields.ts'

export type DebugOwnership = 'shared' | 'host' | 'guest'
/** `none`: the silicon itself. */
export type Hypervisor = 'none' | 'kvm' | 'nxp'
/** What a write to a debug register does that the guest does not own. */
export type DeniedWrite = 'ignore' | 'programInterrupt'

export interface DebugRules {
  readonly hypervisor: Hypervisor
  readonly deniedWrite: DeniedWrite
}
export const rulesOf = (hypervisor: Hypervisor, deniedWrite?: DeniedWrite): DebugRules => ({
  hypervisor,
  deniedWrite: deniedWrite ?? (hypervisor === 'nxp' ? 'programInterrupt' : 'ignore'),
})

/** The guest's debug registers work. */
export const guestHasDebug = (ownership: DebugOwnership) => ownership !== 'host'

/** What a placement that takes an IAC or DAC is answered where the host takes none. */
export const noSlotsForHost =
  'debugOwnership is "guest": the IACs and DACs are the guest\'s. Choose the mode "auto", or the ownership "shared".'

/** Whoever owns the facility: DBSRWR is a hypervisor's own register (1.7), and KVM does not emulate DBCR4 either (3.3). */
export const isEmulated = ({ hypervisor }: DebugRules, number: number) =>
  hypervisor === 'none' || (number !== SPR.DBSRWR && (number !== SPR.DBCR4 || hypervisor === 'nxp'))

const { EDM, RST, RET, IRPT, FT } = DBCR0
const KVM_DBCR0 = (['IDM', 'ICMP', 'BRT', 'TRAP', 'IAC1', 'IAC2', 'DAC1', 'DAC2'] as const).reduce(
  (mask, name) => mask | DBCR0[name],
  0,
)
/** The fields that the NXP hypervisor leaves to a guest. */
const ER_FIELDS = new Map<number, readonly [number, number]>([
  [SPR.DBCR1, [DBCR1.IAC1ER, DBCR1.IAC2ER]],
  [SPR.DBCR2, [DBCR2.DAC1ER, DBCR2.DAC2ER]],
])

/** What of a guest's own write to a DBCR its hypervisor lets through (3.3, 3.5); undefined: it refuses the write. */
export function allowedControl({ hypervisor }: DebugRules, number: number, value: number): number | undefined {
  if (hypervisor === 'kvm') return number === SPR.DBCR0 ? value & KVM_DBCR0 : value
  if (hypervisor === 'none') return number === SPR.DBCR0 ? value & ~EDM : value
  if (number === SPR.DBCR0) return value & ~(EDM | RST | RET | IRPT | FT)
  if (number === SPR.DBCR4) return Object.values(DBCR4).some((XM) => fromField(value, XM) > MOST_XM) ? undefined : value
  const ERs = ER_FIELDS.get(number)
  if (!ERs) return value
  return ERs.some((ER) => fromField(value, ER) === REAL_ADDRESS) ? undefined : value & (ERs[0] | ERs[1])
}
/** ER: what no e500 has. */
const REAL_ADDRESS = 1
