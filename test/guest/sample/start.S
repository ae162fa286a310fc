// The first instructions: from the state in which the ePAPR boot protocol leaves the core to main() in the kernel's own mapping.
//
// On entry: MSR = 0, TLB1[0] maps effective 0 to physical 0, r3 = device tree, r6 = EPAPR_MAGIC, r7 = bytes mapped by TLB1[0].
// The kernel is linked at KERNEL_BASE but runs at physical addresses until the jump below.

#include "e500.h"

    .cfi_sections .debug_frame

    .section .text
    .balign 4
    .globl _start
    .type _start, @function
_start:                                 // @start
    .cfi_startproc
    .cfi_undefined lr                   // nobody called us: a call stack ends here

    // TLB1[1]: 64 MiB at KERNEL_BASE, for the supervisor only.
    lis     r10, MAS0_TLB1(1)@h
    mtspr   SPR_MAS0, r10
    lis     r10, (MAS1_VALID | MAS1_IPROT | MAS1_TSIZE(SIZE_64M))@h
    ori     r10, r10, (MAS1_VALID | MAS1_IPROT | MAS1_TSIZE(SIZE_64M))@l
    mtspr   SPR_MAS1, r10
    lis     r10, KERNEL_BASE@h
    mtspr   SPR_MAS2, r10
    li      r10, MAS3_SX | MAS3_SW | MAS3_SR
    mtspr   SPR_MAS3, r10
    li      r10, 0
    mtspr   SPR_MAS7, r10
    isync
    tlbwe
    isync

    // On at the address that the linker gave to the next instruction.
    lis     r10, .Lin_kernel_mapping@h
    ori     r10, r10, .Lin_kernel_mapping@l
    mtctr   r10
    bctr

.Lin_kernel_mapping:                      // @kernel-mapping
    lis     r1, boot_stack_top@h
    ori     r1, r1, boot_stack_top@l
    li      r0, 0
    stwu    r0, -16(r1)                 // a back chain of 0 ends the call stack, too

    // C expects .bss to be zero.
    lis     r10, bss_start@h
    ori     r10, r10, bss_start@l
    lis     r11, bss_end@h
    ori     r11, r11, bss_end@l
.Lclear_bss:
    cmplw   r10, r11
    bge     .Lbss_is_clear
    stw     r0, 0(r10)
    addi    r10, r10, 4
    b       .Lclear_bss

.Lbss_is_clear:
    mr      r4, r6                      // main(device tree, magic, mapped bytes)
    mr      r5, r7
    bl      main
.Lnever:
    b       .Lnever                       // main() does not return
    .cfi_endproc
    .size _start, . - _start

    .section .bss.boot_stack, "aw", @nobits
    .balign 16
    .space 4096
boot_stack_top:
