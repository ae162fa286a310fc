// The few system calls of Linux on PowerPC that the program needs, and the numbers of its ptrace (uapi asm/ptrace.h, linux/ptrace.h).
#pragma once

enum { SYS_exit = 1, SYS_fork = 2, SYS_write = 4, SYS_getpid = 20, SYS_ptrace = 26, SYS_kill = 37, SYS_reboot = 88, SYS_wait4 = 114 };
enum { SIGTRAP = 5, SIGSTOP = 19 };

enum {
  PTRACE_TRACEME = 0, PTRACE_PEEKDATA = 2, PTRACE_PEEKUSER = 3, PTRACE_CONT = 7, PTRACE_SINGLESTEP = 9,
  PTRACE_SET_DEBUGREG = 26, PPC_PTRACE_DELHWDEBUG = 0x87, PPC_PTRACE_SETHWDEBUG = 0x88, PPC_PTRACE_GETHWDBGINFO = 0x89,
  PTRACE_SINGLEBLOCK = 0x100, PTRACE_GETSIGINFO = 0x4202,
};
enum { PT_NIP = 4 * 32 };

struct debug_info {
  unsigned version, instruction_bps, data_bps, condition_regs, data_bp_alignment, sizeof_condition;
  unsigned long long features;
};
struct hw_breakpoint {
  unsigned version, trigger_type, addr_mode, condition_mode;
  unsigned long long addr, addr2, condition_value;
};
enum { TRIGGER_EXECUTE = 1, TRIGGER_READ = 2, TRIGGER_WRITE = 4 };

struct siginfo {
  int signo, error, code;
  unsigned address;
  unsigned rest[28];
};

static inline int syscall4(int number, unsigned a, unsigned b, unsigned c, unsigned d) {
  register unsigned r0 asm("r0") = number;
  register unsigned r3 asm("r3") = a;
  register unsigned r4 asm("r4") = b;
  register unsigned r5 asm("r5") = c;
  register unsigned r6 asm("r6") = d;
  // CR0[SO] says that r3 is an error's number.
  asm volatile("sc; bns+ 1f; neg %1,%1; 1:"
               : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6)
               :
               : "memory", "cr0", "ctr", "r7", "r8", "r9", "r10", "r11", "r12");
  return (int)r3;
}
