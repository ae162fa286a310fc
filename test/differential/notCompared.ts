// Records that random blocks leave out, and why. Their results are compared elsewhere (test/coverage lists those that are not).
import type { Instruction } from '../../emulator/isa/record.ts'
import type { CoreName } from '../../emulator/spr/record.ts'

const WHOLE_MACHINE = /^(tlb|msg|wait$|ehpriv$|rfgi$)/
/** QEMU 7.2 takes them as illegal. */
const NOT_IN_QEMU: Readonly<Record<CoreName, RegExp>> = {
  e500v2: /^(m[tf]pmr|bblels|bbelr|dcbtstls|icbtls|icblc|dcblc|rfmci)$/,
  e500mc: /^(m[tf]pmr|dcbtstls|icbtls|icblc|dcblc|dcbal|lfddx|stfddx)$/,
}

/** Of SPE; the manual's definitions judge them (test/spe). */
const SPE_NOT_IN_QEMU = new Set(
  `
  evaddsmiaaw evaddssiaaw evaddumiaaw evaddusiaaw evdivws evdivwu evmhegsmfaa evmhegsmfan evmhegsmiaa evmhegsmian
  evmhegumiaa evmhegumian evmhesmf evmhesmfa evmhesmfaaw evmhesmfanw evmhesmi evmhesmia evmhesmiaaw evmhesmianw evmhessf
  evmhessfa evmhessfaaw evmhessfanw evmhessiaaw evmhessianw evmheumi evmheumia evmheumiaaw evmheumianw evmheusiaaw
  evmheusianw evmhogsmfaa evmhogsmfan evmhogsmiaa evmhogsmian evmhogumiaa evmhogumian evmhosmf evmhosmfa evmhosmfaaw
  evmhosmfanw evmhosmi evmhosmia evmhosmiaaw evmhosmianw evmhossf evmhossfa evmhossfaaw evmhossfanw evmhossiaaw evmhossianw
  evmhoumi evmhoumia evmhoumiaaw evmhoumianw evmhousiaaw evmhousianw evmwhsmf evmwhsmfa evmwhsmi evmwhsmia evmwhssf
  evmwhssfa evmwhumi evmwhumia evmwlsmiaaw evmwlsmianw evmwlssiaaw evmwlssianw evmwlumi evmwlumia evmwlumiaaw evmwlumianw
  evmwlusiaaw evmwlusianw evmwsmf evmwsmfa evmwsmfaa evmwsmfan evmwsmian evmwssf evmwssfa evmwssfaa evmwssfan evmwumian
  evsubfsmiaaw evsubfssiaaw evsubfumiaaw evsubfusiaaw
  evslw evsrwu evsrws evrndw`.split(/\s+/),
)

export function notCompared({ mnemonic, category }: Instruction, core: CoreName): string | undefined {
  if (WHOLE_MACHINE.test(mnemonic)) return 'it is about more than the registers and memory of a block'
  if (SPE_NOT_IN_QEMU.has(mnemonic))
    return 'QEMU 7.2 has no such instruction, or (the last four) computes something else'
  if (category === 'DS' || NOT_IN_QEMU[core].test(mnemonic)) return 'QEMU 7.2 has no such instruction'
  return undefined
}
