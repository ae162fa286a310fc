// The MSR as a row of 32 bits: the guest's value, and the hardware's where host debugging makes it differ.
import type { Register, RegisterField } from '../answers.ts'
import { bitsOf } from './number.ts'

export interface MsrBit {
  /** 0 is the most significant. */
  readonly bit: number
  /** Undefined: reserved. */
  readonly field: RegisterField | undefined
  readonly guest: number
  readonly hardware: number
  readonly changed: boolean
}

/** `before` is the value at the last stop. */
export function msrBits(msr: Register, hardware = msr.value, before = msr.value): MsrBit[] {
  return Array.from({ length: 32 }, (_, bit) => {
    const at = (value: string) => bitsOf(value, bit, bit)
    return {
      bit,
      field: msr.fields.find(({ from, to }) => from <= bit && bit <= to),
      guest: at(msr.value),
      hardware: at(hardware),
      changed: at(msr.value) !== at(before),
    }
  })
}

/** "supervisor, AS 0/0": what PR, IS and DS mean together. */
export function modeOf({ fields }: Register): string {
  const value = (name: string) => fields.find((field) => field.name === name)?.value ?? 0
  return `${value('PR') ? 'user' : 'supervisor'} · AS ${value('IS')}/${value('DS')}`
}
