// The Registers view: the MSR's bits, then every register by group, each opening into its named fields.
import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import '@vscode-elements/elements/dist/vscode-icon/index.js'
import '@vscode-elements/elements/dist/vscode-option/index.js'
import '@vscode-elements/elements/dist/vscode-single-select/index.js'
import '@vscode-elements/elements/dist/vscode-textfield/index.js'
import { html, LitElement, nothing } from 'lit'

import type { Register, RegisterField } from '../answers.ts'
import type { Situation, Snapshot, SnapshotMessage, ToView, ViewCommand } from '../messages.ts'
import { differences, expressionOf, FORMATS, type Format, formatted, withBits } from '../model/number.ts'
import {
  type Choice,
  columnsOf,
  fieldComplaint,
  fieldDigits,
  fieldValue,
  groupsDrawn,
  groupsToShow,
  mergedWith,
  registerNamed,
  sectionsOf,
} from '../model/registers.ts'
import { connect } from './connection.ts'
import type { MsrBits, MsrFlipped } from './msrBits.ts'
import './msrBits.ts'
import { type Drawing, drawSection, drawValue, registerKey } from './registerRows.ts'
import { focusRow, isTyping, rowAfter, rowsIn, taken } from './rows.ts'
import { emptyState, situationNote, stopLine } from './situation.ts'
import { registersStyle, sharedStyle } from './style.ts'
import { ValueEditor } from './valueEditor.ts'

interface Memory {
  readonly search: string
  readonly changedOnly: boolean
  readonly format: Format
  readonly openRegisters: readonly string[]
  readonly turnedGroups: readonly string[]
  readonly scroll: number
}

const TITLES: Readonly<Record<Format, string>> = {
  hex: 'Hex',
  decimal: 'Decimal',
  signed: 'Signed',
  binary: 'Binary',
  characters: 'Characters',
}

class RegistersView extends LitElement {
  static override styles = [sharedStyle, registersStyle]
  private situation: Situation = { kind: 'none' }
  private snapshot: Snapshot | undefined
  private choice: Choice = { search: '', changedOnly: false, openRegisters: new Set(), turnedGroups: new Set() }
  private format: Format = 'hex'
  private current = ''
  private columns = 1
  /** Where the view was before it was hidden. */
  private scrollWanted = 0
  /** Which bits of the MSR changed: its value when the stop before this one ended. */
  private msrBefore: string | undefined
  private stop = 0
  private groupsTold: string | undefined
  private readonly connection = connect<Memory>((message) => this.receive(message))
  private readonly editor = new ValueEditor(
    this,
    (register, value) => this.connection.postMessage({ type: 'set', register, value }),
    (key) => focusRow(this.renderRoot, key),
  )

  override connectedCallback(): void {
    super.connectedCallback()
    const memory = this.connection.getState()
    if (memory) {
      const { openRegisters, turnedGroups, ...rest } = memory
      this.choice = { ...rest, openRegisters: new Set(openRegisters), turnedGroups: new Set(turnedGroups) }
      this.format = memory.format
      this.scrollWanted = memory.scroll
    }
    new ResizeObserver(([entry]) => this.fit(entry!.contentRect.width)).observe(this)
    this.addEventListener('copy', this.copy)
  }

  protected override render() {
    const { snapshot, situation } = this
    const run = (command: ViewCommand) => this.connection.postMessage({ type: 'command', command })
    if (!snapshot) return emptyState(situation, run)
    return html`${this.toolbar()}${situationNote(situation, run)}
      <div class="scroll ${situation.kind === 'running' ? 'stale' : ''}" @scrollend=${this.remember}>
        ${this.msrPart(snapshot)}${this.groups(snapshot)}
      </div>`
  }

  private toolbar() {
    const { search, changedOnly } = this.choice
    return html`<div class="bar">
      <vscode-textfield class="search" placeholder="Name, number or field: mas, 340, DIE" label="Search registers" .value=${search}
        @input=${(event: Event) => this.choose({ search: (event.target as HTMLInputElement).value.trim() })}>
        <vscode-icon slot="content-before" name="search"></vscode-icon>
      </vscode-textfield>
      <vscode-single-select class="format" label="Format" .value=${this.format} @change=${this.changeFormat}>
        ${FORMATS.map((format) => html`<vscode-option value=${format} ?selected=${format === this.format}>${TITLES[format]}</vscode-option>`)}
      </vscode-single-select>
      <vscode-checkbox label="Changed" ?checked=${changedOnly}
        @change=${(event: Event) => this.choose({ changedOnly: (event.target as HTMLInputElement).checked })}></vscode-checkbox>
      <span class="wide">${stopLine(this.situation)}</span>
    </div>`
  }

