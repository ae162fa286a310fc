// Power and reset.
#include "board.h"
#include "kernel.h"

#define GPDIR (GPIO + 0x0)
#define GPDAT (GPIO + 0x8)
#define PIN0 0x80000000 // drives the power switch

#define RSTCR (GUTS + 0xb0)
#define RSTCR_HRESET_REQ 2

void board_power_off(void) {
  write32(GPDIR, PIN0);
  write32(GPDAT, PIN0);
  for (;;) {
  }
}

void board_reset(void) {
  write32(RSTCR, RSTCR_HRESET_REQ);
  for (;;) {
  }
}
