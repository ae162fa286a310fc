// The guest: a supervisor in guest state that uses the debug facility as if it had it alone, and says what it finds.
#include "e500mc.h"

uint32_t call_hypervisor(uint32_t number, uint32_t argument);
void counted(void);
void turn_on_debug_interrupts(void);
void return_without_debug_interrupts(void);
void store(uint32_t *to, uint32_t value);
extern char guest_vectors[];

static void print(const char *text) { call_hypervisor(CALL_PRINT, (uint32_t)text); }

static char *put(char *to, const char *text) {
  while (*text) *to++ = *text++;
  return to;
}
static char *put_hex(char *to, uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) *to++ = "0123456789abcdef"[value >> shift & 15];
  return to;
}
static void print_value(const char *text, uint32_t value) {
  static char line[80];
  char *to = put_hex(put(put(line, "guest: "), text), value);
  to[0] = '\n', to[1] = 0;
  print(line);
}

static uint32_t mfmsr(void) {
  uint32_t value;
  __asm__ volatile("mfmsr %0" : "=r"(value));
  return value;
}
static void mtmsr(uint32_t value) { __asm__ volatile("mtmsr %0; isync" : : "r"(value) : "memory"); }

/** ESR, which in guest state is GESR. The instruction is passed over. */
void guest_program(void) {
  print_value("Program, ESR ", mfspr(SPR_ESR));
  mtspr(SPR_SRR0, mfspr(SPR_SRR0) + 4);
}

static uint32_t steps, word;

void guest_debug(void) {
  uint32_t dbsr = mfspr(SPR_DBSR);
  mtspr(SPR_DBSR, dbsr);
  if (dbsr & DBSR_ICMP) {
    // Before each of its four instructions; the step of the last one ends outside.
    uint32_t offset = mfspr(SPR_DSRR0) - (uint32_t)counted;
    if (offset <= 12) steps++;
    else if (steps) mtspr(SPR_DBCR0, 0);
    return;
  }
  print_value("debug interrupt, DBSR ", dbsr);
  print_value("  DSRR0 - counted ", mfspr(SPR_DSRR0) - (uint32_t)counted);
  if (dbsr & DBSR_DAC1W) print_value("  the word is still ", word);
  mtspr(SPR_DBCR0, 0);
}

static void under_the_hypervisor(void) {
  call_hypervisor(CALL_OWNER, OWNER_HYPERVISOR);
  mtmsr(mfmsr() & ~MSR_DE);
  print_value("cleared MSR[DE], it is ", mfmsr() & MSR_DE);
  return_without_debug_interrupts();
  print_value("cleared MSR[DE] by rfi, it is ", mfmsr() & MSR_DE);
  counted();
  __asm__ volatile("trap");
  __asm__ volatile(".long 0x7c000a1c"); // ehpriv 1
  mtspr(SPR_DBCR0, DBCR0_IDM);
  print_value("DBCR0 is ", mfspr(SPR_DBCR0));
}

static void by_itself(void) {
  call_hypervisor(CALL_OWNER, OWNER_GUEST);
  mtspr(SPR_IAC1, counted);
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_IAC1);
  turn_on_debug_interrupts();
  counted();
  mtmsr(mfmsr() & ~MSR_DE);
  print_value("cleared MSR[DE], it is ", mfmsr() & MSR_DE);
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_IAC1);
  counted();
  print_value("no interrupt yet, DBSR ", mfspr(SPR_DBSR));
  turn_on_debug_interrupts(); // @late
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_ICMP);
  counted();
  mtspr(SPR_DBCR0, 0);
  print_value("steps in counted ", steps);
}

static void watches_data(void) {
  mtspr(SPR_DAC1, &word);
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_DAC1W);
  turn_on_debug_interrupts();
  store(&word, 1);
  print_value("the word is ", word);
  mtmsr(mfmsr() & ~MSR_DE);
  static const char line[] = "guest: a line that the hypervisor loads\n";
  mtspr(SPR_DAC1, line);
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_DAC1R);
  print(line);
  print_value("  which is no event, DBSR ", mfspr(SPR_DBSR));
  *(const volatile char *)line;
  print_value("its own load is, DBSR ", mfspr(SPR_DBSR));
}

void guest_main(void) {
  mtspr(SPR_IVPR, guest_vectors);
  mtspr(SPR_IVOR6, 0x000);
  mtspr(SPR_IVOR15, 0x100);
  print_value("MSR ", mfmsr());
  __asm__ volatile("trap");
  under_the_hypervisor();
  by_itself();
  watches_data();
  call_hypervisor(CALL_POWER_OFF, 0);
}
