// The interrupt controller (MPIC, an OpenPIC). One source is in use: the UART.
#include "board.h"
#include "kernel.h"

#define GCR (MPIC + 0x1020)
#define GCR_RESET 0x80000000
#define GCR_MIXED_MODE 0x20000000
#define VPR(source) (MPIC + 0x10000 + (source) * 0x20)
#define DR(source) (VPR(source) + 0x10)
#define VPR_HIGH_ACTIVE 0x00800000
#define VPR_PRIORITY(n) ((n) << 16)
#define CTPR (MPIC + 0x20080)
#define IACK (MPIC + 0x200a0)
#define EOI (MPIC + 0x200b0)
#define SPURIOUS 0xffff

void mpic_init(void) {
  write32(GCR, GCR_RESET);
  while (read32(GCR) & GCR_RESET) {
  }
  write32(GCR, GCR_MIXED_MODE);
  write32(CTPR, 0);
}

void mpic_enable(unsigned source) {
  write32(DR(source), 1); // to CPU 0
  write32(VPR(source), VPR_HIGH_ACTIVE | VPR_PRIORITY(8) | source);
}

void mpic_handle_external_input(void) {
  uint32_t vector = read32(IACK);
  if (vector == SPURIOUS) return;
  if (vector == MPIC_SOURCE_UART) uart_handle_interrupt(); // @uart-interrupt
  write32(EOI, 0);
}
