// A guest with a debugger of its own: it puts an address into IAC1 and takes the debug interrupt when that instruction
// is reached. Whether it still has the core's debug facility while another debugger looks on is what debugOwnership says.
#include "kernel.h"

static struct {
  uint32_t hits;
  uint32_t last_address;
  uint32_t last_dbsr;
} debugger;

static volatile uint32_t target_calls;

static __attribute__((noinline)) void debug_target(void) { // @debug-target
  target_calls++;
}

void debugger_demonstrate(void) {
  uint32_t hits_before = debugger.hits;
  mtspr(SPR_DBSR, mfspr(SPR_DBSR)); // clears what was pending
  mtspr(SPR_IAC1, (uint32_t)debug_target);
  mtspr(SPR_DBCR1, 0); // compare IAC1 exactly, in any mode
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_IAC1);
  print("IAC1 is at debug_target. ");
  mtmsr(mfmsr() | MSR_DE);
  debug_target(); // @debug-call
  mtmsr(mfmsr() & ~MSR_DE);
  mtspr(SPR_DBCR0, 0);
  if (debugger.hits == hits_before) print("No debug interrupt came: this machine has no working IAC1.\n");
  else print("Debug interrupt: DBSR %x, CSRR0 is %s.\n", debugger.last_dbsr,
             debugger.last_address == (uint32_t)debug_target ? "debug_target" : "elsewhere");
}

void debugger_handle_event(const struct frame *frame) {
  debugger.hits++; // @debug-interrupt
  debugger.last_address = frame->srr0; // CSRR0 on this level
  debugger.last_dbsr = mfspr(SPR_DBSR);
  // IAC compares before the instruction is executed: if it stayed enabled, the return would hit it again.
  mtspr(SPR_DBCR0, mfspr(SPR_DBCR0) & ~DBCR0_IAC1);
  mtspr(SPR_DBSR, debugger.last_dbsr);
}
