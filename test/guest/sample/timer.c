// The decrementer gives the tick, reloading itself from DECAR.
#include "kernel.h"

#define TIME_BASE_FREQUENCY 400000000 // as the board's device tree says

volatile uint32_t ticks;

void timer_init(void) {
  mtspr(SPR_DECAR, TIME_BASE_FREQUENCY / TICKS_PER_SECOND);
  mtspr(SPR_DEC, TIME_BASE_FREQUENCY / TICKS_PER_SECOND);
  mtspr(SPR_TCR, TCR_DIE | TCR_ARE);
}

void timer_handle_tick(void) {
  mtspr(SPR_TSR, TSR_DIS); // clears the bit that is written as one
  ticks++;
  current_task->statistics.ticks++;
  tasks_wake_sleepers();
  reschedule_wanted = true;
}
