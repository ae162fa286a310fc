// The shell: a kernel task that reads commands from the console.
#include "kernel.h"
#include "user.h"

struct command {
  const char *name;
  const char *argument;
  const char *help;
  void (*run)(const char *argument);
};

volatile uint32_t watched_counter;

static const struct command commands[];

static void run_help(const char *argument);

static void run_tasks(const char *argument) {
  (void)argument;
  print("id name      mode    state     switches  ticks  system calls\n");
  struct task *first = task_find("idle"), *task = first;
  do {
    const struct task_statistics *statistics = &task->statistics;
    print("%2u %9s %7s %9s %9u %6u %u\n", task->flags.id, task->name, task->flags.user_mode ? "user" : "kernel",
          task_state_name(task), statistics->switches, statistics->ticks, statistics->system_calls);
    task = task->next;
  } while (task != first);
}

static void run_ticks(const char *argument) {
  (void)argument;
  print("%u ticks since the start, %u in a second\n", ticks, TICKS_PER_SECOND);
}

static void run_regs(const char *argument) {
  (void)argument;
  const struct {
    const char *name;
    uint32_t value;
  } registers[] = {
      {"MSR", mfmsr()},           {"PVR", mfspr(SPR_PVR)},     {"HID0", mfspr(SPR_HID0)},   {"PID0", mfspr(SPR_PID0)},
      {"IVPR", mfspr(SPR_IVPR)},  {"TCR", mfspr(SPR_TCR)},     {"ESR", mfspr(SPR_ESR)},   {"DEAR", mfspr(SPR_DEAR)},
      {"DBCR0", mfspr(SPR_DBCR0)}, {"DBCR1", mfspr(SPR_DBCR1)}, {"IAC1", mfspr(SPR_IAC1)},   {"DAC1", mfspr(SPR_DAC1)},
  };
  for (unsigned n = 0; n < LENGTH(registers); n++)
    print("%5s %x%s", registers[n].name, registers[n].value, n % 4 == 3 ? "\n" : "   ");
}

/** Hexadecimal digits, with or without 0x. */
static bool parse_hex(const char *text, uint32_t *value) {
  if (text[0] == '0' && text[1] == 'x') text += 2;
  if (!*text) return false;
  for (*value = 0; *text; text++) {
    uint32_t digit = (uint32_t)(*text >= 'a' ? *text - 'a' + 10 : *text - '0');
    if (digit > 15) return false;
    *value = *value << 4 | digit;
  }
  return true;
}

static void run_mem(const char *argument) {
  uint32_t address;
  if (!parse_hex(argument, &address)) {
    print("mem needs an address in hexadecimal, for instance: mem c0000000\n");
    return;
  }
  address &= ~3u;
  print("%x:", address);
  for (unsigned n = 0; n < 4; n++) {
    uint32_t word;
    if (guarded_load((const uint32_t *)(address + 4 * n), &word)) print(" %x", word);
    else print(" not mapped"), n = 4;
  }
  print("\n");
}

static void run_watch(const char *argument) {
  (void)argument;
  watched_counter++; // @watch
  print("watched_counter is now %u\n", watched_counter);
}

static void run_trap(const char *argument) {
  (void)argument;
  asm volatile("tw 31,0,0"); // @trap
  print("On after the trap.\n");
}

static void run_fault(const char *argument) {
  (void)argument;
  uint32_t word = *(volatile uint32_t *)0xdead0000; // @bad-load
  (void)word;
  print("On after the load.\n");
}

static void run_debug(const char *argument) {
  (void)argument;
  debugger_demonstrate();
}

static void run_intrude(const char *argument) {
  task_create("intruder", intruder, (uint32_t)argument[0], true);
  task_sleep(2); // until it has been ended
}

static void run_poweroff(const char *argument) {
  (void)argument;
  print("Power off.\n");
  board_power_off();
}

static void run_reset(const char *argument) {
  (void)argument;
  print("Reset.\n");
  board_reset();
}

static const struct command commands[] = {
    {"help", "", "this list", run_help},
    {"tasks", "", "the tasks and what they did", run_tasks},
    {"ticks", "", "how often the decrementer has fired", run_ticks},
    {"regs", "", "some registers of the core", run_regs},
    {"mem", "ADDRESS", "four words of memory", run_mem},
    {"watch", "", "adds one to watched_counter: for a data breakpoint", run_watch},
    {"trap", "", "executes a trap instruction", run_trap},
    {"fault", "", "reads an address that is not mapped", run_fault},
    {"debug", "", "the guest's own debugger: IAC1 and a debug interrupt", run_debug},
    {"intrude", "[mfmsr]", "starts a user task that does what it may not", run_intrude},
    {"poweroff", "", "ends the machine", run_poweroff},
    {"reset", "", "restarts it", run_reset},
    {NULL, NULL, NULL, NULL},
};

static void run_help(const char *argument) {
  (void)argument;
  for (const struct command *command = commands; command->name; command++)
    print("%8s %8s %s\n", command->name, command->argument, command->help);
}

/** The line's first word is the command, what follows is its argument. */
static void run_command(char *line) {
  char *argument = line;
  while (*argument && *argument != ' ') argument++;
  if (*argument) *argument++ = '\0';
  for (const struct command *command = commands; command->name; command++) {
    if (!strings_equal(command->name, line)) continue;
    command->run(argument); // @command
    return;
  }
  if (*line) print("There is no command %s. Type help.\n", line);
}

void shell(uint32_t argument) {
  (void)argument;
  char line[64];
  for (;;) {
    print("sample> "); // @prompt
    console_read_line(line, sizeof line);
    run_command(line);
  }
}
