// Interrupt vectors, and what saves and restores the interrupted program's registers around the handlers in C.
//
// The e500v2 has three levels with save registers of their own: base (SRR0/1), critical (CSRR0/1; the debug interrupt
// is one of these) and machine check (MCSRR0/1). SPRG0-2 are scratch of the base level, SPRG4-6 of the others; SPRG3 is
// the top of the current task's kernel stack.
//
// The .cfi lines let a debugger walk through an interrupt into the interrupted program. Its LR is a register like any
// other, so the place where it goes on needs a column of its own, as in a signal frame. DWARF numbers SPR n as 100 + n
// (Power Architecture 32-bit ABI).

#include "e500.h"
#include "frame.h"

#define RESUME 67
#define DWARF_LR 65
#define DWARF_CTR 66
#define DWARF_SPR(n) (100 + (n))

    .cfi_sections .debug_frame

// A stub of 16 bytes, the alignment that an IVOR can express. Its level's entry finds the number in r10.
.macro VECTOR name, number, entry, sprg_r1, sprg_r10, resume
    .balign 16
    .globl  \name
    .type   \name, @function
\name:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column RESUME
    .cfi_def_cfa r1, 0
    .cfi_register RESUME, DWARF_SPR(\resume)
    mtspr   \sprg_r1, r1
    mtspr   \sprg_r10, r10
    .cfi_register r10, DWARF_SPR(\sprg_r10)
    li      r10, \number
    b       \entry
    .cfi_endproc
    .size   \name, . - \name
.endm

.macro BASE_VECTOR name, number
    VECTOR  \name, \number, base_entry, SPR_SPRG0, SPR_SPRG1, SPR_SRR0
.endm
.macro CRITICAL_VECTOR name, number
    VECTOR  \name, \number, critical_entry, SPR_SPRG4, SPR_SPRG5, SPR_CSRR0
.endm

// The whole frame is in memory, at r1: where each register of the interrupted program is found.
.macro CFI_WHOLE_FRAME
    .cfi_def_cfa r1, FRAME_SIZE
    .irp    n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    .cfi_offset \n, FRAME_GPR(\n) - FRAME_SIZE
    .endr
    .cfi_offset DWARF_LR, FRAME_LR - FRAME_SIZE
    .cfi_offset RESUME, FRAME_SRR0 - FRAME_SIZE
.endm

    .section .vectors, "ax"
    .globl  vectors
vectors:
    CRITICAL_VECTOR critical_input_vector, 0
    VECTOR  machine_check_vector, 1, machine_check_entry, SPR_SPRG4, SPR_SPRG5, SPR_MCSRR0
    BASE_VECTOR data_storage_vector, 2
    BASE_VECTOR instruction_storage_vector, 3
    BASE_VECTOR external_input_vector, 4            // @external-vector
    BASE_VECTOR alignment_vector, 5
    BASE_VECTOR program_vector, 6                   // @program-vector
    BASE_VECTOR system_call_vector, 8               // @syscall-vector
    BASE_VECTOR decrementer_vector, 10              // @tick-vector
    BASE_VECTOR fixed_interval_timer_vector, 11
    CRITICAL_VECTOR watchdog_vector, 12
    BASE_VECTOR data_tlb_vector, 13
    BASE_VECTOR instruction_tlb_vector, 14
    CRITICAL_VECTOR debug_vector, 15                // @debug-vector
    BASE_VECTOR spe_unavailable_vector, 32

    .section .text
    .balign 4

// ---- base level ----
    .globl  base_entry
    .type   base_entry, @function
base_entry:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column RESUME
    .cfi_def_cfa r1, 0
    .cfi_register RESUME, DWARF_SPR(SPR_SRR0)
    .cfi_register r10, DWARF_SPR(SPR_SPRG1)
    mtspr   SPR_SPRG2, r11
    mfcr    r11

    // A task in user mode changes to its kernel stack; the kernel itself stays on the stack that it is on.
    .cfi_remember_state
    .cfi_register r1, DWARF_SPR(SPR_SPRG0)
    .cfi_register r11, DWARF_SPR(SPR_SPRG2)
    mfspr   r1, SPR_SRR1
    andi.   r1, r1, MSR_PR
    mfspr   r1, SPR_SPRG0
    beq     .Lkernel_stack_in_r1
    mfspr   r1, SPR_SPRG3
