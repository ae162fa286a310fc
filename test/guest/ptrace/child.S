# What the child runs under its parent's eyes. Every place that the parent names has a label here.

    .globl _start
_start:
    li      r0,0
    stwu    r0,-16(r1)
    bl      main
0:  b       0b

# stores(): three stores to `word`, of 1, 2 and 3, each after a call of `target`. Returns the word.
    .globl stores, watched_store, target, word
stores:
    mflr    r10
    lis     r9,word@ha
    li      r8,0
1:  bl      target
    addi    r8,r8,1
watched_store:
    stw     r8,word@l(r9)
    cmpwi   r8,3
    blt     1b
    lwz     r3,word@l(r9)
    mtlr    r10
    blr
target:
    nop
    blr

# taking_turns(): as stores(), with the processor given away before each.
    .globl taking_turns, turns_store
taking_turns:
    mflr    r0
    stwu    r1,-16(r1)
    stw     r0,20(r1)
    li      r8,0
    stw     r8,8(r1)
1:  li      r0,158              # sched_yield
    sc
    bl      target
    lwz     r8,8(r1)
    addi    r8,r8,1
    stw     r8,8(r1)
    lis     r9,word@ha
turns_store:
    stw     r8,word@l(r9)
    cmpwi   r8,3
    blt     1b
    mr      r3,r8
    lwz     r0,20(r1)
    addi    r1,r1,16
    mtlr    r0
    blr

# counted(): exactly 1,000 instructions from `count_begin` to `count_end`. Returns 0 if r2, r3 and the sum are as they should be.
    .globl counted, count_begin, count_loop, count_branch, count_end
counted:
    lis     r2,0x2222
    lis     r3,0x3333
    li      r4,0
    li      r5,249
count_begin:
    mtctr   r5
    lis     r9,word@ha
count_loop:
    addi    r4,r4,1
    stw     r4,word@l(r9)
    lwz     r6,word@l(r9)
count_branch:
    bdnz    count_loop
    nop
    nop
count_end:
    xoris   r2,r2,0x2222
    xoris   r3,r3,0x3333
    subfic  r4,r6,249
    or      r3,r3,r2
    or      r3,r3,r4
    blr

# calls(): a system call, then a load from a page that nobody touched yet, then a taken branch.
    .globl calls, call_sc, call_load, call_branch, call_target, call_end
calls:
    li      r0,20               # getpid
call_sc:
    sc
    nop
    lis     r9,untouched@ha     # the kernel does not keep r9
call_load:
    lwz     r3,untouched@l(r9)
    nop
call_branch:
    b       call_target
    nop
call_target:
    nop
    nop
call_end:
    blr

    .section .bss
    .align  12
word:
    .space  4
    .align  12
untouched:
    .space  4096
    .section .note.GNU-stack,"",@progbits
