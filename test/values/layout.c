// What layout.test.ts reads as bytes. Built with: powerpc-linux-gnu-gcc -g -c layout.c
enum color { RED, GREEN = 2, BLUE };
enum flags { READ = 1, WRITE = 2, EXECUTE = 4, LOCKED = 0x80 };

struct bits {
  unsigned a : 3;
  int b : 5;
  unsigned c : 10;
  _Bool e : 1;
  enum color f : 2;
  unsigned long long d : 33;
  signed char g;
  unsigned short h : 9;
} bits = { 5, -3, 0x2aa, 1, BLUE, 0x123456789ull, -1, 0x155 };

struct mixed {
  char name[8];
  unsigned char mac[4];
  union {
    unsigned word;
    struct { short high, low; };
  };
  double ratio;
  float half;
  long long big;
  enum flags flags;
  struct { int x, y; } point[2];
  int zeros[16];
  _Bool yes;
} mixed = { "e500", { 1, 0x80, 0, 255 }, { 0x12348765 }, 0.1, 0.5f, -5000000000ll, READ | EXECUTE,
            { { 1, -2 }, { 3, 4 } }, { 7 }, 1 };

long double third = 0.333333333333333333333333333333L;
