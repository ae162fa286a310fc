// One row of the three columns: the mark in the gutter, the differing digits, the letters of who asked.
import { html, nothing, type TemplateResult } from 'lit'

import type { Cell, DebugRow } from '../model/debugRows.ts'
import type { ValueEditor } from './valueEditor.ts'

export interface TableDrawing {
  readonly current: string
  readonly editor: ValueEditor
  readonly isOpen: (register: string) => boolean
  readonly titleOf: (key: string) => string
  readonly choose: (key: string) => void
  readonly toggle: (register: string) => void
  readonly edit: (row: DebugRow) => void
}

export function drawDebugRow(row: DebugRow, drawing: TableDrawing): TemplateResult {
  const hasFields = row.fields.length > 0
  const isOpen = hasFields && drawing.isOpen(row.name)
  const icon = isOpen ? 'chevron-down' : 'chevron-right'
  const twistie = hasFields
    ? html`<vscode-icon name=${icon} @click=${() => drawing.toggle(row.name)}></vscode-icon>`
    : html`<span class="twistie"></span>`
  return html`${line(row, 'reg', 1, drawing, twistie, hasFields ? String(isOpen) : undefined)}
    ${drawing.editor.isAt(row.key) ? drawing.editor.renderRefusal() : nothing}
    ${isOpen ? row.fields.map((field) => line(field, 'fld', 2, drawing, nothing, undefined)) : nothing}`
}

function line(
  row: DebugRow,
  kind: 'reg' | 'fld',
  level: number,
  drawing: TableDrawing,
  twistie: TemplateResult | typeof nothing,
  expanded: string | undefined,
): TemplateResult {
  const { key, guest, host, hardware, differs } = row
  const isEdited = drawing.editor.isAt(key)
  const isCurrent = drawing.current === key
  return html`<div class="${kind} ${isCurrent ? 'current' : ''}" role="row" aria-level=${level} aria-expanded=${expanded ?? nothing}
      aria-label=${spoken(row)} title=${`${key} ${drawing.titleOf(key)}`} data-key=${key} tabindex=${isCurrent ? 0 : -1}
      @focus=${() => drawing.choose(key)} @dblclick=${() => kind === 'reg' && drawing.edit(row)}>
      <span class="ne">${differs ? '≠' : ''}</span>
      <span role="rowheader" class="name">${twistie}${row.name}</span>
      <span role="gridcell" class=${dimmed(guest)}>${isEdited ? drawing.editor.render(guest.text) : guest.text}</span>
      <span role="gridcell" class=${dimmed(host)}>${host.text}</span>
      <span role="gridcell" class="hw ${dimmed(hardware)}">${marked(row)}${row.owners.map(
        (owner) => html`<span class="own ${owner}">${owner === 'host' ? 'H' : 'G'}</span>`,
      )}</span>
    </div>`
}

const dimmed = ({ isZero }: Cell) => (isZero ? 'zero' : '')

const marked = ({ hardware, differences, differs }: DebugRow) =>
  differs
    ? html`<span>${[...hardware.text].map((digit, index) => (differences[index] ? html`<i>${digit}</i>` : digit))}</span>`
    : hardware.text

const spoken = ({ key, guest, host, hardware, differs }: DebugRow) =>
  `${key}: guest ${guest.text}, host ${host.text}, hardware ${hardware.text}${differs ? ', different' : ''}`
