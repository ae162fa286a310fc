// Text on the serial port: formatted output, and input in lines.
#include <stdarg.h>

#include "kernel.h"

static void put_char(char c) {
  if (c == '\n') uart_send('\r');
  uart_send(c);
}

static unsigned put_string(const char *text) {
  unsigned length = 0;
  for (; text[length]; length++) put_char(text[length]);
  return length;
}

static unsigned put_decimal(uint32_t value) {
  char digits[11];
  unsigned first = sizeof digits - 1;
  digits[first] = '\0';
  do {
    digits[--first] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  return put_string(&digits[first]);
}

static unsigned put_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) put_char("0123456789abcdef"[value >> shift & 15]);
  return 8;
}

/** %s, %u, %x (eight digits), %c, and %% ; a width as in %12s pads on the right. */
void print(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (; *format; format++) {
    if (*format != '%') {
      put_char(*format);
      continue;
    }
    unsigned width = 0, length = 1;
    for (format++; *format >= '0' && *format <= '9'; format++) width = width * 10 + (unsigned)(*format - '0');
    switch (*format) {
      case 's': length = put_string(va_arg(arguments, const char *)); break;
      case 'u': length = put_decimal(va_arg(arguments, uint32_t)); break;
      case 'x': length = put_hex(va_arg(arguments, uint32_t)); break;
      case 'c': put_char((char)va_arg(arguments, int)); break;
      default: put_char(*format);
    }
    for (; length < width; length++) put_char(' ');
  }
  va_end(arguments);
}

/** Reads to the end of the line, echoing; backspace works. */
void console_read_line(char *line, size_t size) {
  size_t length = 0;
  for (;;) {
    char c = uart_receive();
    if (c == '\r' || c == '\n') break;
    if (c == '\b' || c == 0x7f) {
      if (length) print("\b \b"), length--;
      continue;
    }
    if (c < ' ' || length + 1 >= size) continue;
    line[length++] = c;
    print("%c", c);
  }
  line[length] = '\0';
  print("\n"); // @console-line
}
