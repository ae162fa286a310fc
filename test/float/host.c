// The host's own floating point as the judge: reads operation, rounding mode and operands, writes results and what happened.
// Rounding modes are numbered as in FPSCR[RN]. Operations: see host.ts.
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INEXACT = 1, OVERFLOW_ = 2, TINY = 4, AWAY = 8, INVALID = 16, DIVIDE_BY_ZERO = 32 };
static const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_UPWARD, FE_DOWNWARD};

static volatile double A, B, C;
static volatile float FA, FB, FC;

static double compute(int operation, int single) {
  if (single) {
    float a = FA, b = FB, c = FC;
    volatile float r;
    switch (operation) {
    case 0: r = a + b; break;
    case 1: r = a - b; break;
    case 2: r = a * c; break;
    case 3: r = a / b; break;
    case 4: r = fmaf(a, c, b); break;
    case 5: r = fmaf(a, c, -b); break;
    case 6: r = (float)B; break;
    case 7: r = 1.0f / b; break;
    default: abort();
    }
    return r;
  }
  volatile double r;
  switch (operation) {
  case 0: r = A + B; break;
  case 1: r = A - B; break;
  case 2: r = A * C; break;
  case 3: r = A / B; break;
  case 4: r = fma(A, C, B); break;
  case 5: r = fma(A, C, -B); break;
  case 8: r = nearbyint(B); break;
  case 9: r = 1.0 / sqrt(B); break;
  default: abort();
  }
  return r;
}

static int happened(int operation, int single, int mode, double *result) {
  int flags = 0;
  // Before the flags are cleared: narrowing an SNaN is invalid already.
  FA = (float)A;
  FB = (float)B;
  FC = (float)C;
  fesetround(FE_TOWARDZERO);
  double towardZero = compute(operation, single);
  fesetround(modes[mode]);
  feclearexcept(FE_ALL_EXCEPT);
  *result = compute(operation, single);
  int raised = fetestexcept(FE_ALL_EXCEPT);
  if (operation == 8 ? *result != B : raised & FE_INEXACT) flags |= INEXACT;
  if (raised & FE_OVERFLOW) flags |= OVERFLOW_;
  if (raised & FE_INVALID) flags |= INVALID;
  if (raised & FE_DIVBYZERO) flags |= DIVIDE_BY_ZERO;
  // The exact value is below the smallest normal number exactly if the value rounded toward zero is.
  if (fabs(towardZero) < (single ? 0x1p-126 : 0x1p-1022)) flags |= TINY;
  if (fabs(*result) > fabs(towardZero)) flags |= AWAY;
  return flags;
}

int main(void) {
  int32_t header[4];
  while (fread(header, sizeof header, 1, stdin) == 1) {
    double *in = malloc(24 * (size_t)header[3]);
    if (fread(in, 24, (size_t)header[3], stdin) != (size_t)header[3]) return 1;
    for (int n = 0; n < header[3]; n++) {
      A = in[3 * n];
      B = in[3 * n + 1];
      C = in[3 * n + 2];
      double result;
      int64_t flags = happened(header[0], header[1], header[2], &result);
      fwrite(&result, 8, 1, stdout);
      fwrite(&flags, 8, 1, stdout);
    }
    free(in);
  }
  return 0;
}
