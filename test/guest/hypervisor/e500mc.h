// Numbers of the e500mc, for C and assembly.
#ifndef E500MC_H
#define E500MC_H

#define SPR_SRR0 26
#define SPR_SRR1 27
#define SPR_ESR 62
#define SPR_IVPR 63
#define SPR_SPRG0 272
#define SPR_SPRG1 273
#define SPR_DBSR 304
#define SPR_EPCR 307
#define SPR_DBCR0 308
#define SPR_MSRP 311
#define SPR_IAC1 312
#define SPR_DAC1 316
#define SPR_LPIDR 338
#define SPR_MAS8 341
#define SPR_GSRR0 378
#define SPR_GSRR1 379
#define SPR_GESR 383
#define SPR_IVOR6 406
#define SPR_IVOR15 415
#define SPR_IVOR40 434
#define SPR_IVOR41 435
#define SPR_GIVPR 447
#define SPR_DSRR0 574
#define SPR_DSRR1 575
#define SPR_MAS0 624
#define SPR_MAS1 625
#define SPR_MAS2 626
#define SPR_MAS3 627
#define SPR_MAS7 944

#define MSR_GS 0x10000000 // guest state
#define MSR_UCLE 0x04000000
#define MSR_CE 0x00020000
#define MSR_ME 0x00001000
#define MSR_DE 0x00000200 // debug interrupts
#define MSR_RI 0x00000002

#define MSRP_DEP 0x00000200  // the guest cannot change MSR[DE]
#define EPCR_DUVD 0x04000000 // no debug events in the hypervisor itself

#define DBCR0_EDM 0x80000000
#define DBCR0_IDM 0x40000000
#define DBCR0_ICMP 0x08000000
#define DBCR0_TRAP 0x01000000
#define DBCR0_IAC1 0x00800000
#define DBCR0_DAC1R 0x00080000
#define DBCR0_DAC1W 0x00040000
#define DBSR_ICMP 0x08000000
#define DBSR_TRAP 0x01000000
#define DBSR_IAC1 0x00800000
#define DBSR_DAC1W 0x00040000

#define ESR_PIL 0x08000000 // illegal instruction
#define ESR_PTR 0x02000000 // trap

// sc 1, the hypervisor's system call: r3 says which, r4 is its argument.
#define CALL_PRINT 0
#define CALL_OWNER 1
#define CALL_POWER_OFF 2
#define OWNER_GUEST 0
#define OWNER_HYPERVISOR 1

#ifndef __ASSEMBLER__
#include <stdint.h>

#define mfspr(number) ({ uint32_t value_; __asm__ volatile("mfspr %0,%1" : "=r"(value_) : "i"(number)); value_; })
#define mtspr(number, value) __asm__ volatile("mtspr %0,%1" : : "i"(number), "r"((uint32_t)(value)) : "memory")
#endif

#endif
