// Where the kernel starts every user program: r12 = the program, r3 = its argument. When it returns, the task ends.

#include "user.h"

    .cfi_sections .debug_frame
    .section .text
    .balign 4
    .globl  user_task_start
    .type   user_task_start, @function
user_task_start:
    .cfi_startproc
    .cfi_undefined lr                   // a call stack ends here
    mtctr   r12
    bctrl
    li      r0, SYS_EXIT
    sc                                  // @user-exit
    .cfi_endproc
    .size   user_task_start, . - user_task_start
