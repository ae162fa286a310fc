#!/bin/bash
# Builds sample.elf beside the sources, or at the path given. Needs gcc-powerpc-linux-gnu.
# The same compiler makes the same bytes, whatever the folder is called.
set -e
here=$(cd "$(dirname "$0")" && pwd)
output=$(realpath -m "${1:-$here/sample.elf}")
cd "$here"
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT
headers=$(powerpc-linux-gnu-gcc -print-file-name=include)

flags=(
  -mcpu=8548 -msoft-float -msdata=none  # e500v2; the kernel saves no SPE registers, so nothing may use them
  -Wa,-mregnames                        # r3, not 3
  -Og -g -gdwarf-5
  -fno-asynchronous-unwind-tables       # .debug_frame in place of .eh_frame
  -ffile-prefix-map="$here"=.           # debug information names files as seen from sample.elf
  -ffile-prefix-map="$headers"=gcc
  -std=gnu11 -Wall -Wextra -Werror -ffreestanding -nostdlib -static
  -fno-pic -fno-pie -fno-stack-protector -fno-common -fno-tree-loop-distribute-patterns
)
for source in *.S *.c; do
  powerpc-linux-gnu-gcc "${flags[@]}" -c "$source" -o "$objects/${source%.*}.o"
done
# The linker's order is that of the names: it must not depend on the locale.
export LC_ALL=C
cd "$objects"
powerpc-linux-gnu-ld -T "$here/link.ld" --build-id=none -z max-page-size=4096 -z noexecstack -o "$output" ./*.o
