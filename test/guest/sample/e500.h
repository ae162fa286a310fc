// Numbers of the e500v2 and of the board, for C and assembly. Names are those of the PowerPC e500 Core Family Reference Manual.
#ifndef E500_H
#define E500_H

// Special purpose registers.
#define SPR_DEC 22
#define SPR_SRR0 26
#define SPR_SRR1 27
#define SPR_PID0 48
#define SPR_DECAR 54
#define SPR_CSRR0 58
#define SPR_CSRR1 59
#define SPR_DEAR 61
#define SPR_ESR 62
#define SPR_IVPR 63
#define SPR_SPRG0 272
#define SPR_SPRG1 273
#define SPR_SPRG2 274
#define SPR_SPRG3 275
#define SPR_SPRG4 276
#define SPR_SPRG5 277
#define SPR_SPRG6 278
#define SPR_PVR 287
#define SPR_DBSR 304
#define SPR_DBCR0 308
#define SPR_DBCR1 309
#define SPR_IAC1 312
#define SPR_DAC1 316
#define SPR_TSR 336
#define SPR_TCR 340
#define SPR_IVOR0 400
#define SPR_IVOR32 528
#define SPR_MCSRR0 570
#define SPR_MCSRR1 571
#define SPR_MAS0 624
#define SPR_MAS1 625
#define SPR_MAS2 626
#define SPR_MAS3 627
#define SPR_MAS7 944
#define SPR_HID0 1008

// Machine state register.
#define MSR_WE 0x00040000 // wait: the core sleeps until an interrupt
#define MSR_CE 0x00020000 // critical interrupts
#define MSR_EE 0x00008000 // external input and decrementer
#define MSR_PR 0x00004000 // problem state: user mode
#define MSR_ME 0x00001000 // machine check
#define MSR_DE 0x00000200 // debug interrupts

// CE stays 0: nothing is connected to the critical input. The debug interrupt does not ask for it.
#define MSR_KERNEL MSR_ME
#define MSR_USER (MSR_KERNEL | MSR_EE | MSR_PR)

// Exception syndrome register.
#define ESR_PIL 0x08000000 // illegal instruction
#define ESR_PPR 0x04000000 // privileged instruction
#define ESR_PTR 0x02000000 // trap
#define ESR_ST 0x00800000  // the access was a store

// Timers.
#define TCR_DIE 0x04000000 // decrementer interrupt enable
#define TCR_ARE 0x00400000 // auto-reload from DECAR
#define TSR_DIS 0x08000000 // decrementer interrupt status

#define HID0_DOZE 0x00800000

// The debug facility.
#define DBCR0_IDM 0x40000000 // internal debug mode: events become interrupts
#define DBCR0_IAC1 0x00800000
#define DBSR_IAC1 0x00800000

// TLB1 entries through the MAS registers.
#define MAS0_TLB1(entry) (0x10000000 | (entry) << 16)
#define MAS1_VALID 0x80000000
#define MAS1_IPROT 0x40000000
#define MAS1_TID(pid) ((pid) << 16)
#define MAS1_TSIZE(size) ((size) << 8)
#define SIZE_16K 2 // TSIZE n: 4 to the power of n, in KB
#define SIZE_1M 5
#define SIZE_64M 8
#define MAS2_I 0x8 // not cached
#define MAS2_G 0x2 // guarded: no speculative access
#define MAS3_UX 0x20
#define MAS3_SX 0x10
#define MAS3_UW 0x08
#define MAS3_SW 0x04
#define MAS3_UR 0x02
#define MAS3_SR 0x01

// The kernel's memory: RAM from physical address 0 appears from here on.
#define KERNEL_BASE 0xc0000000

// The ePAPR boot protocol's magic number in r6.
#define EPAPR_MAGIC 0x45504150

#endif
