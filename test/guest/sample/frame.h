// What an interrupt saves on the kernel's stack: vectors.S fills it, the handlers in C read it and may change it.
#ifndef FRAME_H
#define FRAME_H

#define FRAME_SIZE 176
#define FRAME_GPR(n) (8 + 4 * (n))
#define FRAME_SRR0 136
#define FRAME_SRR1 140
#define FRAME_LR 144
#define FRAME_CR 148
#define FRAME_CTR 152
#define FRAME_XER 156
#define FRAME_DEAR 160
#define FRAME_ESR 164
#define FRAME_NUMBER 168

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct frame {
  uint32_t back_chain;     // the interrupted stack pointer, for debuggers without CFI
  uint32_t callee_lr;      // belongs to the handler in C (System V ABI)
  uint32_t gpr[32];
  uint32_t srr0;           // where the interrupted program goes on (CSRR0 or MCSRR0 on their levels)
  uint32_t srr1;           // its MSR
  uint32_t lr, cr, ctr, xer;
  uint32_t dear;           // the address of the data access that failed
  uint32_t esr;            // why
  uint32_t number;         // n of IVORn
  uint32_t padding;
};

_Static_assert(sizeof(struct frame) == FRAME_SIZE, "vectors.S reserves this much");
_Static_assert(offsetof(struct frame, srr0) == FRAME_SRR0, "vectors.S stores SRR0 here");
_Static_assert(offsetof(struct frame, number) == FRAME_NUMBER, "vectors.S stores the number here");
#endif

#endif
