#ifndef HYPERVISOR_H
#define HYPERVISOR_H

#include "e500mc.h"

/** The guest while the hypervisor runs; start.S knows the offsets. */
struct context {
  uint32_t gpr[32];
  uint32_t pc, msr, cr, lr, ctr, xer;
};
extern struct context context;

void console_init(void);
void say(const char *text);
void say_number(uint32_t number);
void power_off(void);

#endif
