// The kernel's start, on the boot stack, in the kernel's mapping.
#include "kernel.h"
#include "user.h"

struct boot_information boot;

void main(uint32_t device_tree, uint32_t magic, uint32_t mapped_bytes) {
  boot = (struct boot_information){device_tree, magic, mapped_bytes}; // @main
  install_vectors();
  mmu_init();
  mpic_init();
  uart_init();
  print("e500 sample kernel\n"); // @banner
  if (boot.magic != EPAPR_MAGIC) print("Not started by the ePAPR boot protocol: r6 was %x.\n", boot.magic);

  tasks_init();
  task_create("producer", producer, 2, true);
  task_create("consumer", consumer, 0, true);
  task_create("shell", shell, 0, false);
  mtmsr(MSR_KERNEL);
  timer_init(); // @timer-init
  disable_interrupts();
  schedule();
  idle();
}
