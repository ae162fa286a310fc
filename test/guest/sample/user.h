// What user programs and the kernel agree on: addresses, and the numbers of the system calls.
#ifndef USER_H
#define USER_H

#define USER_TEXT 0x10000000
#define USER_DATA 0x10010000
#define USER_STACK 0x20000000
#define USER_AREA_SIZE 0x4000 // of each of them: 16 KiB

// r0 holds the number, r3 and r4 the arguments; the answer comes in r3.
enum system_call { SYS_WRITE, SYS_YIELD, SYS_SLEEP, SYS_TICKS, SYS_TASK_ID, SYS_EXIT, SYSTEM_CALLS };

#ifndef __ASSEMBLER__
#include <stdint.h>

// The programs: they run in user mode, at addresses in user text.
void producer(uint32_t argument);
void consumer(uint32_t argument);
void intruder(uint32_t how);
#endif

#endif
