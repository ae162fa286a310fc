// A guest for the console: says on UART0 which bytes came, answers an "L" with 100,000 numbered lines, and greets on UART1.
// Assembled here, since it has to say bytes that a shell would swallow.
import { assemble } from '../support/assemble.ts'

export const LINES = 100_000

/** TLB1[1]: the device registers, 1 MB at 0xe0000000, physically at 0xf_e0000000. */
const MAP_DEVICES = `
  lis r3,0x1001
  mtspr MAS0,r3
  lis r3,0xc000       # V, IPROT
  ori r3,r3,0x500     # TSIZE 1 MB
  mtspr MAS1,r3
  lis r3,0xe000
  ori r3,r3,0xa       # I, G
  mtspr MAS2,r3
  lis r3,0xe000
  ori r3,r3,5         # SW, SR
  mtspr MAS3,r3
  li r3,0xf
  mtspr MAS7,r3
  tlbwe
  isync`

/** r20 and r21: the UARTs. put sends r3 to the UART in r22; hex sends the r4 low digits of r3. */
const GUEST = `${MAP_DEVICES}
  lis r20,0xe000
  ori r20,r20,0x4500
  addi r21,r20,0x100
  mr r22,r21
  li r3,0x55          # U
  bl put
  li r3,0x31          # 1
  bl put
  mr r22,r20
  li r3,0x3e          # >
  bl put
receive:
  lbz r5,5(r20)       # LSR
  andi. r5,r5,1
  beq receive
  lbz r3,0(r20)
  cmpwi r3,0x4c       # L
  beq count
  li r4,2
  bl hex
  li r3,0x20
  bl put
  b receive
count:
  bl newline
  li r25,0
  lis r26,${LINES >> 16}
  ori r26,r26,${LINES & 0xffff}
line:
  mr r3,r25
  li r4,5
  bl hex
  bl newline
  addi r25,r25,1
  cmpw r25,r26
  blt line
  li r3,0x2e          # .
  bl put
  b receive
newline:
  mflr r9
  li r3,0xd
  bl put
  li r3,0xa
  bl put
  mtlr r9
  blr
hex:
  mflr r10
  mr r6,r3
  mulli r7,r4,4
digit:
  addi r7,r7,-4
  srw r3,r6,r7
  andi. r3,r3,15
  cmpwi r3,10
  blt decimal
  addi r3,r3,0x27
decimal:
  addi r3,r3,0x30
  bl put
  cmpwi r7,0
  bgt digit
  mtlr r10
  blr
put:
  lbz r8,5(r22)
  andi. r8,r8,0x20    # the transmitter takes a byte
  beq put
  stb r3,0(r22)
  blr
`

const BASE = 0x1_0000
const [EHDR, PHDR] = [52, 32]

/** An ELF file with one segment and nothing else. */
export function echoGuest(): Buffer {
  const { words } = assemble(GUEST, BASE)
  const file = Buffer.alloc(EHDR + PHDR + 4 * words.length)
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 2, 1])
  const [ET_EXEC, EM_PPC, PT_LOAD, READ_EXECUTE] = [2, 20, 1, 5]
  for (const [offset, half] of [
    [16, ET_EXEC],
    [18, EM_PPC],
    [40, EHDR],
    [42, PHDR],
    [44, 1],
  ] as const)
    file.writeUInt16BE(half, offset)
  for (const [offset, word] of [
    [20, 1],
    [24, BASE],
    [28, EHDR],
  ] as const)
    file.writeUInt32BE(word, offset)
  const bytes = 4 * words.length
  const segment = [PT_LOAD, EHDR + PHDR, BASE, BASE, bytes, bytes, READ_EXECUTE, 4]
  for (const [n, word] of segment.entries()) file.writeUInt32BE(word, EHDR + 4 * n)
  for (const [n, word] of words.entries()) file.writeUInt32BE(word >>> 0, EHDR + PHDR + 4 * n)
  return file
}
