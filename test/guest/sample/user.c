// The user's programs. They run in user mode: the kernel is out of their reach except through sc, the system call instruction.
//
// The producer finds prime numbers and puts them into a ring; the consumer takes them out and looks how long their
// Collatz sequences are. link.ld puts this file's code and data into pages of their own.
#include "user.h"

#include <stdbool.h>
#include <stddef.h>

#define RING_SIZE 8
#define LARGEST_NUMBER 1000

struct ring {
  uint32_t items[RING_SIZE];
  volatile uint32_t put;   // how many were ever put in
  volatile uint32_t taken; // how many were ever taken out
};

struct summary {
  uint32_t primes;
  uint32_t sum;
  struct {
    uint32_t number;
    uint32_t steps;
  } longest;
};

struct ring ring;
struct summary summary;

static int system_call(uint32_t number, uint32_t first, uint32_t second) {
  register uint32_t r0 asm("r0") = number;
  register uint32_t r3 asm("r3") = first;
  register uint32_t r4 asm("r4") = second;
  asm volatile("sc" // @sc
               : "+r"(r0), "+r"(r3), "+r"(r4)
               :
               : "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "lr", "cr0", "cr1", "cr5", "cr6", "cr7", "memory");
  return (int)r3;
}

static void write(const char *text) {
  uint32_t length = 0;
  while (text[length]) length++;
  system_call(SYS_WRITE, (uint32_t)text, length);
}
static void sleep(uint32_t ticks) { system_call(SYS_SLEEP, ticks, 0); }
static void yield(void) { system_call(SYS_YIELD, 0, 0); }

static bool is_prime(uint32_t number) {
  for (uint32_t divisor = 2; divisor * divisor <= number; divisor++)
    if (number % divisor == 0) return false;
  return number >= 2;
}

static inline __attribute__((always_inline)) bool is_full(const struct ring *r) { return r->put - r->taken == RING_SIZE; }
static inline __attribute__((always_inline)) bool is_empty(const struct ring *r) { return r->put == r->taken; }

void producer(uint32_t first_number) {
  write("producer: runs in user mode\n"); // @producer-start
  uint32_t number = first_number;
  for (;;) {
    if (is_prime(number)) {
      while (is_full(&ring)) yield();
      ring.items[ring.put % RING_SIZE] = number; // @produce
      ring.put++;
      sleep(1);
    }
    number = number < LARGEST_NUMBER ? number + 1 : first_number;
  }
}

// Recursive on purpose: a deep call stack to look at. An even n is halved, an odd one becomes 3n + 1, until it is 1.
static uint32_t collatz_steps(uint32_t n) {
  if (n <= 1) return 0; // @collatz-end
  return 1 + collatz_steps(n % 2 == 0 ? n / 2 : 3 * n + 1); // @collatz
}

static void summarize(struct summary *total, uint32_t prime) {
  uint32_t steps = collatz_steps(prime);
  total->primes++;
  total->sum += prime;
  if (steps > total->longest.steps) {
    total->longest.number = prime; // @longest
    total->longest.steps = steps;
  }
}

void consumer(uint32_t argument) {
  (void)argument;
  write("consumer: runs in user mode\n"); // @consumer-start
  for (;;) {
    while (is_empty(&ring)) sleep(2);
    uint32_t prime = ring.items[ring.taken % RING_SIZE]; // @consume
    ring.taken++;
    summarize(&summary, prime);
  }
}

// What a user program may not do. The kernel ends it.
void intruder(uint32_t how) {
  const uint32_t *kernel = (const uint32_t *)0xc0000000;
  if (how == 'm') {
    uint32_t msr;
    asm volatile("mfmsr %0" : "=r"(msr)); // @intruder-mfmsr
  }
  uint32_t word = *(const volatile uint32_t *)kernel; // @intruder-load
  (void)word;
}
