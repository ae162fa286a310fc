// Every interrupt arrives here from vectors.S, with the interrupted program's registers in a frame.
#include "kernel.h"

#define CRITICAL_INPUT 0
#define MACHINE_CHECK 1

struct interrupt {
  const char *name;
  void (*handle)(struct frame *frame);
};

uint32_t interrupt_counts[33];

static void describe(const struct frame *frame, const char *name) {
  print("%s interrupt at %x", name, frame->srr0);
  if (frame->esr & ESR_PTR) print(": trap");
  if (frame->esr & ESR_PIL) print(": illegal instruction");
  if (frame->esr & ESR_PPR) print(": privileged instruction in user mode");
  if (frame->number == 2 || frame->number == 5 || frame->number == 13)
    print(": %s, DEAR %x", frame->esr & ESR_ST ? "store" : "load", frame->dear);
  print("\n");
}

static const struct interrupt interrupts[33];

/** Nothing that the kernel can mend. A user program ends; in the kernel the failing instruction is left out. */
static void handle_fault(struct frame *frame) {
  const char *name = interrupts[frame->number].name;
  if (frame->srr0 == (uint32_t)guarded_load) {
    frame->srr0 = (uint32_t)guarded_load_failed;
    return;
  }
  if (frame->srr1 & MSR_PR) print("%s: ", current_task->name);
  describe(frame, name); // @fault
  if (frame->srr1 & MSR_PR) task_end(1, name);
  frame->srr0 += 4;
}

static void handle_hopeless(struct frame *frame) {
  describe(frame, interrupts[frame->number].name);
  print("The kernel cannot go on.\n");
  board_power_off();
}

/** No instruction to go on with: in the kernel, this is the end. */
static void handle_fetch_fault(struct frame *frame) {
  if (frame->srr1 & MSR_PR) handle_fault(frame);
  else handle_hopeless(frame);
}

static void handle_external_input(struct frame *frame) {
  (void)frame;
  mpic_handle_external_input();
}

static void handle_decrementer(struct frame *frame) {
  (void)frame;
  timer_handle_tick(); // @tick
}

static void handle_debug(struct frame *frame) { debugger_handle_event(frame); }

static const struct interrupt interrupts[33] = {
    [CRITICAL_INPUT] = {"Critical input", handle_hopeless},
    [MACHINE_CHECK] = {"Machine check", handle_hopeless},
    [2] = {"Data storage", handle_fault},
    [3] = {"Instruction storage", handle_fetch_fault},
    [4] = {"External input", handle_external_input},
    [5] = {"Alignment", handle_fault},
    [6] = {"Program", handle_fault},
    [8] = {"System call", handle_system_call},
    [10] = {"Decrementer", handle_decrementer},
    [11] = {"Fixed-interval timer", handle_hopeless},
    [12] = {"Watchdog", handle_hopeless},
    [13] = {"Data TLB error", handle_fault},
    [14] = {"Instruction TLB error", handle_fetch_fault},
    [15] = {"Debug", handle_debug},
    [32] = {"SPE unavailable", handle_fault},
};

void handle_interrupt(struct frame *frame) {
  interrupt_counts[frame->number]++; // @interrupt
  interrupts[frame->number].handle(frame);
  // SRR1 holds MSR[WE] of an idle task: with it, rfi would put the core back to sleep although there may be work.
  frame->srr1 &= ~MSR_WE;
  if (reschedule_wanted) schedule();
}
