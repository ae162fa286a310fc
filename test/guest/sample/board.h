// The board's devices: QEMU's ppce500. CCSR, the block of device registers, is mapped at CCSR_BASE (mmu.c).
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

#define CCSR_BASE 0xe0000000
#define CCSR_PHYSICAL_HIGH 0xf // the board has 36-bit physical addresses
#define CCSR_PHYSICAL_LOW 0xe0000000

#define UART0 (CCSR_BASE + 0x4500)
#define MPIC (CCSR_BASE + 0x40000)
#define GUTS (CCSR_BASE + 0xe0000)
#define GPIO (CCSR_BASE + 0xff000)

static inline uint32_t read32(uint32_t address) { return *(volatile uint32_t *)address; }
static inline void write32(uint32_t address, uint32_t value) { *(volatile uint32_t *)address = value; }
static inline uint8_t read8(uint32_t address) { return *(volatile uint8_t *)address; }
static inline void write8(uint32_t address, uint8_t value) { *(volatile uint8_t *)address = value; }

#endif
