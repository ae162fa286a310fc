// From one task to another, a kernel task's start, and a load that may fail.

#define CONTEXT_SIZE 96
#define CONTEXT_GPR14 16
#define CONTEXT_CR 12

    .cfi_sections .debug_frame
    .section .text
    .balign 4

// void switch_context(uint32_t *save_stack_pointer, uint32_t next_stack_pointer)
//
// Called by one task, returns to the other. What a C function may change needs no saving, which leaves r14 to r31, CR,
// LR and the stack pointer.
    .globl  switch_context
    .type   switch_context, @function
switch_context:
    .cfi_startproc
    mflr    r0
    stwu    r1, -CONTEXT_SIZE(r1)
    .cfi_def_cfa_offset CONTEXT_SIZE
    stw     r0, CONTEXT_SIZE + 4(r1)
    .cfi_offset lr, 4
    mfcr    r0
    stw     r0, CONTEXT_CR(r1)
    stmw    r14, CONTEXT_GPR14(r1)
    .irp    n, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    .cfi_offset \n, CONTEXT_GPR14 + 4 * (\n - 14) - CONTEXT_SIZE
    .endr
    stw     r1, 0(r3)
    mr      r1, r4                      // @switch-context: from here on we are the other task
    lmw     r14, CONTEXT_GPR14(r1)
    lwz     r0, CONTEXT_CR(r1)
    mtcr    r0
    lwz     r0, CONTEXT_SIZE + 4(r1)
    mtlr    r0
    addi    r1, r1, CONTEXT_SIZE
    .cfi_def_cfa_offset 0
    .irp    n, 14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    .cfi_restore \n
    .endr
    .cfi_restore lr
    blr
    .cfi_endproc
    .size   switch_context, . - switch_context

// Where task.c starts every kernel task: r12 = its function, r3 = the argument. Kernel tasks do not return.
    .globl  kernel_task_start
    .type   kernel_task_start, @function
kernel_task_start:
    .cfi_startproc
    .cfi_undefined lr                   // a call stack ends here
    mtctr   r12
    bctrl
    trap
    .cfi_endproc
    .size   kernel_task_start, . - kernel_task_start

// bool guarded_load(const uint32_t *address, uint32_t *value)
//
// False when the address cannot be read: the interrupt handler then goes on at guarded_load_failed.
    .globl  guarded_load, guarded_load_failed
    .type   guarded_load, @function
guarded_load:
    .cfi_startproc
    lwz     r5, 0(r3)                   // guarded_load itself is the address of this instruction
    stw     r5, 0(r4)
    li      r3, 1
    blr
guarded_load_failed:
    li      r3, 0
    blr
    .cfi_endproc
    .size   guarded_load, . - guarded_load