  private msrPart({ registers, debugResources }: Snapshot) {
    const msr = registerNamed(registers, 'MSR')
    if (!msr || this.choice.search !== '' || this.choice.changedOnly) return nothing
    const hardware = debugResources.hardware.MSR?.value
    const key = registerKey(msr.name)
    return html`<div class="msr">
      <div class="line"><b>MSR</b> <span class="dim wide">${msr.title}</span>
        <span><span class="dim">guest</span> <span class="msrvalue" tabindex="0" role="button" aria-label=${`MSR ${msr.value}, F2 edits`}
          @keydown=${this.msrKey} @dblclick=${() => this.edit(key)}>${drawValue(key, msr, this.drawing())}</span></span>
        ${hardware && hardware !== msr.value ? html`<span><span class="dim">hardware</span> <code>${this.marked(formatted(hardware, 'hex'), formatted(msr.value, 'hex'))}</code></span>` : nothing}
      </div>
      ${this.editor.isAt(key) ? this.editor.renderRefusal() : nothing}
      <e500-msr @msr-flipped=${this.flipped}></e500-msr>
    </div>`
  }

  private groups({ registers }: Snapshot) {
    const sections = sectionsOf(registers, this.choice)
    if (sections.length === 0)
      return html`<div class="note">No register matches${this.choice.search ? ` “${this.choice.search}”` : ''}.
        <vscode-button secondary @click=${() => this.choose({ search: '', changedOnly: false })}>Clear</vscode-button></div>`
    const listed = groupsToShow(registers).filter(({ name }) =>
      sections.some((section) => section.name === name && !section.isGeneral),
    )
    const drawing = this.drawing(sections[0]!.name)
    const draw = (names: readonly string[]) =>
      sections.filter(({ name }) => names.includes(name)).map((section) => drawSection(section, drawing))
    return html`<div role="tree" aria-label="Registers" class=${this.format} @keydown=${this.keydown}>
      ${draw(sections.filter(({ isGeneral }) => isGeneral).map(({ name }) => name))}
      <div class="columns" role="none">${columnsOf(listed, this.columns).map((names) => html`<div role="none">${draw(names)}</div>`)}</div>
    </div>`
  }

  private drawing(first = ''): Drawing {
    return {
      format: this.format,
      current: this.current || `group:${first}`,
      editor: this.editor,
      choose: (key) => this.turn(() => (this.current = key)),
      toggle: (key) => this.toggle(key),
      edit: (key) => this.edit(key),
    }
  }

  private readonly keydown = (event: KeyboardEvent) => {
    if (isTyping(event)) return
    if (event.ctrlKey || event.metaKey || event.altKey) return this.shortcut(event)
    const next = rowAfter(this.renderRoot, this.current, event.key)
    const row = rowsIn(this.renderRoot).find(({ dataset }) => dataset.key === this.current)
    const expanded = row?.getAttribute('aria-expanded')
    if (next !== undefined) focusRow(this.renderRoot, next)
    else if (event.key === 'ArrowRight' && expanded === 'false') this.toggle(this.current)
    else if (event.key === 'ArrowLeft') this.close(expanded)
    else if (event.key === 'F2' || event.key === 'Enter')
      this.current.startsWith('group:') ? this.toggle(this.current) : this.edit(this.current)
    else if (event.key === ' ' && this.current.startsWith('field:')) this.flipField()
    else return
    taken(event)
  }

