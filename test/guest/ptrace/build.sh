#!/bin/bash
# Builds ptrace.elf beside the sources, or at the path given. Needs gcc-powerpc-linux-gnu.
# A user program for Linux on either core: no libc, no floating point, no instruction that only one of them has.
set -e
here=$(cd "$(dirname "$0")" && pwd)
output=$(realpath -m "${1:-$here/ptrace.elf}")
cd "$here"
powerpc-linux-gnu-gcc -mcpu=powerpc -msoft-float -msdata=none -Wa,-mregnames -O2 -std=gnu11 -Wall -Wextra -Werror \
  -ffreestanding -nostdlib -static -fno-pic -no-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
  -fno-tree-loop-distribute-patterns -s -Wl,--build-id=none,-z,max-page-size=4096,-z,noexecstack \
  child.S lines.c ptrace.c -o "$output"