.Lkernel_stack_in_r1:
    addi    r1, r1, -FRAME_SIZE
    .cfi_def_cfa r1, FRAME_SIZE
    stw     r10, FRAME_NUMBER(r1)
    stw     r11, FRAME_CR(r1)
    mfspr   r10, SPR_SPRG1
    mfspr   r11, SPR_SPRG2
    stw     r0, FRAME_GPR(0)(r1)
    stmw    r2, FRAME_GPR(2)(r1)
    mfspr   r4, SPR_SPRG0
    stw     r4, FRAME_GPR(1)(r1)
    stw     r4, 0(r1)                               // back chain
    mflr    r4
    stw     r4, FRAME_LR(r1)
    mfspr   r4, SPR_SRR0
    stw     r4, FRAME_SRR0(r1)
    CFI_WHOLE_FRAME
    mfspr   r4, SPR_SRR1
    stw     r4, FRAME_SRR1(r1)
    bl      handle_frame

    // A task's first run begins here, with a frame that task.c has made.
    .globl  leave_interrupt
leave_interrupt:                                    // @leave-interrupt
    lwz     r4, FRAME_SRR1(r1)
    mtspr   SPR_SRR1, r4
    lwz     r4, FRAME_SRR0(r1)
    mtspr   SPR_SRR0, r4
    lwz     r4, FRAME_LR(r1)
    mtlr    r4
    lwz     r4, FRAME_CTR(r1)
    mtctr   r4
    lwz     r4, FRAME_XER(r1)
    mtxer   r4
    lwz     r4, FRAME_CR(r1)
    mtcr    r4
    lwz     r0, FRAME_GPR(0)(r1)
    lmw     r2, FRAME_GPR(2)(r1)
    lwz     r1, FRAME_GPR(1)(r1)
    .cfi_restore_state
    .cfi_restore r10
    rfi
    .cfi_endproc
    .size   base_entry, . - base_entry

// ---- critical level: on a stack of its own, since it may interrupt anything ----
    .type   critical_entry, @function
critical_entry:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column RESUME
    .cfi_def_cfa r1, 0
    .cfi_register RESUME, DWARF_SPR(SPR_CSRR0)
    .cfi_register r10, DWARF_SPR(SPR_SPRG5)
    mtspr   SPR_SPRG6, r11
    .cfi_remember_state
    .cfi_register r1, DWARF_SPR(SPR_SPRG4)
    .cfi_register r11, DWARF_SPR(SPR_SPRG6)
    lis     r1, (critical_stack_top - FRAME_SIZE)@ha
    addi    r1, r1, (critical_stack_top - FRAME_SIZE)@l
    .cfi_def_cfa r1, FRAME_SIZE
    stw     r10, FRAME_NUMBER(r1)
    mfspr   r10, SPR_SPRG5
    stw     r0, FRAME_GPR(0)(r1)
    stmw    r2, FRAME_GPR(2)(r1)
    mfcr    r4
    stw     r4, FRAME_CR(r1)
    mfspr   r4, SPR_SPRG4
    stw     r4, FRAME_GPR(1)(r1)
    stw     r4, 0(r1)
    mflr    r4
    stw     r4, FRAME_LR(r1)
    mfspr   r4, SPR_CSRR0
    stw     r4, FRAME_SRR0(r1)
    CFI_WHOLE_FRAME
    mfspr   r4, SPR_CSRR1
    stw     r4, FRAME_SRR1(r1)
    bl      handle_frame

    lwz     r4, FRAME_SRR1(r1)
    mtspr   SPR_CSRR1, r4
    lwz     r4, FRAME_SRR0(r1)
    mtspr   SPR_CSRR0, r4
    lwz     r4, FRAME_LR(r1)
    mtlr    r4
    lwz     r4, FRAME_CTR(r1)
    mtctr   r4
    lwz     r4, FRAME_XER(r1)
    mtxer   r4
    lwz     r4, FRAME_CR(r1)
    mtcr    r4
    lwz     r0, FRAME_GPR(0)(r1)
    lmw     r2, FRAME_GPR(2)(r1)
    lwz     r1, FRAME_GPR(1)(r1)
    .cfi_restore_state
    .cfi_restore r10
    rfci
    .cfi_endproc
    .size   critical_entry, . - critical_entry

