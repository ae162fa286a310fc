// Category E.PC: msgsnd and msgclr, which core accepts a message, which interrupt it becomes (reference 5.1, 5.2).
import { MSR } from './bits.ts'
import { type Case, CODE, handler, testCases } from './machine.ts'

const { GS, CE, EE, ME, DE, RI } = MSR
const ALL = CE | EE | ME | DE | RI
const TARGET = CODE + 0x100
const memory = { [TARGET]: 0x48000000 }
const type = (n: number) => n << 27
const BROADCAST = 0x04000000
const LPID = (n: number) => n << 14
const manual = 'Linux dbell.h; reference 5.2'
const it = (title: string, r3: number, more: Partial<Case> & Pick<Case, 'expected'>): Case => ({
  title,
  manual,
  cpu: 'e500mc',
  code: 'msgsnd r3',
  MSR: ALL,
  gpr: { 3: r3 },
  ...more,
})
/** The hypervisor sends, then enters the guest. */
const inGuest = (title: string, r3: number, guestMsr: number, expected: Case['expected'], spr = {}): Case =>
  it(title, r3, {
    code: 'msgsnd r3\nrfi',
    MSR: ME,
    spr: { SRR0: TARGET, SRR1: GS | guestMsr, ...spr },
    memory,
    expected,
  })
const stays = { pc: TARGET }
const ignored = { pc: CODE + 4, MSR: ALL }

testCases([
  it('type 0: Processor doorbell', type(0), {
    expected: { pc: handler(36), SRR0: CODE + 4, SRR1: ALL, MSR: CE | ME | DE | RI },
  }),
  it('type 1: Processor doorbell critical', type(1), {
    expected: { pc: handler(37), CSRR0: CODE + 4, CSRR1: ALL, MSR: ME | DE | RI },
  }),
  it('type 0 waits for EE', type(0), { MSR: CE, expected: { pc: CODE + 4 } }),
  it('type 1 waits for CE', type(1), { MSR: EE, expected: { pc: CODE + 4 } }),
  it('and comes when EE is set', type(0), {
    code: 'msgsnd r3\naddi r4,r4,1\nwrteei 1\naddi r4,r4,1',
    MSR: 0,
    expected: { pc: handler(36), SRR0: CODE + 12, r4: 1 },
  }),
  it('it is taken once', type(0), {
    code: 'msgsnd r3',
    spr: { IVOR36: TARGET },
    // rfi
    memory: { [TARGET]: 0x4c000064 },
    expected: { pc: CODE + 4, MSR: ALL },
  }),
  it('msgclr takes it back', type(0), { code: 'msgsnd r3\nmsgclr r3\nwrteei 1', MSR: 0, expected: { pc: CODE + 12 } }),
  it('msgclr of another type does not', type(0), {
    code: 'msgsnd r3\nmsgclr r4\nwrteei 1',
    MSR: 0,
    gpr: { 3: type(0), 4: type(1) },
    expected: { pc: handler(36) },
  }),
  it("another core's PIR", type(0) | 5, { expected: ignored }),
  it('its own PIR', type(0) | 5, { spr: { PIR: 5 }, expected: { pc: handler(36) } }),
  it('a broadcast whatever the tag', type(0) | BROADCAST | 5, { expected: { pc: handler(36) } }),
  it('whatever its LPID tag', type(0) | LPID(3), { expected: { pc: handler(36) } }),
  it('a type that there is not', type(9), { expected: ignored }),
  it('critical before base class', type(0), {
    code: 'msgsnd r3\nmsgsnd r4\nmtmsr r5',
    MSR: 0,
    gpr: { 3: type(0), 4: type(1), 5: CE | EE },
    expected: { pc: handler(37), CSRR0: CODE + 12, SRR0: 0 },
  }),
  inGuest('type 0 in a guest that masks EE: to the hypervisor', type(0), 0, { pc: handler(36), SRR0: TARGET, MSR: 0 }),
  inGuest('type 2: Guest processor doorbell, saved in GSRR0 and GSRR1, handled by the hypervisor', type(2), EE | CE, {
    pc: handler(38),
    GSRR0: TARGET,
    GSRR1: GS | EE | CE,
    MSR: CE,
  }),
  inGuest('type 2 waits while the guest masks EE', type(2), CE, stays),
  inGuest('type 3: Guest processor doorbell critical, in CSRR0', type(3), CE, {
    pc: handler(39),
    CSRR0: TARGET,
    CSRR1: GS | CE,
    MSR: 0,
  }),
  inGuest('type 3 waits while the guest masks CE', type(3), EE, stays),
  inGuest('type 4: its machine check form', type(4), ME, { pc: handler(39), CSRR0: TARGET, CSRR1: GS | ME }),
  inGuest("a guest's doorbell for another partition", type(2) | LPID(3), EE, stays),
  inGuest("a guest's doorbell for its partition", type(2) | LPID(3), EE, { pc: handler(38) }, { LPIDR: 3 }),
  inGuest("a guest's doorbell goes by GPIR", type(2) | 6, EE, { pc: handler(38) }, { GPIR: 6 }),
  it("a guest's doorbell does not interrupt the hypervisor", type(2), { expected: ignored }),
])
