#!/bin/bash
# Builds hypervisor.elf beside the sources, or at the path given. Needs gcc-powerpc-linux-gnu.
set -e
here=$(cd "$(dirname "$0")" && pwd)
output=$(realpath -m "${1:-$here/hypervisor.elf}")
cd "$here"
objects=$(mktemp -d)
trap 'rm -r "$objects"' EXIT
headers=$(powerpc-linux-gnu-gcc -print-file-name=include)
flags=(
  -mcpu=e500mc -m32 -msoft-float -msdata=none -Wa,-mregnames -Og -g -gdwarf-5
  -fno-asynchronous-unwind-tables -ffile-prefix-map="$here"=. -ffile-prefix-map="$headers"=gcc
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
