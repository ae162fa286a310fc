// What user programs and the kernel agree on: addresses, and the numbers of the system calls.
#ifndef USER_H
#define USER_H

#define USER_TEXT 0x10000000
#define USER_DATA 0x10010000
#define USER_STACK 0x20000000
#define USER_AREA_SIZE 0x4000 // of each of them: 16 KiB

// r0 holds the number, r3 and r4 the arguments; the answer comes in r3.
#define SYS_WRITE 0
#define SYS_YIELD 1
#define SYS_SLEEP 2
#define SYS_TICKS 3
#define SYS_TASK_ID 4
#define SYS_EXIT 5
#define SYSTEM_CALLS 6

#ifndef __ASSEMBLER__
#include <stdint.h>

void user_task_start(void);

// The programs: they run in user mode, at addresses in user text.
void producer(uint32_t argument);
void consumer(uint32_t argument);
void intruder(uint32_t how);
#endif

#endif
