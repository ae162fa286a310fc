// Who may use the debug facility, and by which hypervisor's rules the guest sees that. `shared`: the guest has its own and the host's slots
// are taken beside it; `host`: the guest has none and sees DBCR0[EDM]; `guest`: the host lays its stops over the code and takes no slot.
import { fieldMasks } from '../spr/fields.ts'

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

const [DBCR0, DBCR1, DBCR2, DBCR4] = [308, 309, 310, 563] as const
const { EDM, RST, RET, IRPT, FT } = fieldMasks(DBCR0, 'EDM', 'RST', 'RET', 'IRPT', 'FT')
const KVM_DBCR0 = Object.values(fieldMasks(DBCR0, 'IDM', 'ICMP', 'BRT', 'TRAP', 'IAC1', 'IAC2', 'DAC1', 'DAC2')).reduce(
  (mask, bit) => mask | bit,
)
/** IACnER or DACnER, of both registers. */
const ER_FIELDS = 0x33000000

/** What of a guest's own write to a DBCR its hypervisor lets through (3.3, 3.5); undefined: it refuses the write. */
export function allowedControl({ hypervisor }: DebugRules, number: number, value: number): number | undefined {
  if (hypervisor === 'kvm') return number === DBCR0 ? value & KVM_DBCR0 : value
  if (hypervisor === 'none') return number === DBCR0 ? value & ~EDM : value
  if (number === DBCR0) return value & ~(EDM | RST | RET | IRPT | FT)
  if (number === DBCR4) return ((value >>> 12) & 15) > 12 || ((value >>> 8) & 15) > 12 ? undefined : value
  if (number !== DBCR1 && number !== DBCR2) return value
  return [26, 22].some((shift) => ((value >>> (shift + 2)) & 3) === 1) ? undefined : value & ER_FIELDS
}
