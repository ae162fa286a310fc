// The serial port (16550): sends by polling, receives by interrupt.
#include "board.h"
#include "kernel.h"

#define RBR (UART0 + 0) // read: received byte
#define THR (UART0 + 0) // write: byte to send
#define IER (UART0 + 1)
#define IER_RECEIVED 1
#define FCR (UART0 + 2)
#define FCR_ENABLE_AND_CLEAR 7
#define LCR (UART0 + 3)
#define LCR_8_BITS 3
#define LSR (UART0 + 5)
#define LSR_RECEIVED 0x01
#define LSR_CAN_SEND 0x20

static struct {
  char bytes[64];
  unsigned put, taken;
  struct task *reader; // waits for the next byte
} received;

void uart_init(void) {
  write8(LCR, LCR_8_BITS);
  write8(FCR, FCR_ENABLE_AND_CLEAR);
  write8(IER, IER_RECEIVED);
  mpic_enable(MPIC_SOURCE_UART);
}

void uart_send(char byte) {
  while (!(read8(LSR) & LSR_CAN_SEND)) {
  }
  write8(THR, (uint8_t)byte);
}

void uart_handle_interrupt(void) {
  while (read8(LSR) & LSR_RECEIVED) {
    char byte = (char)read8(RBR); // @received
    if (received.put - received.taken < sizeof received.bytes) received.bytes[received.put++ % sizeof received.bytes] = byte;
  }
  if (received.reader && received.reader->state == TASK_WAITING_FOR_INPUT) {
    received.reader->state = TASK_READY;
    reschedule_wanted = true;
  }
}

/** For kernel tasks: waits for a byte. */
char uart_receive(void) {
  disable_interrupts();
  received.reader = current_task;
  while (received.put == received.taken) {
    current_task->state = TASK_WAITING_FOR_INPUT;
    schedule();
  }
  char byte = received.bytes[received.taken++ % sizeof received.bytes];
  enable_interrupts();
  return byte;
}
