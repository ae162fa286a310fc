// Values as the manuals write them: MSR and ESR bits, hand-copied from the reference (1.6, 5.1), not from the emulator's own tables.
export const MSR = {
  GS: 0x10000000,
  UCLE: 0x04000000,
  CE: 0x00020000,
  EE: 0x00008000,
  PR: 0x00004000,
  ME: 0x00001000,
  DE: 0x00000200,
  IS: 0x00000020,
  DS: 0x00000010,
  PMM: 0x00000004,
  RI: 0x00000002,
} as const

export const ESR = {
  PIL: 0x08000000,
  PPR: 0x04000000,
  PTR: 0x02000000,
  ST: 0x00800000,
  DLK: 0x00200000,
  ILK: 0x00100000,
  BO: 0x00020000,
  EPID: 0x40,
} as const

/** MAS1[V], MAS8[TGS], MAS8[VF], HID0[EN_MAS7_UPDATE], HID0[EN_L2MMU_MHD]. */
export const V = 0x80000000
export const TGS = 0x80000000
export const VF = 0x40000000
export const EN_MAS7_UPDATE = 0x80
export const EN_L2MMU_MHD = 0x40000000
