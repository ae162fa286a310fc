// The MSR inspector: 32 boxes in a row, four rows of eight where it is narrow, and a strip that explains the one looked at.
import { html, LitElement, nothing, type TemplateResult } from 'lit'

import type { Register } from '../answers.ts'
import { type MsrBit, modeOf, msrBits } from '../model/msr.ts'
import { maskOf, withBits } from '../model/number.ts'
import { bitNumbers } from '../model/registers.ts'
import { focusRow, rowAfter, taken } from './rows.ts'
import { msrStyle, sharedStyle } from './style.ts'

const EE = 16

const IN_A_ROW = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8, Home: -Infinity, End: Infinity }

export interface MsrFlipped {
  readonly register: string
  readonly value: string
}

export class MsrBits extends LitElement {
  static override styles = [sharedStyle, msrStyle]
  private msr: Register | undefined
  private hardware: string | undefined
  private atLastStop: string | undefined
  /** Undefined until somebody looks at one: then the first bit that is not the hardware's, else EE. */
  private chosen: string | undefined
  private current = String(EE)

  /** `before` is the value at the last stop. */
  show(msr: Register, hardware: string | undefined, before: string | undefined): void {
    this.msr = msr
    this.hardware = hardware
    this.atLastStop = before
    this.requestUpdate()
  }

  protected override render() {
    if (!this.msr) return nothing
    const bits = msrBits(this.msr, this.hardware, this.atLastStop)
    this.current = this.chosen ?? String(bits.find(({ guest, hardware }) => guest !== hardware)?.bit ?? EE)
    return html`
      <div class="bits" role="group" aria-label="Bits of the MSR" @keydown=${this.keydown}>${bits.map(this.box)}</div>
      ${this.detail(bits[Number(this.current)]!)}
    `
  }

  private readonly box = (bit: MsrBit): TemplateResult => {
    const { field, guest, hardware, changed } = bit
    if (!field) return html`<div class="bit reserved" aria-hidden="true"><span class="v">${guest || '·'}</span></div>`
    const key = String(bit.bit)
    const differs = guest !== hardware
    const classes = ['bit', guest && 'one', differs && 'differs', changed && 'changed'].filter(Boolean).join(' ')
    return html`<div class=${classes} role="switch" aria-checked=${guest ? 'true' : 'false'} data-key=${key}
        aria-label=${`${field.name}, ${field.title}${differs ? `, hardware ${hardware}` : ''}`}
        title=${`${field.name}: ${field.title}\nbit ${bitNumbers(bit.bit, bit.bit)}, Space flips it`}
        tabindex=${key === this.current ? 0 : -1} @focus=${() => this.choose(key)} @dblclick=${() => this.flip(bit)}>
        <span class="v">${guest}${differs ? html`<span class="ne">≠</span>` : nothing}</span><span class="name">${field.name}</span>
      </div>`
  }

  private detail({ bit, field, guest, hardware }: MsrBit) {
    if (!field) return html`<div class="detail">Choose a bit.</div>`
    const numbers = `bit ${bitNumbers(bit, bit)} (32-bit numbering ${bit})  ${maskOf(this.msr!.value, bit, bit)}`
    return html`<div class="detail">
      <span><b>${field.name}</b> <code>${numbers}</code></span><span>${field.title}</span>
      ${guest === hardware ? nothing : html`<span>guest <code>${guest}</code> <span class="ne">≠</span> hardware <code>${hardware}</code>, held for your debugger</span>`}
      <span class="dim wide">${modeOf(this.msr!)}</span>
    </div>`
  }

  private readonly keydown = (event: KeyboardEvent) => {
    const next = rowAfter(this.renderRoot, this.current, event.key, IN_A_ROW)
    if (next !== undefined) focusRow(this.renderRoot, this.inGrid(event.key, next))
    if (next !== undefined || event.key === ' ') taken(event)
    if (event.key === ' ') this.flip(msrBits(this.msr!, this.hardware)[Number(this.current)]!)
  }

  /** Up and Down go to the nearest named bit of the next row of eight. */
  private inGrid(key: string, next: string): string {
    if (!/Up|Down/.test(key)) return next
    const wanted = Number(this.current) + (key === 'ArrowUp' ? -8 : 8)
    const inRow = msrBits(this.msr!).filter(({ field, bit }) => field && bit >> 3 === wanted >> 3)
    const nearest = inRow.sort((a, b) => Math.abs(a.bit - wanted) - Math.abs(b.bit - wanted))[0]
    return String(nearest?.bit ?? this.current)
  }

  private choose(key: string): void {
    this.chosen = key
    this.current = key
    this.requestUpdate()
  }

  private flip({ bit, guest }: MsrBit): void {
    const { name, value } = this.msr!
    const detail: MsrFlipped = { register: name, value: withBits(value, bit, bit, 1 - guest) }
    this.dispatchEvent(new CustomEvent('msr-flipped', { detail }))
  }
}

customElements.define('e500-msr', MsrBits)
