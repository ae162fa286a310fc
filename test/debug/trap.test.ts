// Trap words in guest memory: what the guest does to them is the guest's, what it does not do is as if they were not there.
import { expect, test } from 'vitest'
import { CODE, DATA, DBCR0, handler, MSR, rig, type Setup, UNMAPPED } from './rig.ts'

const [NOP, TRAP_WORD] = [0x60000000, 0x7fe00008]
const trap = (address: number) => ({ kind: 'instruction', placement: 'trap', address }) as const
const iac = (address: number) => ({ kind: 'instruction', placement: 'iac', address }) as const

/** source runs twice, with and without a trap at DATA, where a nop stands; the page was stored to before. */
function overTrap(source: string, setup: Setup = {}) {
  const moved: string[] = []
  const run = (isTrapped: boolean) => {
    const gpr = { 3: DATA, 4: 0x38a50001, ...setup.gpr }
    const r = rig('e500mc', `stw r4,64(r3)\n${source}`, { ...setup, gpr, at: { [DATA]: 'nop', [DATA + 4]: 'b .' } })
    r.machine.run(1)
    r.machine.hostDebug.onMoved = (id, message) => moved.push(`${id}: ${message}`)
    if (isTrapped) r.machine.hostDebug.place(7, trap(DATA))
    r.machine.run(10)
    return r
  }
  return { trapped: run(true), plain: run(false), moved }
}

test.each([
  ['a word', 'stw r4,0(r3)'],
  ['a word that is a trap itself, as a guest’s own debugger lays it', 'stw r5,0(r3)'],
  ['a byte', 'stb r4,2(r3)'],
  ['a halfword that reaches into it', 'sth r4,-1(r3)'],
  ['a line of zeros', 'dcbz r0,r3'],
  ['a conditional store', 'lwarx r6,r0,r3\nstwcx. r4,r0,r3'],
  ['a doubleword', 'stfd f1,-4(r3)'],
  ['in another space', 'stwepx r4,r0,r3'],
  ['the last of many', 'stmw r30,-4(r3)'],
])('%s over a trap: memory is as without it, and the breakpoint moves to "auto"', (what, source) => {
  const { trapped, plain, moved } = overTrap(source, { MSR: 0x2000, gpr: { 5: TRAP_WORD } })
  // What a guest loads is the trap; lwarx shows it.
  if (!what.startsWith('a conditional')) expect(trapped.machine.hash()).toBe(plain.machine.hash())
  expect(trapped.machine.memory.read(DATA, 4)).toBe(plain.machine.memory.read(DATA, 4))
  expect(trapped.machine.peek(0, DATA, 4)).toEqual(plain.machine.peek(0, DATA, 4))
  expect(moved).toEqual(['7: The guest wrote over its trap word; this breakpoint is now laid over the code ("auto").'])
  trapped.vcpu.setRegister('pc', DATA)
  expect(trapped.machine.run(10)).toMatchObject({ kind: 'breakpoint', address: DATA, ids: [7] })
  trapped.machine.hostDebug.remove(7)
  expect(trapped.machine.memory.read(DATA, 4)).toBe(plain.machine.memory.read(DATA, 4))
})

test('a store beside it leaves the trap where it is', () => {
  const { trapped, plain, moved } = overTrap('stw r4,4(r3)\nstb r4,-1(r3)')
  expect(moved).toEqual([])
  expect(trapped.machine.memory.read(DATA, 4)).toBe(TRAP_WORD)
  expect(trapped.machine.hash()).toBe(plain.machine.hash())
  trapped.machine.hostDebug.remove(7)
  expect(trapped.machine.memory.read(DATA, 4)).toBe(NOP)
})

test('what a device stores over it stays too', () => {
  const { machine } = rig('e500v2', 'nop', { at: { [DATA]: 'nop' } })
  machine.hostDebug.place(1, trap(DATA))
  machine.hostDebug.guestStores(DATA - 512, 1024)
  machine.memory.write(DATA, 4, 0x11223344)
  machine.hostDebug.remove(1)
  expect(machine.memory.read(DATA, 4)).toBe(0x11223344)
})

test('placed anew it stands over the newer word', () => {
  const { trapped } = overTrap('stw r4,0(r3)')
  const { machine } = trapped
  machine.hostDebug.place(7, trap(DATA))
  expect(machine.memory.read(DATA, 4)).toBe(TRAP_WORD)
  machine.hostDebug.remove(7)
  expect(machine.memory.read(DATA, 4)).toBe(0x38a50001)
})

test('two breakpoints share a word, at one address or at two that lead there, until the last goes', () => {
  const r = twiceMapped('nop')
  r.machine.hostDebug.place(1, trap(CODE))
  r.machine.hostDebug.place(2, trap(CODE))
  r.machine.hostDebug.place(3, trap(UNMAPPED + CODE))
  expect(r.machine.run(10)).toMatchObject({ kind: 'breakpoint', ids: [1, 2, 3] })
  r.machine.hostDebug.remove(1)
  r.machine.hostDebug.remove(3)
  expect(r.machine.memory.read(CODE, 4)).toBe(TRAP_WORD)
  r.machine.hostDebug.remove(2)
  expect(r.machine.memory.read(CODE, 4)).toBe(NOP)
  expect(r.go()).toBe('runs -')
})

