// What a csmith program asks of a C library: printf of one number with %X, and what the compiler calls by itself.
#include <stdarg.h>
#include <stddef.h>

static volatile unsigned char *const uart = (volatile unsigned char *)0xe0004500;

static void put(char c) {
  while (!(uart[5] & 0x20)) {}
  uart[0] = c;
}

int printf(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (; *format; format++) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    format++;
    unsigned value = va_arg(arguments, unsigned);
    int shift = 28;
    while (shift > 0 && !(value >> shift)) shift -= 4;
    for (; shift >= 0; shift -= 4) put("0123456789ABCDEF"[value >> shift & 15]);
  }
  va_end(arguments);
  return 0;
}

int strcmp(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (unsigned char)*a - (unsigned char)*b;
}

void *memcpy(void *to, const void *from, size_t length) {
  char *t = to;
  const char *f = from;
  while (length--) *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, size_t length) {
  if ((char *)to <= (const char *)from) return memcpy(to, from, length);
  while (length--) ((char *)to)[length] = ((const char *)from)[length];
  return to;
}

void *memset(void *to, int value, size_t length) {
  char *t = to;
  while (length--) *t++ = value;
  return to;
}
