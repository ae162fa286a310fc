// System calls: sc brings a user program here with the call's number in r0.
#include "kernel.h"
#include "user.h"

#define FAILED 0xffffffff

static uint32_t sys_write(uint32_t text, uint32_t length) {
  if (!is_user_range(text, length)) return FAILED;
  for (uint32_t n = 0; n < length; n++) print("%c", ((const char *)text)[n]);
  return length;
}

static uint32_t sys_yield(uint32_t unused1, uint32_t unused2) {
  (void)unused1, (void)unused2;
  reschedule_wanted = true;
  return 0;
}

static uint32_t sys_sleep(uint32_t number_of_ticks, uint32_t unused) {
  (void)unused;
  task_sleep(number_of_ticks);
  return 0;
}

static uint32_t sys_ticks(uint32_t unused1, uint32_t unused2) {
  (void)unused1, (void)unused2;
  return ticks;
}

static uint32_t sys_task_id(uint32_t unused1, uint32_t unused2) {
  (void)unused1, (void)unused2;
  return current_task->flags.id;
}

static uint32_t sys_exit(uint32_t exit_code, uint32_t unused) {
  (void)unused;
  task_end(exit_code, NULL);
}

static uint32_t (*const system_calls[SYSTEM_CALLS])(uint32_t, uint32_t) = {
    [SYS_WRITE] = sys_write, [SYS_YIELD] = sys_yield,     [SYS_SLEEP] = sys_sleep,
    [SYS_TICKS] = sys_ticks, [SYS_TASK_ID] = sys_task_id, [SYS_EXIT] = sys_exit,
};

void handle_system_call(struct frame *frame) {
  uint32_t number = frame->gpr[0];
  current_task->statistics.system_calls++;
  if (number >= SYSTEM_CALLS) {
    frame->gpr[3] = FAILED;
    return;
  }
  frame->gpr[3] = system_calls[number](frame->gpr[3], frame->gpr[4]); // @syscall
}
