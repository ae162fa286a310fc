// Who may use the debug facility. `shared`: the guest has its own and the host's slots are taken beside it; `host`: the guest has none
// and sees DBCR0[EDM]; `guest`: the host lays its stops over the code and takes no slot.

export type DebugOwnership = 'shared' | 'host' | 'guest'

/** The guest's debug registers work. */
export const guestHasDebug = (ownership: DebugOwnership) => ownership !== 'host'

/** What a placement that takes an IAC or DAC is answered where the host takes none. */
export const noSlotsForHost =
  'debugOwnership is "guest": the IACs and DACs are the guest\'s. Choose the mode "auto", or the ownership "shared".'
