// What the files of the kernel know of each other.
#ifndef KERNEL_H
#define KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "e500.h"
#include "frame.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define mfspr(spr)                                               \
  ({                                                             \
    uint32_t value_;                                             \
    asm volatile("mfspr %0,%1" : "=r"(value_) : "i"(spr));       \
    value_;                                                      \
  })
#define mtspr(spr, value) asm volatile("mtspr %0,%1; isync" : : "i"(spr), "r"(value) : "memory")

static inline uint32_t mfmsr(void) {
  uint32_t value;
  asm volatile("mfmsr %0" : "=r"(value));
  return value;
}
static inline void mtmsr(uint32_t value) { asm volatile("mtmsr %0; isync" : : "r"(value) : "memory"); }
static inline void disable_interrupts(void) { asm volatile("wrteei 0" : : : "memory"); }
static inline void enable_interrupts(void) { asm volatile("wrteei 1" : : : "memory"); }

// ---- vectors.S, switch.S ----
void install_vectors(void);
void leave_interrupt(void);
void switch_context(uint32_t *save_stack_pointer, uint32_t next_stack_pointer);
void kernel_task_start(void);
bool guarded_load(const uint32_t *address, uint32_t *value);
void guarded_load_failed(void);

// ---- mmu.c ----
void mmu_init(void);
void mmu_map_user_stack(unsigned task_id, uint32_t physical);
bool is_user_range(uint32_t address, uint32_t length);

// ---- interrupts.c ----
extern uint32_t interrupt_counts[33];
void handle_interrupt(struct frame *frame);

// ---- mpic.c ----
#define MPIC_SOURCE_UART 42
void mpic_init(void);
void mpic_enable(unsigned source);
void mpic_handle_external_input(void);

// ---- timer.c ----
#define TICKS_PER_SECOND 100
extern volatile uint32_t ticks;
void timer_init(void);
void timer_handle_tick(void);

// ---- task.c ----
enum task_state { TASK_UNUSED, TASK_READY, TASK_SLEEPING, TASK_WAITING_FOR_INPUT, TASK_ENDED };

struct task_statistics {
  uint32_t switches;       // how often it was given the core
  uint32_t ticks;          // how many ticks found it running
  uint32_t system_calls;
};

struct task {
  uint32_t stack_pointer;  // of the kernel stack, while the task does not run
  struct task *next;       // all tasks, in a ring
  char name[16];
  enum task_state state;
  struct {
    unsigned id : 4;       // in user mode also its PID
    unsigned user_mode : 1;
    unsigned killed : 1;
    unsigned exit_code : 8;
  } flags;
  union {
    uint32_t wake_at_tick; // TASK_SLEEPING
    const char *reason;    // TASK_ENDED
  } wait;
  struct task_statistics statistics;
};

extern struct task *current_task;
extern bool reschedule_wanted;
void tasks_init(void);
struct task *task_create(const char *name, void (*entry)(uint32_t), uint32_t argument, bool user_mode);
struct task *task_find(const char *name);
const char *task_state_name(const struct task *task);
void task_sleep(uint32_t number_of_ticks);
void task_end(unsigned exit_code, const char *reason) __attribute__((noreturn));
void tasks_wake_sleepers(void);
void schedule(void);
void idle(void) __attribute__((noreturn));

// ---- syscall.c ----
void handle_system_call(struct frame *frame);

// ---- uart.c: bytes; console.c: text ----
void uart_init(void);
void uart_send(char byte);
char uart_receive(void);
void uart_handle_interrupt(void);
void print(const char *format, ...);
void console_read_line(char *line, size_t size);

// ---- debugger.c: the guest's own ----
void debugger_demonstrate(void);
void debugger_handle_event(const struct frame *frame);

// ---- board.c ----
void board_power_off(void) __attribute__((noreturn));
void board_reset(void) __attribute__((noreturn));

// ---- shell.c, main.c ----
struct boot_information {
  uint32_t device_tree;    // physical
  uint32_t magic;
  uint32_t mapped_bytes;
};
extern struct boot_information boot;
extern volatile uint32_t watched_counter;
void shell(uint32_t argument);

// ---- string.c ----
bool strings_equal(const char *a, const char *b);
void string_copy(char *to, const char *from, size_t size);

#endif