// ---- machine check: reported, never returned from ----
    .type   machine_check_entry, @function
machine_check_entry:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column RESUME
    .cfi_def_cfa r1, 0
    .cfi_register RESUME, DWARF_SPR(SPR_MCSRR0)
    .cfi_register r10, DWARF_SPR(SPR_SPRG5)
    .cfi_register r1, DWARF_SPR(SPR_SPRG4)
    lis     r1, (critical_stack_top - FRAME_SIZE)@ha
    addi    r1, r1, (critical_stack_top - FRAME_SIZE)@l
    .cfi_def_cfa r1, FRAME_SIZE
    stw     r10, FRAME_NUMBER(r1)
    mfspr   r10, SPR_SPRG5
    stw     r0, FRAME_GPR(0)(r1)
    stmw    r2, FRAME_GPR(2)(r1)
    mfcr    r4
    stw     r4, FRAME_CR(r1)
    mfspr   r4, SPR_SPRG4
    stw     r4, FRAME_GPR(1)(r1)
    stw     r4, 0(r1)
    mflr    r4
    stw     r4, FRAME_LR(r1)
    mfspr   r4, SPR_MCSRR0
    stw     r4, FRAME_SRR0(r1)
    CFI_WHOLE_FRAME
    mfspr   r4, SPR_MCSRR1
    stw     r4, FRAME_SRR1(r1)
    bl      handle_frame
.Lmachine_check_never_returns:
    b       .Lmachine_check_never_returns
    .cfi_endproc
    .size   machine_check_entry, . - machine_check_entry

// ---- the rest of the frame, the same for all levels; the handler in C returns to the level's own way out ----
    .type   handle_frame, @function
handle_frame:
    .cfi_startproc
    mfctr   r4
    stw     r4, FRAME_CTR(r1)
    mfxer   r4
    stw     r4, FRAME_XER(r1)
    mfspr   r4, SPR_DEAR
    stw     r4, FRAME_DEAR(r1)
    mfspr   r4, SPR_ESR
    stw     r4, FRAME_ESR(r1)
    mr      r3, r1
    b       handle_interrupt
    .cfi_endproc
    .size   handle_frame, . - handle_frame

// void install_vectors(void): IVPR gives the upper half of a vector's address, IVORn the lower.
.macro SET_IVOR spr, vector
    li      r3, \vector - vectors
    mtspr   \spr, r3
.endm
    .globl  install_vectors
    .type   install_vectors, @function
install_vectors:
    .cfi_startproc
    lis     r3, vectors@h
    mtspr   SPR_IVPR, r3
    SET_IVOR SPR_IVOR0, critical_input_vector
    SET_IVOR SPR_IVOR0 + 1, machine_check_vector
    SET_IVOR SPR_IVOR0 + 2, data_storage_vector
    SET_IVOR SPR_IVOR0 + 3, instruction_storage_vector
    SET_IVOR SPR_IVOR0 + 4, external_input_vector
    SET_IVOR SPR_IVOR0 + 5, alignment_vector
    SET_IVOR SPR_IVOR0 + 6, program_vector
    SET_IVOR SPR_IVOR0 + 8, system_call_vector
    SET_IVOR SPR_IVOR0 + 10, decrementer_vector
    SET_IVOR SPR_IVOR0 + 11, fixed_interval_timer_vector
    SET_IVOR SPR_IVOR0 + 12, watchdog_vector
    SET_IVOR SPR_IVOR0 + 13, data_tlb_vector
    SET_IVOR SPR_IVOR0 + 14, instruction_tlb_vector
    SET_IVOR SPR_IVOR0 + 15, debug_vector
    SET_IVOR SPR_IVOR32, spe_unavailable_vector
    blr
    .cfi_endproc
    .size   install_vectors, . - install_vectors

    .section .bss.critical_stack, "aw", @nobits
    .balign 16
    .space 4096
critical_stack_top:
