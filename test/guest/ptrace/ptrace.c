// A debugger of its own for the guest: /init of an initramfs. It uses the core's debug facility through Linux's ptrace on its children,
// prints a line for each thing that it gets, and powers off. test/guestDebugger reads the lines.
#include "lines.h"
#include "linux.h"

extern char watched_store, target, count_begin, count_loop, count_branch, count_end, calls, call_end, word;
int stores(void), taking_turns(void), counted(void);

static int child;
static int single_steps;

static int ptrace(int request, unsigned address, unsigned data) {
  if (request == PTRACE_SINGLESTEP) single_steps++;
  return syscall4(SYS_ptrace, request, child, address, data);
}

static void start(int (*run)(void)) {
  child = syscall4(SYS_fork, 0, 0, 0, 0);
  if (child) {
    syscall4(SYS_wait4, child, 0, 0, 0);
    return;
  }
  syscall4(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0);
  syscall4(SYS_kill, syscall4(SYS_getpid, 0, 0, 0, 0), SIGSTOP, 0, 0);
  syscall4(SYS_exit, run(), 0, 0, 0);
}

// The kernel's own call, unlike the C library's, stores the word that it read.
static unsigned peek(int request, unsigned address) {
  unsigned value = 0;
  ptrace(request, address, (unsigned)&value);
  return value;
}
static unsigned nip(void) { return peek(PTRACE_PEEKUSER, PT_NIP); }

static int is_stop(int status) { return (status & 0xff) == 0x7f; }
static void print_end(const char *test, int status) {
  text(test);
  text(status & 0x7f ? ": killed by " : ": exit ");
  decimal(status & 0x7f ? status & 0x7f : (status >> 8) & 0xff);
  end_of_line();
}

// The number of the signal that the child stopped with, or -1 and a line when it has ended.
static int wait_for_child(const char *test) {
  int status = 0;
  syscall4(SYS_wait4, child, (unsigned)&status, 0, 0);
  if (is_stop(status)) return (status >> 8) & 0xff;
  print_end(test, status);
  return -1;
}
static int resume(const char *test, int request) {
  ptrace(request, 1, 0);
  return wait_for_child(test);
}

struct stop {
  int signal;
  struct siginfo info;
  unsigned nip, word;
};
static void read_stop(struct stop *stop, int signal) {
  stop->signal = signal;
  ptrace(PTRACE_GETSIGINFO, 0, (unsigned)&stop->info);
  stop->nip = nip();
  stop->word = peek(PTRACE_PEEKDATA, (unsigned)&word);
}
static void print_stop(const char *test, const struct stop *stop) {
  text(test);
  text(": signal ");
  decimal(stop->signal);
  text(" code ");
  decimal(stop->info.code);
  text(" errno ");
  decimal(stop->info.error);
  text(" si_addr ");
  place(stop->info.address);
  text(" nip ");
  place(stop->nip);
  text(" word ");
  decimal(stop->word);
  end_of_line();
}
static void print_signal(const char *test, int signal) {
  static struct stop stop;
  read_stop(&stop, signal);
  print_stop(test, &stop);
}

static void arm(const char *test, unsigned trigger, void *address) {
  static struct hw_breakpoint wanted = {.version = 1};
  wanted.trigger_type = trigger;
  wanted.addr = (unsigned)address;
  text(test);
  text(": slot ");
  decimal(ptrace(PPC_PTRACE_SETHWDEBUG, 0, (unsigned)&wanted));
  end_of_line();
}

static void print_info(void) {
  static struct debug_info info;
  ptrace(PPC_PTRACE_GETHWDBGINFO, 0, (unsigned)&info);
  text("info: instruction ");
  decimal(info.instruction_bps);
  text(" data ");
  decimal(info.data_bps);
  text(" features ");
  hexadecimal((unsigned)info.features);
  end_of_line();
}

static void run_to_end(const char *test) {
  for (int signal; (signal = resume(test, PTRACE_CONT)) >= 0;) print_signal(test, signal);
}

// Linux disarms a breakpoint when it fires: one signal, though three stores and three calls follow.
static void test_once(void) {
  start(stores);
  print_info();
  arm("watch", TRIGGER_WRITE, &word);
  run_to_end("watch");
  start(stores);
  arm("break", TRIGGER_EXECUTE, &target);
  run_to_end("break");
  start(stores);
  arm("both", TRIGGER_WRITE, &word);
  arm("both", TRIGGER_EXECUTE, &target);
  run_to_end("both");
  start(stores);
  text("debugreg: ");
  decimal(ptrace(PTRACE_SET_DEBUGREG, 0, (unsigned)&word | 2));  // DAC1, write
  end_of_line();
  run_to_end("debugreg");
  start(stores);
  arm("read", TRIGGER_READ, &word);
  run_to_end("read");
}

// As gdb does: over the instruction by a single step, then armed again.
static void test_again(void) {
  start(stores);
  arm("again", TRIGGER_WRITE, &word);
  for (int signal; (signal = resume("again", PTRACE_CONT)) >= 0;) {
    print_signal("again", signal);
    print_signal("again", resume("again", PTRACE_SINGLESTEP));
    arm("again", TRIGGER_WRITE, &word);
  }
}

// Two children that take turns on the processor, one with a watchpoint, the other with a breakpoint: each gets its own alone.
static void test_two(void) {
  static struct { const char *name; int pid, end, stops; struct stop stop[4]; } both[2] = {{.name = "first"}, {.name = "second"}};
  for (int n = 0; n < 2; n++) {
    start(taking_turns);
    both[n].pid = child;
    arm(both[n].name, n == 0 ? TRIGGER_WRITE : TRIGGER_EXECUTE, n == 0 ? &word : &target);
  }
  for (int n = 0; n < 2; n++) {
    child = both[n].pid;
    ptrace(PTRACE_CONT, 1, 0);
  }
  for (int left = 2; left > 0;) {
    int status = 0;
    child = syscall4(SYS_wait4, -1, (unsigned)&status, 0, 0);
    int n = child == both[1].pid;
    if (is_stop(status)) {
      read_stop(&both[n].stop[both[n].stops++ & 3], (status >> 8) & 0xff);
      ptrace(PTRACE_CONT, 1, 0);
    } else {
      both[n].end = status;
      left--;
    }
  }
  for (int n = 0; n < 2; n++) {
    for (int m = 0; m < both[n].stops; m++) print_stop(both[n].name, &both[n].stop[m & 3]);
    print_end(both[n].name, both[n].end);
  }
}

static unsigned successor(unsigned at, int *left) {
  return at == (unsigned)&count_branch && --*left ? (unsigned)&count_loop : at + 4;
}

static void test_counted(void) {
  start(counted);
  while (nip() != (unsigned)&count_begin)
    if (resume("count", PTRACE_SINGLESTEP) != SIGTRAP) return;
  int steps = 0, strays = 0, left = 249;
  for (unsigned at = (unsigned)&count_begin; at != (unsigned)&count_end; steps++) {
    if (resume("count", PTRACE_SINGLESTEP) != SIGTRAP) return;
    unsigned next = nip();
    if (next != successor(at, &left)) strays++;
    at = next;
  }
  text("count: steps ");
  decimal(steps);
  text(" strays ");
  decimal(strays);
  end_of_line();
  run_to_end("count");
}

static void test_calls(const char *test, int request) {
  start((int (*)(void))&calls);
  while (nip() != (unsigned)&calls)
    if (resume(test, PTRACE_SINGLESTEP) != SIGTRAP) return;
  text(test);
  text(":");
  for (int n = 0; n < 20 && nip() != (unsigned)&call_end; n++) {
    if (resume(test, request) != SIGTRAP) return;
    text(" ");
    place(nip());
    if (request == PTRACE_SINGLEBLOCK) break;
  }
  end_of_line();
  run_to_end(test);
}

int main(void) {
  test_once();
  test_again();
  test_two();
  test_counted();
  test_calls("calls", PTRACE_SINGLESTEP);
  test_calls("block", PTRACE_SINGLEBLOCK);
  text("done");
  end_of_line();
  text("single steps asked for: ");
  decimal(single_steps);
  end_of_line();
  syscall4(SYS_reboot, 0xfee1dead, 0x28121969, 0x4321fedc, 0);  // LINUX_REBOOT_CMD_POWER_OFF
  for (;;) continue;
}
