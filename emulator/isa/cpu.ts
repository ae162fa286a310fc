// What instructions that are no data flow ask of a core. Every engine calls these; core/ implements them.
import type { FloatCalls, SpeCalls } from './floatCpu.ts'

/** Loads and stores by effective address; a fault leaves as the interrupt that it is. */
export interface Storage {
  load1(EA: number): number
  load2(EA: number): number
  load4(EA: number): number
  store1(EA: number, value: number): void
  store2(EA: number, value: number): void
  store4(EA: number, value: number): void
}

export interface Cpu extends FloatCalls, SpeCalls {
  mfspr(SPR: number, RT: number): void
  mtspr(SPR: number, value: number): void
  mfmsr(RT: number): void
  mtmsr(value: number): void
  wrtee(EE: number): void
  mfcr(RT: number): void
  mtcrf(FXM: number, value: number): void
  mcrf(BF: number, BFA: number): void
  mcrxr(BF: number): void
  trap(TO: number, a: number, b: number): void
  systemCall(LEV: number): void
  ehpriv(): void
  wait(WC: number): void
  rfi(): void
  rfci(): void
  rfdi(): void
  rfmci(): void
  rfgi(): void
  isync(): void
  tlbwe(): void
  tlbre(): void
  tlbsx(EA: number): void
  tlbivax(EA: number): void
  tlbilx(T: number, EA: number): void
  tlbsync(): void
  msgsnd(message: number): void
  msgclr(message: number): void
  /** L: the long form. */
  dcbz(EA: number, L: number): void
  dcba(EA: number, L: number): void
  /** access: 0 counts as a load, 1 as a store. */
  cacheOperation(EA: number, access: number): void
  touch(EA: number): void
  dcbi(EA: number): void
  /** CT: 0 the L1 cache, 1 the L2; others are no cache. */
  dataCacheLock(CT: number, EA: number): void
  dataCacheUnlock(CT: number, EA: number): void
  instructionCacheLock(CT: number, EA: number): void
  instructionCacheUnlock(CT: number, EA: number): void
  branchLock(): void
  mfpmr(PMRN: number, RT: number): void
  mtpmr(PMRN: number, value: number): void
  lwarx(EA: number, RT: number): void
  stwcx(EA: number, value: number): void
  lmw(EA: number, RT: number): void
  stmw(EA: number, RS: number): void
  /** Category E.PD: in the address space that EPLC or EPSC names. */
  loadExternal(size: number, EA: number, RT: number): void
  storeExternal(size: number, EA: number, value: number): void
  cacheOperationExternal(EA: number, access: number): void
  touchExternal(EA: number, access: number): void
  dcbzExternal(EA: number): void
}

/** Where a core keeps what instructions name, as indexes of its int32 state block. LEFT: instructions left of the present slice. */
export const STATE = {
  LR: 32,
  CTR: 33,
  CA: 34,
  OV: 35,
  SO: 36,
  CIA: 37,
  NIA: 38,
  LEFT: 39,
  CR: 40,
  CR_SO: 56,
  /** Upper halves of the GPRs. */
  GPRH: 64,
  /** The accumulator and each FPR: low word, high word, so that they are a Float64Array's elements too. */
  ACC: 96,
  ACCL: 96,
  ACCH: 97,
  SPEFSCR: 98,
  FPSCR: 99,
  FPR: 100,
  WORDS: 164,
} as const
