// Tasks and the scheduler: round robin, at each tick and whenever a task has nothing to do.
#include "kernel.h"
#include "user.h"

#define MAX_TASKS 6
#define KERNEL_STACK_SIZE 4096
#define CONTEXT_SIZE 96 // switch.S
#define CONTEXT_LR (CONTEXT_SIZE + 4)

static struct task tasks[MAX_TASKS];
static char kernel_stacks[MAX_TASKS][KERNEL_STACK_SIZE] __attribute__((aligned(16)));
static char user_stacks[MAX_TASKS][USER_AREA_SIZE] __attribute__((aligned(USER_AREA_SIZE)));

struct task *current_task;
bool reschedule_wanted;

// The boot thread, on its own stack, becomes task 0.
void tasks_init(void) {
  struct task *idle_task = &tasks[0];
  string_copy(idle_task->name, "idle", sizeof idle_task->name);
  idle_task->state = TASK_READY;
  idle_task->next = idle_task;
  current_task = idle_task;
}

static struct task *unused_task(void) {
  for (unsigned id = 1; id < MAX_TASKS; id++)
    if (tasks[id].state == TASK_UNUSED || tasks[id].state == TASK_ENDED) return &tasks[id];
  return NULL;
}

/** A kernel stack as if the task had been interrupted before its first instruction: switch_context() and an rfi start it. */
static void prepare_stack(struct task *task, void (*entry)(uint32_t), uint32_t argument) {
  unsigned id = task->flags.id;
  uint32_t top = (uint32_t)kernel_stacks[id] + KERNEL_STACK_SIZE - 16;
  struct frame *frame = (struct frame *)(top - FRAME_SIZE);
  bool user_mode = task->flags.user_mode;
  *frame = (struct frame){
      .srr0 = (uint32_t)(user_mode ? user_task_start : kernel_task_start),
      .srr1 = user_mode ? MSR_USER : MSR_KERNEL | MSR_EE,
      .gpr = {[1] = user_mode ? USER_STACK + USER_AREA_SIZE - 16 : top, [3] = argument, [12] = (uint32_t)entry},
  };
  task->stack_pointer = (uint32_t)frame - CONTEXT_SIZE;
  *(uint32_t *)(task->stack_pointer + CONTEXT_LR) = (uint32_t)leave_interrupt;
}

static void link_into_ring(struct task *task) {
  if (task->next) return; // the entry of a task that has ended stays where it is
  struct task *last = &tasks[0];
  while (last->next != &tasks[0]) last = last->next;
  task->next = &tasks[0];
  last->next = task;
}

struct task *task_create(const char *name, void (*entry)(uint32_t), uint32_t argument, bool user_mode) {
  struct task *task = unused_task();
  if (!task) return NULL;
  unsigned id = (unsigned)(task - tasks);
  string_copy(task->name, name, sizeof task->name);
  task->flags.id = id;
  task->flags.user_mode = user_mode;
  task->flags.killed = false;
  task->statistics = (struct task_statistics){0};
  if (user_mode) mmu_map_user_stack(id, (uint32_t)user_stacks[id] - KERNEL_BASE);
  prepare_stack(task, entry, argument);
  link_into_ring(task);
  task->state = TASK_READY;
  return task;
}

struct task *task_find(const char *name) {
  for (unsigned id = 0; id < MAX_TASKS; id++)
    if (tasks[id].state != TASK_UNUSED && strings_equal(tasks[id].name, name)) return &tasks[id];
  return NULL;
}

const char *task_state_name(const struct task *task) {
  static const char *const names[] = {
      [TASK_UNUSED] = "unused",         [TASK_READY] = "ready", [TASK_SLEEPING] = "sleeping",
      [TASK_WAITING_FOR_INPUT] = "waiting", [TASK_ENDED] = "ended",
  };
  return task == current_task ? "running" : names[task->state];
}

static struct task *next_ready_task(void) {
  struct task *task = current_task->next;
  for (; task != current_task; task = task->next)
    if (task->state == TASK_READY && task != &tasks[0]) return task;
  return current_task->state == TASK_READY ? current_task : &tasks[0];
}

/** With interrupts disabled. Returns when the current task's turn has come again. */
void schedule(void) {
  reschedule_wanted = false;
  struct task *previous = current_task;
  struct task *next = next_ready_task();
  if (next == previous) return;
  current_task = next;
  next->statistics.switches++;
  mtspr(SPR_PID0, next->flags.user_mode ? next->flags.id : 0);
  mtspr(SPR_SPRG3, (uint32_t)kernel_stacks[next->flags.id] + KERNEL_STACK_SIZE - 16);
  switch_context(&previous->stack_pointer, next->stack_pointer); // @task-switch
}

void task_sleep(uint32_t number_of_ticks) {
  current_task->state = TASK_SLEEPING;
  current_task->wait.wake_at_tick = ticks + number_of_ticks;
  schedule();
}

void task_end(unsigned exit_code, const char *reason) {
  current_task->state = TASK_ENDED; // @task-end
  current_task->flags.exit_code = exit_code;
  current_task->flags.killed = reason != NULL;
  current_task->wait.reason = reason;
  for (;;) schedule();
}

void tasks_wake_sleepers(void) {
  for (struct task *task = tasks[0].next; task != &tasks[0]; task = task->next)
    if (task->state == TASK_SLEEPING && (int32_t)(ticks - task->wait.wake_at_tick) >= 0) task->state = TASK_READY; // @wake
}

/** Task 0: runs when no other can. The core sleeps until an interrupt; the handler switches to whom it has woken. */
void idle(void) {
  mtspr(SPR_HID0, mfspr(SPR_HID0) | HID0_DOZE);
  for (;;) {
    asm volatile("msync");
    mtmsr(mfmsr() | MSR_WE | MSR_EE); // @idle
  }
}
