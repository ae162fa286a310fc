// The board's UART by polling, and its power switch (QEMU's ppce500, device registers at 0xe0000000).
#include "hypervisor.h"

#define UART0 0xe0004500
#define GPIO 0xe00ff000

static volatile uint8_t *const uart = (volatile uint8_t *)UART0;

void console_init(void) {
  uart[3] = 3; // LCR: 8 bits
  uart[2] = 7; // FCR: enable, clear
}

static void send(char byte) {
  while (!(uart[5] & 0x20)) {
  }
  uart[0] = (uint8_t)byte;
}

void say(const char *text) {
  while (*text) send(*text++);
}

/** 0 to 99. */
void say_number(uint32_t number) {
  if (number >= 10) send((char)('0' + number / 10));
  send((char)('0' + number % 10));
}

void power_off(void) {
  volatile uint32_t *gpio = (volatile uint32_t *)GPIO;
  gpio[0] = 0x80000000; // GPDIR: pin 0 drives
  gpio[2] = 0x80000000; // GPDAT
  for (;;) {
  }
}
