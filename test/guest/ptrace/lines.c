#include "lines.h"
#include "linux.h"

extern char stores, watched_store, target, turns_store, counted, count_begin, count_end, calls, call_sc, call_load, call_branch, call_target, call_end, word;

static char line[256];
static int length;

void text(const char *from) {
  while (*from && length < (int)sizeof line) line[length++] = *from++;
}

void decimal(int value) {
  if (value < 0) text("-");
  unsigned rest = value < 0 ? -value : value;
  char digits[12];
  int n = 12;
  digits[--n] = 0;
  do digits[--n] = '0' + rest % 10;
  while (rest /= 10);
  text(digits + n);
}

void hexadecimal(unsigned value) {
  char digits[9] = {0};
  for (int n = 7; n >= 0; n--, value >>= 4) digits[n] = "0123456789abcdef"[value & 15];
  text("0x");
  text(digits);
}

void place(unsigned address) {
  static const struct { char *at; const char *name; } places[] = {
    {&call_end, "call_end"}, {&call_target, "call_target"}, {&call_branch, "call_branch"}, {&call_load, "call_load"}, {&call_sc, "call_sc"},
    {&calls, "calls"}, {&count_end, "count_end"}, {&count_begin, "count_begin"}, {&counted, "counted"}, {&target, "target"},
    {&turns_store, "turns_store"}, {&watched_store, "watched_store"}, {&stores, "stores"}, {&word, "word"},
  };
  const char *name = 0;
  unsigned distance = ~0u;
  for (unsigned n = 0; n < sizeof places / sizeof *places; n++)
    if (address - (unsigned)places[n].at < distance) {
      distance = address - (unsigned)places[n].at;
      name = places[n].name;
    }
  if (distance >= 64) return hexadecimal(address);
  text(name);
  if (!distance) return;
  text("+");
  decimal(distance);
}

void end_of_line(void) {
  text("\n");
  syscall4(SYS_write, 1, (unsigned)line, length, 0);
  length = 0;
}