  private shortcut(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'f') return
    taken(event)
    this.renderRoot.querySelector<HTMLElement>('.search')?.focus()
  }

  private readonly msrKey = (event: KeyboardEvent) => {
    if (isTyping(event) || (event.key !== 'F2' && event.key !== 'Enter')) return
    taken(event)
    this.edit(registerKey('MSR'))
  }

  /** Left closes an open row, and goes from a field to its register. */
  private close(expanded: string | null | undefined): void {
    const [kind, register] = this.current.split(':')
    if (expanded === 'true') this.toggle(this.current)
    else if (kind === 'field') focusRow(this.renderRoot, registerKey(register!))
  }

  private toggle(key: string): void {
    const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
    const turned = (set: ReadonlySet<string>) =>
      new Set(set.has(name) ? [...set].filter((each) => each !== name) : [...set, name])
    if (kind === 'group') this.choose({ turnedGroups: turned(this.choice.turnedGroups) })
    else this.choose({ openRegisters: turned(this.choice.openRegisters) })
  }

  private edit(key: string): void {
    const [kind, name, fieldName] = key.split(':')
    const register = this.registerNamed(name!)
    if (!register) return
    const field = register.fields.find((each) => kind === 'field' && each.name === fieldName)
    const text = field ? fieldDigits(field) : formatted(register.value, this.format)
    const toValue = (typed: string) =>
      field ? this.withField(register.name, field, typed) : { value: expressionOf(typed, this.format) }
    this.editor.begin({ key, register: register.name, text, toValue })
  }

  /** The register as it is when the edit ends, with the field as it was typed. */
  private withField(name: string, field: RegisterField, typed: string) {
    const bits = fieldValue(typed, field)
    if (bits === undefined) return { refusal: fieldComplaint(field) }
    return { value: withBits(this.registerNamed(name)!.value, field.from, field.to, bits) }
  }

  private flipField(): void {
    const [, name, fieldName] = this.current.split(':')
    const register = this.registerNamed(name!)
    const field = register?.fields.find((each) => each.name === fieldName)
    if (!register || !field || field.from !== field.to) return
    const value = withBits(register.value, field.from, field.to, 1 - field.value)
    this.connection.postMessage({ type: 'set', register: register.name, value })
  }

  private readonly flipped = ({ detail }: CustomEvent<MsrFlipped>) =>
    this.connection.postMessage({ type: 'set', ...detail })

  private registerNamed(name: string): Register | undefined {
    return this.snapshot && registerNamed(this.snapshot.registers, name.toUpperCase())
  }

  private marked(text: string, other: string) {
    const differs = differences(text, other)
    return [...text].map((digit, index) => (differs[index] ? html`<i>${digit}</i>` : digit))
  }

  private receive(message: ToView): void {
    if (message.type === 'wasSet') this.editor.wasSet(message.register, message.refusal)
    else this.show(message)
  }

  private show(message: Exclude<ToView, { type: 'wasSet' }>): void {
    this.situation = message.situation
    if (message.type === 'snapshot') this.take(message)
    if (message.situation.kind === 'none') this.snapshot = undefined
    this.requestUpdate()
  }

  private take({ snapshot, isWhole }: SnapshotMessage): void {
    if (this.situation.kind === 'stopped' && this.situation.stop !== this.stop) {
      this.stop = this.situation.stop
      this.msrBefore = this.registerNamed('MSR')?.value
    }
    if (isWhole) this.groupsTold = undefined
    const { registers } = snapshot
    this.snapshot = {
      ...snapshot,
      registers: isWhole || !this.snapshot ? registers : mergedWith(this.snapshot.registers, registers),
    }
  }

  private tellGroups(): void {
    const groups = this.snapshot && groupsDrawn(this.snapshot.registers, this.choice)
    const told = JSON.stringify(groups ?? null)
    if (!this.snapshot || told === this.groupsTold) return
    this.groupsTold = told
    this.connection.postMessage({ type: 'draws', groups })
  }

  protected override updated(): void {
    this.tellGroups()
    const msr = this.registerNamed('MSR')
    const bits = this.renderRoot.querySelector<MsrBits>('e500-msr')
    if (msr && bits) bits.show(msr, this.snapshot?.debugResources.hardware.MSR?.value, this.msrBefore)
    const scroll = this.renderRoot.querySelector('.scroll')
    if (!scroll || this.scrollWanted === 0) return
    scroll.scrollTop = this.scrollWanted
    this.scrollWanted = 0
  }

  private fit(width: number): void {
    const columns = width < 620 ? 1 : width < 1000 ? 2 : 3
    if (columns !== this.columns) this.turn(() => (this.columns = columns))
  }

  private readonly changeFormat = (event: Event) => {
    this.turn(() => (this.format = (event.target as HTMLInputElement).value as Format))
  }

  private choose(choice: Partial<Choice>): void {
    this.turn(() => (this.choice = { ...this.choice, ...choice }))
  }

  private turn(change: () => void): void {
    change()
    this.requestUpdate()
    this.remember()
  }

  private readonly remember = () => {
    const { search, changedOnly, openRegisters, turnedGroups } = this.choice
    const scroll = this.renderRoot.querySelector('.scroll')?.scrollTop ?? 0
    const sets = { openRegisters: [...openRegisters], turnedGroups: [...turnedGroups] }
    this.connection.setState({ search, changedOnly, format: this.format, ...sets, scroll })
  }

  /** The value of a register or field; the whole group as text. */
  private readonly copy = (event: ClipboardEvent) => {
    const row = rowsIn(this.renderRoot).find(({ dataset }) => dataset.key === this.current)
    if (!row || !event.clipboardData) return
    event.clipboardData.setData('text/plain', row.querySelector('.value')?.textContent?.trim() ?? row.ariaLabel ?? '')
    event.preventDefault()
  }
}

customElements.define('e500-registers', RegistersView)
