// The guest's vectors and the code that is watched.
#include "e500mc.h"

    .section .guest_vectors, "ax"
    .globl guest_vectors
guest_vectors:
    // Calls a C function between saving the registers that it may change and the return.
    .macro vector function, return
    .balign 256
    stwu    r1, -160(r1)
    stw     r0, 8(r1)
    stmw    r3, 12(r1)
    mflr    r3
    stw     r3, 136(r1)
    mfcr    r3
    stw     r3, 140(r1)
    mfctr   r3
    stw     r3, 144(r1)
    mfxer   r3
    stw     r3, 148(r1)
    bl      \function
    lwz     r3, 148(r1)
    mtxer   r3
    lwz     r3, 144(r1)
    mtctr   r3
    lwz     r3, 140(r1)
    mtcr    r3
    lwz     r3, 136(r1)
    mtlr    r3
    lwz     r0, 8(r1)
    lmw     r3, 12(r1)
    addi    r1, r1, 160
    \return
    .endm
    vector guest_program, rfi
    vector guest_debug, ".long 0x4c00004e" // rfdi

    .section .text
    .balign 4
    .globl guest_start
guest_start:
    bl      guest_main
    b       .

    // Four instructions that are counted.
    .globl counted
counted:
    addi    r3, r3, 1
    addi    r3, r3, 1
    addi    r3, r3, 1
    blr

    // Behind counted, at +16: mtmsr at +24 turns MSR[DE] on.
    .globl turn_on_debug_interrupts
turn_on_debug_interrupts:
    mfmsr   r3
    ori     r3, r3, MSR_DE
    mtmsr   r3
    blr

    // store(to, value): at +32.
    .globl store
store:
    stw     r4, 0(r3)
    blr

    .globl return_without_debug_interrupts
return_without_debug_interrupts:
    mflr    r3
    mtspr   SPR_SRR0, r3
    mfmsr   r3
    rlwinm  r3, r3, 0, 23, 21
    mtspr   SPR_SRR1, r3
    rfi

    // hypercall(number, argument)
    .globl call_hypervisor
call_hypervisor:
    .long   0x44000022 // sc 1
    blr

    .section .bss
    .balign 16
    .space 4096
    .globl guest_stack_top
guest_stack_top:
