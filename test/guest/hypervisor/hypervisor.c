// A hypervisor of one guest, about its debug facility alone. While it owns the facility it sets MSRP[DEP] and enters the guest with MSR[DE]=1;
// while the guest owns it, every debug interrupt still comes here, because the hardware knows no other way, and is reflected (Power ISA 2.06 III-E).
#include "hypervisor.h"

struct context context;

/** What the guest believes to be its own registers. */
static struct {
  uint32_t DSRR0, DSRR1, IVOR6, IVOR15;
} guest;
static uint32_t owner = OWNER_GUEST;
static uint32_t steps_to_show;

void guest_start(void);
void counted(void);
extern char vectors[], guest_stack_top[];

void hypervisor_main(void) {
  console_init();
  mtspr(SPR_IVPR, vectors);
  // IVOR numbers of the vectors in start.S, 256 bytes each.
  mtspr(400, 0x000);
  mtspr(401, 0x100);
  mtspr(402, 0x200);
  mtspr(403, 0x300);
  mtspr(SPR_IVOR6, 0x400);
  mtspr(413, 0x500);
  mtspr(414, 0x600);
  mtspr(SPR_IVOR15, 0x700);
  mtspr(SPR_IVOR40, 0x800);
  mtspr(SPR_IVOR41, 0x900);
  mtspr(SPR_EPCR, EPCR_DUVD);
  mtspr(SPR_MSRP, 0);
  mtspr(SPR_DBSR, 0xffffffff);
  context.gpr[1] = (uint32_t)guest_stack_top - 16;
  context.pc = (uint32_t)guest_start;
  context.msr = MSR_GS | MSR_ME;
  say("hypervisor: enters the guest\n");
}

static void set_owner(uint32_t wanted) {
  owner = wanted;
  mtspr(SPR_DBCR0, 0);
  mtspr(SPR_DBSR, 0xffffffff);
  if (owner == OWNER_HYPERVISOR) {
    mtspr(SPR_MSRP, MSRP_DEP);
    context.msr |= MSR_DE; // DEP alone does not set it
    mtspr(SPR_IAC1, counted);
    mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_TRAP | DBCR0_IAC1);
  } else {
    mtspr(SPR_MSRP, 0);
    context.msr &= ~MSR_DE;
  }
  say(owner == OWNER_HYPERVISOR ? "hypervisor: owns the debug facility\n" : "hypervisor: the guest owns the debug facility\n");
}

// The guest goes on in its own handler. A base class interrupt keeps DE, the debug interrupt does not.
static void reflect_program(uint32_t esr) {
  mtspr(SPR_GSRR0, context.pc);
  mtspr(SPR_GSRR1, context.msr);
  mtspr(SPR_GESR, esr);
  context.pc = mfspr(SPR_GIVPR) | guest.IVOR6;
  context.msr &= MSR_GS | MSR_UCLE | MSR_CE | MSR_ME | MSR_DE | MSR_RI;
}
static void reflect_debug(void) { // @reflect
  guest.DSRR0 = context.pc;
  guest.DSRR1 = context.msr;
  context.pc = mfspr(SPR_GIVPR) | guest.IVOR15;
  context.msr &= MSR_GS | MSR_UCLE | MSR_ME | MSR_RI;
}

/** Ours: the breakpoint, then two single steps. A trap is the guest's own, for we put none there. */
static void own_event(uint32_t dbsr) {
  mtspr(SPR_DBSR, dbsr);
  if (dbsr & DBSR_TRAP) {
    say("hypervisor: a trap of the guest's own, reflected as Program\n");
    reflect_program(ESR_PTR);
    return;
  }
  say(dbsr & DBSR_IAC1 ? "hypervisor: IAC1 at counted+" : "hypervisor: a step to counted+");
  say_number(context.pc - (uint32_t)counted);
  say(context.msr & MSR_GS ? ", in the guest\n" : ", in the hypervisor\n");
  if (dbsr & DBSR_IAC1) steps_to_show = 2;
  else steps_to_show--;
  mtspr(SPR_DBCR0, DBCR0_IDM | DBCR0_TRAP | (steps_to_show ? DBCR0_ICMP : 0));
}

static void debug_interrupt(void) { // @debug
  if (owner == OWNER_HYPERVISOR) own_event(mfspr(SPR_DBSR));
  else reflect_debug();
}

static void hypercall(void) {
  uint32_t argument = context.gpr[4];
  if (context.gpr[3] == CALL_PRINT) say((const char *)argument);
  else if (context.gpr[3] == CALL_OWNER) set_owner(argument);
  else power_off();
}

#define RT(word) ((word) >> 21 & 31)
#define SPR_OF(word) (((word) >> 16 & 31) | ((word) >> 6 & 0x3e0))
#define OC(word) ((word) >> 11 & 0x7fff)
#define OPCODE(word) ((word) & 0xfc0007fe)
#define EHPRIV 0x7c00021c
#define MFSPR 0x7c0002a6
#define MTSPR 0x7c0003a6
#define RFDI 0x4c00004e

/** The debug registers are the hardware's. 0: there is no such register. */
static int read_register(uint32_t number, uint32_t *value) {
  switch (number) {
  case SPR_DBSR: *value = mfspr(SPR_DBSR); return 1;
  case SPR_DBCR0: *value = mfspr(SPR_DBCR0) | (owner == OWNER_HYPERVISOR ? DBCR0_EDM : 0); return 1;
  case SPR_IAC1: *value = mfspr(SPR_IAC1); return 1;
  case SPR_DAC1: *value = mfspr(SPR_DAC1); return 1;
  case SPR_DSRR0: *value = guest.DSRR0; return 1;
  case SPR_DSRR1: *value = guest.DSRR1; return 1;
  default: return 0;
  }
}
#define GUEST_DBCR0 (DBCR0_IDM | DBCR0_ICMP | DBCR0_TRAP | DBCR0_IAC1 | DBCR0_DAC1R | DBCR0_DAC1W)
static int write_debug_register(uint32_t number, uint32_t value) {
  if (owner == OWNER_HYPERVISOR) return 0;
  switch (number) {
  case SPR_DBSR: mtspr(SPR_DBSR, value); return 1;
  case SPR_DBCR0: mtspr(SPR_DBCR0, value & GUEST_DBCR0); return 1;
  case SPR_IAC1: mtspr(SPR_IAC1, value); return 1;
  case SPR_DAC1: mtspr(SPR_DAC1, value); return 1;
  default: return 0;
  }
}
static int write_register(uint32_t number, uint32_t value) {
  switch (number) {
  case SPR_IVPR: mtspr(SPR_GIVPR, value); return 1;
  case SPR_IVOR6: guest.IVOR6 = value & 0xfff0; return 1;
  case SPR_IVOR15: guest.IVOR15 = value & 0xfff0; return 1;
  case SPR_DSRR0: guest.DSRR0 = value; return 1;
  case SPR_DSRR1: guest.DSRR1 = value; return 1;
  default: return write_debug_register(number, value);
  }
}

/** What of the guest's supervisor the hardware refused: the hypervisor does it, or calls it illegal. */
static void privileged(void) {
  uint32_t word = *(const uint32_t *)context.pc;
  if (word == RFDI && owner == OWNER_GUEST) {
    context.pc = guest.DSRR0;
    context.msr = (guest.DSRR1 | MSR_GS);
    return;
  }
  if (OPCODE(word) == EHPRIV) {
    say("hypervisor: ehpriv ");
    say_number(OC(word));
    say(" of the guest\n");
    context.pc += 4;
    return;
  }
  int is_done = OPCODE(word) == MFSPR   ? read_register(SPR_OF(word), &context.gpr[RT(word)])
                : OPCODE(word) == MTSPR ? write_register(SPR_OF(word), context.gpr[RT(word)])
                                        : 0;
  if (is_done) context.pc += 4;
  else reflect_program(ESR_PIL);
}

void hypervisor_interrupt(uint32_t number) {
  switch (number) {
  case 6: reflect_program(mfspr(SPR_ESR)); break;
  case 15: debug_interrupt(); break;
  case 40: hypercall(); break;
  case 41: privileged(); break;
  default:
    say("hypervisor: an interrupt that it does not expect\n");
    power_off();
  }
}
