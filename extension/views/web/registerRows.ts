// How a group, a register and a field of the Registers view look. What happens when they are used is the view's.
import { html, nothing, type TemplateResult } from 'lit'

import type { Register, RegisterField } from '../answers.ts'
import { type Format, formatted, maskOf } from '../model/number.ts'
import { bitNumbers, fieldDigits, fieldText, type Row, type Section, summaryOf } from '../model/registers.ts'
import type { ValueEditor } from './valueEditor.ts'

export interface Drawing {
  readonly format: Format
  /** The key of the row that Tab leads to. */
  readonly current: string
  readonly editor: ValueEditor
  readonly choose: (key: string) => void
  readonly toggle: (key: string) => void
  readonly edit: (key: string) => void
}

export const groupKey = (name: string) => `group:${name}`
export const registerKey = (name: string) => `register:${name}`
export const fieldKey = (register: string, field: string) => `field:${register}:${field}`

export function drawSection({ name, isOpen, isGeneral, rows }: Section, drawing: Drawing): TemplateResult {
  const key = groupKey(name)
  return html`<section>
    <div class="heading" role="treeitem" aria-level="1" aria-expanded=${isOpen} aria-label=${name} data-key=${key}
      tabindex=${tabindex(key, drawing)} @focus=${() => drawing.choose(key)} @click=${() => drawing.toggle(key)}>
      <vscode-icon name=${isOpen ? 'chevron-down' : 'chevron-right'}></vscode-icon>${name}
      ${isOpen ? nothing : html`<span class="dim">${rows.length} ${rows.length === 1 ? 'register' : 'registers'}</span>`}
    </div>
    ${isOpen ? html`<div class=${isGeneral ? 'general' : 'list'} role="group">${rows.map((row) => drawRow(row, drawing))}</div>` : nothing}
  </section>`
}

function drawRow({ register, isOpen, fields }: Row, drawing: Drawing): TemplateResult {
  const key = registerKey(register.name)
  const hasFields = register.fields.length > 0
  const icon = isOpen ? 'chevron-down' : 'chevron-right'
  return html`<div class="row ${drawing.current === key ? 'current' : ''}" role="treeitem" aria-level="2" data-key=${key}
      aria-expanded=${hasFields ? isOpen : nothing} aria-label=${spoken(register, drawing.format)} title=${hover(register)}
      tabindex=${tabindex(key, drawing)} @focus=${() => drawing.choose(key)} @dblclick=${() => drawing.edit(key)}>
      <span class="name">${
        hasFields
          ? html`<vscode-icon name=${icon} @click=${() => drawing.toggle(key)}></vscode-icon>`
          : html`<span class="twistie"></span>`
      }${register.name.toLowerCase()}</span>
      <span class="number">${register.number ?? nothing}</span>
      ${drawValue(key, register, drawing)}
      <span class="summary">${register.symbol ?? summaryOf(register)}</span>
    </div>
    ${drawing.editor.isAt(key) ? drawing.editor.renderRefusal() : nothing}
    ${fields.map((field) => drawField(register, field, drawing))}`
}

export function drawValue(key: string, register: Register, { editor, format }: Drawing): TemplateResult {
  const text = formatted(register.value, format)
  if (editor.isAt(key)) return html`<span class="value">${editor.render(text)}</span>`
  const isZero = BigInt(register.value) === 0n
  return html`<span class="value ${register.changed ? 'changed' : ''} ${isZero ? 'zero' : ''}">${text}</span>`
}

function drawField(register: Register, field: RegisterField, drawing: Drawing): TemplateResult {
  const key = fieldKey(register.name, field.name)
  const { name, from, to, title } = field
  const text = fieldText(register.name, field)
  const isEdited = drawing.editor.isAt(key)
  return html`<div class="field ${drawing.current === key ? 'current' : ''}" role="treeitem" aria-level="3" data-key=${key}
      aria-label=${`${name}, ${text}, ${title}`} title=${`${register.name}[${name}] ${title}\n${bitText(register, field)}`}
      tabindex=${tabindex(key, drawing)} @focus=${() => drawing.choose(key)} @dblclick=${() => drawing.edit(key)}>
      <span class="name">${name}</span><span class="number">${bitNumbers(from, to)}</span>
      <span class="value ${field.value === 0 ? 'zero' : ''}">${isEdited ? drawing.editor.render(fieldDigits(field)) : text}</span>
      <span class="title">${title}</span>
    </div>
    ${isEdited ? drawing.editor.renderRefusal() : nothing}`
}

const tabindex = (key: string, { current }: Drawing) => (key === current ? 0 : -1)

const bitText = ({ value }: Register, { from, to }: RegisterField) =>
  `bit ${bitNumbers(from, to)} (32-bit numbering ${from === to ? from : `${from}:${to}`})  mask ${maskOf(value, from, to)}`

function hover(register: Register): string {
  const { name, title, number, privilege, writable, symbol } = register
  const spr = number === undefined ? '' : `SPR ${number}, `
  const says = symbol ?? summaryOf(register)
  return [`${name.toUpperCase()}: ${title}`, `${spr}${privilege}${writable ? '' : ', read-only'}`, says]
    .join('\n')
    .trim()
}

const spoken = ({ name, title, value, changed }: Register, format: Format) =>
  `${name}, ${formatted(value, format)}, ${title}${changed ? ', changed' : ''}`
