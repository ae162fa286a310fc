// The few string functions that are needed, and the two that the compiler may call by itself.
#include "kernel.h"

bool strings_equal(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

void string_copy(char *to, const char *from, size_t size) {
  size_t n = 0;
  for (; n + 1 < size && from[n]; n++) to[n] = from[n];
  to[n] = '\0';
}

void *memset(void *to, int byte, size_t size) {
  for (size_t n = 0; n < size; n++) ((char *)to)[n] = (char)byte;
  return to;
}

void *memcpy(void *to, const void *from, size_t size) {
  for (size_t n = 0; n < size; n++) ((char *)to)[n] = ((const char *)from)[n];
  return to;
}
