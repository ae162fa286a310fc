// The address space, in entries of TLB1 alone: nothing is ever evicted, so a TLB miss is always a program's mistake.
//
//   0x10000000  user code                      read and execute for all
//   0x10010000  user data                      read and write for all
//   0x20000000  the current user task's stack  one entry per task, told apart by its PID
//   0xc0000000  kernel: physical memory        supervisor only (start.S)
//   0xe0000000  CCSR                           supervisor only, not cached
#include "board.h"
#include "kernel.h"
#include "user.h"

struct mapping {
  uint32_t effective;
  uint32_t physical_high;
  uint32_t physical_low;
  uint32_t size;            // TSIZE
  uint32_t attributes;      // MAS2: WIMGE
  uint32_t permissions;     // MAS3
  uint32_t pid;             // 0: of every task
};

enum { ENTRY_BOOT = 0, ENTRY_KERNEL = 1, ENTRY_FIXED = 2, ENTRY_USER_STACKS = 8 };

// link.ld: where the user's sections are in RAM.
extern const char user_text_physical[], user_data_physical[];

static void write_tlb1(unsigned entry, const struct mapping *mapping) {
  mtspr(SPR_MAS0, MAS0_TLB1(entry));
  mtspr(SPR_MAS1, MAS1_VALID | MAS1_IPROT | MAS1_TID(mapping->pid) | MAS1_TSIZE(mapping->size));
  mtspr(SPR_MAS2, mapping->effective | mapping->attributes);
  mtspr(SPR_MAS3, mapping->physical_low | mapping->permissions);
  mtspr(SPR_MAS7, mapping->physical_high);
  asm volatile("isync; tlbwe; msync; isync" : : : "memory"); // @tlbwe
}

static void invalidate_tlb1(unsigned entry) {
  mtspr(SPR_MAS0, MAS0_TLB1(entry));
  mtspr(SPR_MAS1, 0);
  asm volatile("isync; tlbwe; msync; isync" : : : "memory");
}

void mmu_init(void) {
  const struct mapping fixed[] = {
      {CCSR_BASE, CCSR_PHYSICAL_HIGH, CCSR_PHYSICAL_LOW, SIZE_1M, MAS2_I | MAS2_G, MAS3_SW | MAS3_SR, 0},
      {USER_TEXT, 0, (uint32_t)user_text_physical, SIZE_16K, 0, MAS3_UX | MAS3_UR | MAS3_SR, 0},
      {USER_DATA, 0, (uint32_t)user_data_physical, SIZE_16K, 0, MAS3_UW | MAS3_UR | MAS3_SW | MAS3_SR, 0},
  };
  for (unsigned n = 0; n < LENGTH(fixed); n++) write_tlb1(ENTRY_FIXED + n, &fixed[n]);

  // From here on a null pointer is a fault.
  invalidate_tlb1(ENTRY_BOOT);
}

void mmu_map_user_stack(unsigned task_id, uint32_t physical) {
  const struct mapping stack = {
      .effective = USER_STACK,
      .physical_low = physical,
      .size = SIZE_16K,
      .permissions = MAS3_UW | MAS3_UR | MAS3_SW | MAS3_SR,
      .pid = task_id,
  };
  write_tlb1(ENTRY_USER_STACKS + task_id, &stack);
}

static inline bool lies_within(uint32_t address, uint32_t length, uint32_t base) {
  return address >= base && length <= USER_AREA_SIZE && address - base <= USER_AREA_SIZE - length;
}

/** Whether a system call may read there on a user's behalf: the kernel itself could read anything. */
bool is_user_range(uint32_t address, uint32_t length) {
  return lies_within(address, length, USER_TEXT) || lies_within(address, length, USER_DATA) ||
         lies_within(address, length, USER_STACK);
}