/** UNMAPPED shows the same memory as 0, from its first page on. */
function twiceMapped(source: string, rpn = 0) {
  const r = rig('e500v2', source)
  const { vcpu } = r
  vcpu.setRegister('MAS0', 0x10050000)
  vcpu.setRegister('MAS1', 0x80000300)
  vcpu.setRegister('MAS2', UNMAPPED)
  vcpu.setRegister('MAS3', rpn | 0x3f)
  vcpu.calls.tlbwe()
  return r
}

test('executed at another address that leads there, it is the debugger’s all the same', () => {
  const r = twiceMapped('addi r3,r3,1')
  r.machine.hostDebug.place(1, trap(CODE))
  r.vcpu.setRegister('pc', UNMAPPED + CODE)
  expect(r.machine.run(10)).toMatchObject({ kind: 'breakpoint', address: UNMAPPED + CODE, ids: [1] })
  r.machine.run(10)
  expect(r.reg('r3')).toBe(1)
})

test('a step that ends there has come to it, and none that ends where its address leads elsewhere', () => {
  const r = twiceMapped('addi r3,r3,1')
  r.machine.hostDebug.place(1, trap(UNMAPPED + CODE))
  const told = () => [CODE, UNMAPPED + CODE].map((address) => r.machine.stopAt(0, address)?.ids)
  expect(told()).toEqual([[1], [1]])
  r.vcpu.setRegister('MAS3', 0x2003f)
  r.vcpu.calls.tlbwe()
  expect(told()).toEqual([[1], undefined])
})

test('the guest’s own trap where its address leads elsewhere is the guest’s', () => {
  const r = twiceMapped('nop', 0x10000)
  r.machine.memory.write(0x10000 + CODE, 4, NOP)
  r.machine.hostDebug.place(1, trap(UNMAPPED + CODE))
  r.vcpu.setRegister('MAS3', 0x2003f)
  r.vcpu.calls.tlbwe()
  r.machine.memory.write(0x20000 + CODE, 4, TRAP_WORD)
  r.vcpu.setRegister('pc', UNMAPPED + CODE)
  r.machine.run(10)
  expect([r.reg('pc'), r.reg('SRR0')]).toEqual([handler(6), UNMAPPED + CODE])
})

test('T107 with a trap: the debugger first, then the guest’s IAC for the same execution', () => {
  const r = rig('e500v2', 'addi r3,r3,1', { MSR: MSR.DE, spr: { DBCR0: DBCR0.IDM | DBCR0.IAC1, IAC1: CODE } })
  r.machine.hostDebug.place(1, trap(CODE))
  expect(r.stop()).toBe('breakpoint+0')
  expect([r.go(), r.reg('r3')]).toEqual(['D+0 IAC1', 0])
})

const branching = { MSR: MSR.DE, spr: { DBCR0: DBCR0.IDM | DBCR0.BRT } }

test.each([
  ['a trap', trap],
  ['an IAC', iac],
])('the guest’s BRT for a branch under %s of the host: after its stop', (_, breakpoint) => {
  const r = rig('e500v2', 'b over\nnop\nover:', branching)
  r.machine.hostDebug.place(1, breakpoint(CODE))
  expect([r.stop(), r.dbsr()]).toEqual(['breakpoint+0', '-'])
  expect(r.go()).toBe('D+0 BRT')
})

test('a stop whose condition says no does not cost the guest its BRT', () => {
  const r = rig('e500v2', 'b over\nnop\nover:', branching)
  r.machine.hostDebug.place(1, iac(CODE))
  r.machine.hostDebug.condition = () => false
  expect(r.go()).toBe('D+0 BRT')
})

test('a fault of the word under a trap tells the word’s own kind in ESR', () => {
  const r = rig('e500mc', 'lfdepx f1,r0,r9', { MSR: 0x2000, gpr: { 9: UNMAPPED } })
  r.machine.hostDebug.place(1, trap(CODE))
  expect([r.stop(), r.go()]).toEqual(['breakpoint+0', 'I13+0 -'])
  // ESR[EPID]: of an instruction that names its address space.
  expect(r.reg('ESR') & 0x40).toBe(0x40)
})

test.each([
  ['none', 'tw 31,r0,r0', 0x02000000],
  ['none', '.long 0', 0x08000000],
  ['kvm', 'tw 31,r0,r0', 0x02000000],
  ['kvm', '.long 0', 0x08000000],
] as const)(
  'hypervisor %s: a trap over `%s` of the guest: after the stop its own Program interrupt',
  (hypervisor, word, ESR) => {
    const r = rig('e500v2', word, { hypervisor })
    r.machine.hostDebug.place(1, trap(CODE))
    expect([r.stop(), r.go()]).toEqual(['breakpoint+0', 'I6+0 -'])
    expect(r.reg('ESR')).toBe(ESR)
  },
)

test('code whose bytes stand reversed (MAS2[E]) gets no trap word, and says so', () => {
  const r = twiceMapped('nop')
  r.vcpu.setRegister('MAS2', UNMAPPED | 1)
  r.vcpu.calls.tlbwe()
  expect(r.machine.hostDebug.place(1, trap(UNMAPPED + CODE))).toMatchObject({
    verified: false,
    message: expect.stringMatching(/^Nothing maps 0x40001000 to big-endian memory now/),
  })
  expect(r.machine.memory.read(CODE, 4)).toBe(NOP)
})
