/* From the boot protocol's state (MSR 0, TLB1[0] maps RAM one to one) to main, and off again when it returns. */
    .section .text.start,"ax"
    .globl _start
_start:
    lis   r1,__stack_top@h
    ori   r1,r1,__stack_top@l
    li    r0,0
    stwu  r0,-16(r1)
    /* TLB1[1]: 1 MB at 0xe0000000 to the device registers at 0xf_e000_0000, cache inhibited and guarded */
    lis   r4,0x1001
    mtspr 624,r4
    lis   r4,0x8000
    ori   r4,r4,0x0500
    mtspr 625,r4
    lis   r4,0xe000
    ori   r4,r4,0x000a
    mtspr 626,r4
    lis   r4,0xe000
    ori   r4,r4,0x0005
    mtspr 627,r4
    li    r4,0xf
    mtspr 944,r4
    isync
    tlbwe
    isync
#ifdef E500MC
    li    r4,0x2000
    mtmsr r4
    isync
#endif
    bl    main
    /* Power off: GPIO pin 0 as an output, high. */
    lis   r4,0xe00f
    ori   r4,r4,0xf000
    lis   r5,0x8000
    stw   r5,0(r4)
    stw   r5,8(r4)
1:  b     1b
    .section .note.GNU-stack,"",@progbits
