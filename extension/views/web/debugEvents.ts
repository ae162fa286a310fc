// The last debug events: when, where, what, who got it and why. Where it is narrow the address and the reason are in the hover.
import { html, LitElement, nothing, type TemplateResult } from 'lit'

import type { DebugEvents } from '../answers.ts'
import { type EventRow, eventRows } from '../model/events.ts'
import { focusRow, rowAfter, rowsIn, taken } from './rows.ts'
import { follow } from './situation.ts'
import { debugEventsStyle, sharedStyle } from './style.ts'

const MARKS = { guest: 'G', host: 'H', nobody: '–' } as const

export class DebugEventList extends LitElement {
  static override styles = [sharedStyle, debugEventsStyle]
  private answer: DebugEvents | { readonly refusal: string } | undefined
  private current = '0'

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('copy', this.copy)
  }

  show(answer: DebugEvents | { readonly refusal: string } | undefined): void {
    this.answer = answer
    this.requestUpdate()
  }

  protected override render() {
    const { answer } = this
    if (!answer) return nothing
    if ('refusal' in answer)
      return html`${heading('')}<div class="empty dim">This debug adapter does not tell them: ${answer.refusal}</div>`
    const rows = eventRows(answer.events)
    if (rows.length === 0)
      return html`${heading('')}<div class="empty dim">None yet. An address compare that hits, the guest’s own debugger, a write that is denied: each is noted here, with the reason.</div>`
    if (Number(this.current) >= rows.length) this.current = '0'
    return html`${heading(`newest first, ${rows.length}`)}
      <div class="events" role="grid" aria-label="Last debug events" @keydown=${this.keydown}>
        <div class="event hd" role="row"><span role="columnheader" class="count">Instruction</span><span role="columnheader" class="wide">Address</span>
          <span role="columnheader" class="symbol">Symbol</span><span role="columnheader">Event</span><span role="columnheader" class="to">Went to</span><span role="columnheader" class="wide">Why</span></div>
        ${rows.map(this.row)}
      </div>`
  }

  private readonly row = (row: EventRow, index: number): TemplateResult => {
    const key = String(index)
    const classes = ['event', key === this.current && 'current', row.isDenied && 'denied'].filter(Boolean).join(' ')
    const place = row.symbol ?? row.address
    return html`<div class=${classes} role="row" data-key=${key} aria-label=${row.sentence} title=${row.sentence}
        tabindex=${key === this.current ? 0 : -1} @focus=${() => this.choose(key)} @dblclick=${() => this.reveal(row.address)}>
        <span role="gridcell" class="count">${row.instructions}</span><span role="gridcell" class="address wide">${row.address}</span>
        <span role="gridcell" class="symbol"><a href="#" tabindex="-1" @click=${follow(() => this.reveal(row.address))}>${place}</a></span>
        <span role="gridcell" class="what">${row.event}</span>
        <span role="gridcell" class="to">${
          row.isDenied
            ? html`<vscode-icon name="circle-slash"></vscode-icon>`
            : html`<span class="own ${row.to}">${MARKS[row.to]}</span>`
        } <span class="whom">${row.to}</span></span>
        <span role="gridcell" class="why wide">${row.why}</span>
      </div>`
  }

  private readonly keydown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const next = rowAfter(this.renderRoot, this.current, event.key)
    if (next !== undefined) focusRow(this.renderRoot, next)
    else if (event.key === 'Enter') this.revealCurrent()
    else return
    taken(event)
  }

  private revealCurrent(): void {
    const { answer } = this
    const row = answer && 'events' in answer ? eventRows(answer.events)[Number(this.current)] : undefined
    if (row) this.reveal(row.address)
  }

  private reveal(detail: string): void {
    this.dispatchEvent(new CustomEvent('reveal-address', { detail }))
  }

  private choose(key: string): void {
    this.current = key
    this.requestUpdate()
  }

  private readonly copy = (event: ClipboardEvent) => {
    const row = rowsIn(this.renderRoot).find(({ dataset }) => dataset.key === this.current)
    event.clipboardData?.setData('text/plain', row?.ariaLabel ?? '')
    event.preventDefault()
    event.stopPropagation()
  }
}

const heading = (note: string) => html`<h2>Last debug events <span class="dim">${note}</span></h2>`

customElements.define('e500-debug-events', DebugEventList)
