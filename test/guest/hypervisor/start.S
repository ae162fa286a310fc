// From the ePAPR boot protocol (MSR = 0, TLB1[0] maps effective 0 to physical 0) to hypervisor_main(), and the way into the guest and back.
#include "e500mc.h"

    .macro load register, value
    lis     \register, (\value)@h
    ori     \register, \register, (\value)@l
    .endm

    // TLB1 entry: epn, low word of rpn with permissions, size (4 to the power of n, in KB), the rpn's upper bits, MAS8.
    .macro map entry, epn_wimge, rpn_permissions, size, high, mas8
    load    r10, 0x10000000 | (\entry << 16)
    mtspr   SPR_MAS0, r10
    load    r10, 0xc0000000 | (\size << 8)
    mtspr   SPR_MAS1, r10
    load    r10, \epn_wimge
    mtspr   SPR_MAS2, r10
    load    r10, \rpn_permissions
    mtspr   SPR_MAS3, r10
    li      r10, \high
    mtspr   SPR_MAS7, r10
    load    r10, \mas8
    mtspr   SPR_MAS8, r10
    isync
    tlbwe
    isync
    .endm

    .section .text
    .balign 4
    .globl _start
_start:
    map 1, 0xe000000a, 0xe0000015, 5, 0xf, 0            // the device registers: the hypervisor's alone
    map 2, 0x00000000, 0x00000015, 8, 0x0, 0x80000001   // 64 MiB for the guest of partition 1
    li      r10, 1
    mtspr   SPR_LPIDR, r10
    load    r1, stack_top - 16
    li      r0, 0
    stw     r0, 0(r1)
    bl      hypervisor_main
    b       enter_guest

    // Saves the guest in `context` and calls hypervisor_interrupt(number). The hypervisor itself takes no interrupts.
    .macro vector number, srr0, srr1
    .balign 256
vector_\number:
    mtspr   SPR_SPRG0, r1
    lis     r1, context@ha
    la      r1, context@l(r1)
    stw     r0, 0(r1)
    stmw    r2, 8(r1)
    mfspr   r3, SPR_SPRG0
    stw     r3, 4(r1)
    mfspr   r3, \srr0
    stw     r3, 128(r1)
    mfspr   r3, \srr1
    stw     r3, 132(r1)
    li      r3, \number
    b       interrupted
    .endm

    .section .vectors, "ax"
    .globl vectors
vectors:
    vector 0, 58, 59
    vector 1, 570, 571
    vector 2, SPR_SRR0, SPR_SRR1
    vector 3, SPR_SRR0, SPR_SRR1
    vector 6, SPR_SRR0, SPR_SRR1
    vector 13, SPR_SRR0, SPR_SRR1
    vector 14, SPR_SRR0, SPR_SRR1
    vector 15, SPR_DSRR0, SPR_DSRR1
    vector 40, SPR_SRR0, SPR_SRR1
    vector 41, SPR_SRR0, SPR_SRR1

    .section .text
    .balign 4
interrupted:
    mfcr    r4
    stw     r4, 136(r1)
    mflr    r4
    stw     r4, 140(r1)
    mfctr   r4
    stw     r4, 144(r1)
    mfxer   r4
    stw     r4, 148(r1)
    load    r1, stack_top - 16
    li      r0, 0
    stw     r0, 0(r1)
    bl      hypervisor_interrupt

    // rfi loads MSR from SRR1 whole, DE too: MSRP[DEP] binds the guest alone.
enter_guest:
    lis     r1, context@ha
    la      r1, context@l(r1)
    lwz     r4, 136(r1)
    mtcr    r4
    lwz     r4, 140(r1)
    mtlr    r4
    lwz     r4, 144(r1)
    mtctr   r4
    lwz     r4, 148(r1)
    mtxer   r4
    lwz     r4, 128(r1)
    mtspr   SPR_SRR0, r4
    lwz     r4, 132(r1)
    mtspr   SPR_SRR1, r4
    lwz     r0, 0(r1)
    lmw     r2, 8(r1)
    lwz     r1, 4(r1)
    rfi

    .section .bss
    .balign 16
    .space 4096
stack_top:
