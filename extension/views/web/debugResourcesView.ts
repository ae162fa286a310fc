// The Debug Resources view: what the guest reads, what the host asked for and what the hardware holds, side by side.
import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import '@vscode-elements/elements/dist/vscode-icon/index.js'
import '@vscode-elements/elements/dist/vscode-radio/index.js'
import '@vscode-elements/elements/dist/vscode-radio-group/index.js'
import { html, LitElement, nothing } from 'lit'

import { type DebugResources, OWNERSHIPS, type Ownership, type Register } from '../answers.ts'
import type { Situation, Snapshot, SnapshotMessage, ToView, ViewCommand } from '../messages.ts'
import { type DebugRow, debugRows } from '../model/debugRows.ts'
import { expressionOf } from '../model/number.ts'
import { mergedWith, registerNamed } from '../model/registers.ts'
import { factsOf, ownershipSentence, slotRows, slotsInUse } from '../model/slots.ts'
import { connect } from './connection.ts'
import type { DebugEventList } from './debugEvents.ts'
import './debugEvents.ts'
import { drawDebugRow, type TableDrawing } from './debugTable.ts'
import { focusRow, isTyping, rowAfter, rowsIn, taken } from './rows.ts'
import { emptyState, follow, situationNote, stopLine } from './situation.ts'
import { debugResourcesStyle, sharedStyle } from './style.ts'
import { ValueEditor } from './valueEditor.ts'

interface Memory {
  readonly setFieldsOnly: boolean
  readonly closed: readonly string[]
}

/** Pixels. */
const LOW = 320

const OWNERSHIP_NAMES: Readonly<Record<Ownership, string>> = { guest: 'Guest', host: 'Host', shared: 'Shared' }

class DebugResourcesView extends LitElement {
  static override styles = [sharedStyle, debugResourcesStyle]
  private situation: Situation = { kind: 'none' }
  private snapshot: Snapshot | undefined
  private setFieldsOnly = true
  /** Registers whose fields are not shown. Undefined until there is a size to decide by. */
  private closed: ReadonlySet<string> | undefined
  private current = 'DBCR0'
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
      this.setFieldsOnly = memory.setFieldsOnly
      this.closed = new Set(memory.closed)
    }
    this.addEventListener('copy', this.copy)
  }

  protected override render() {
    const { snapshot, situation } = this
    const run = (command: ViewCommand) => this.connection.postMessage({ type: 'command', command })
    if (!snapshot) return emptyState(situation, run)
    const { debugResources } = snapshot
    return html`${situationNote(situation, run)}
      <div class="view ${situation.kind === 'running' ? 'stale' : ''}">
        <div class="top">${this.toolbar()}${this.ownership(debugResources)}${this.facts(snapshot)}</div>
        <div class="table">${this.table(debugResources)}${legend}</div>
        <div class="slots">${this.slots(snapshot)}</div>
        <e500-debug-events @reveal-address=${this.revealAddress}></e500-debug-events>
      </div>`
  }

  private toolbar() {
    return html`<div class="bar">${stopLine(this.situation)}<span class="grow"></span>
      <vscode-checkbox label="Set fields only" ?checked=${this.setFieldsOnly}
        @change=${(event: Event) => this.turn(() => (this.setFieldsOnly = (event.target as HTMLInputElement).checked))}></vscode-checkbox>
    </div>`
  }

  private ownership(resources: DebugResources) {
    return html`<vscode-radio-group aria-label="Who owns the debug facility" @change=${this.changeOwnership}>
        ${OWNERSHIPS.map(
          (ownership) => html`<vscode-radio name="ownership" value=${ownership} label=${OWNERSHIP_NAMES[ownership]}
            title=${ownershipSentence(ownership, resources)} .checked=${ownership === resources.ownership}></vscode-radio>`,
        )}
      </vscode-radio-group>
      <div class="sentence">${ownershipSentence(resources.ownership, resources)}</div>`
  }

  private facts({ debugResources, registers }: Snapshot) {
    return html`<div class="facts">${factsOf(debugResources, registers).map(({ label, value }) => html`<span>${label} <b>${value}</b></span>`)}</div>`
  }

  private table(resources: DebugResources) {
    const drawing: TableDrawing = {
      current: this.current,
      editor: this.editor,
      isOpen: (name) => !this.isClosed(name),
      titleOf: (key) => this.titleOf(key),
      choose: (key) => this.turn(() => (this.current = key)),
      toggle: (name) => this.toggle(name),
      edit: (row) => this.edit(row),
    }
    return html`<div class="tri" role="treegrid" aria-label="Debug registers" @keydown=${this.keydown}>
      <div class="hd" role="row"><span></span><span role="columnheader">Register</span>
        <span role="columnheader">Guest <small>its own</small></span><span role="columnheader">Host <small>asked for</small></span>
        <span role="columnheader" class="hw">Hardware <small>holds</small></span></div>
      ${debugRows(resources, this.setFieldsOnly).map((row) => drawDebugRow(row, drawing))}
    </div>`
  }

  private slots({ debugResources, breakpoints }: Snapshot) {
    const rows = slotRows(debugResources, breakpoints)
    return html`<h2>Slots <span class="dim">${slotsInUse(debugResources)}</span></h2>
      ${rows.map(
        ({ name, owner, address, breakpoint, text }) => html`<div class="slot" title=${text}>
          <span class="n">${name}</span>${owner ? html`<span class="own ${owner}" title=${owner}>${owner === 'host' ? 'H' : 'G'}</span>` : html`<span class="own nobody" title="nobody">–</span>`}
          <span class="what">${address ? html`<code>${address}</code> ` : nothing}${
            breakpoint
              ? html`<span class=${breakpoint.verified ? 'bp' : 'bp hollow'}></span><a href="#" @click=${follow(() => this.connection.postMessage({ type: 'reveal', breakpointId: breakpoint.id }))}>${breakpoint.label}</a> `
              : nothing
          }<span class=${name === 'none' ? 'refused' : 'dim'}>${breakpoint?.verified ? '' : text}</span></span>
        </div>`,
      )}`
  }

  private readonly keydown = (event: KeyboardEvent) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return
    const next = rowAfter(this.renderRoot, this.current, event.key)
    const register = this.current.split('[')[0]!
    const isRegister = register === this.current
    if (next !== undefined) focusRow(this.renderRoot, next)
    else if (event.key === 'ArrowRight' && isRegister && this.isClosed(register)) this.toggle(register)
    else if (event.key === 'ArrowLeft' && isRegister && !this.isClosed(register)) this.toggle(register)
    else if (event.key === 'ArrowLeft') focusRow(this.renderRoot, register)
    else if (event.key === 'F2' || event.key === 'Enter') this.edit(this.rowNamed(this.current))
    else return
    taken(event)
  }

  private rowNamed(key: string): DebugRow | undefined {
    return this.snapshot && debugRows(this.snapshot.debugResources, this.setFieldsOnly).find((row) => row.key === key)
  }

  /** The guest's value: what the host asks for follows from its breakpoints, and the hardware's from both. */
  private edit(row: DebugRow | undefined): void {
    if (!row || row.key === 'MSR[DE]') return
    const toValue = (typed: string) => ({ value: expressionOf(typed, 'hex') })
    this.editor.begin({ key: row.key, register: row.name, text: row.guest.text, toValue })
  }

  private titleOf(key: string): string {
    const [register, field] = key.replace(']', '').split('[')
    const found = this.snapshot && registerNamed(this.snapshot.registers, register!)
    if (!field) return found ? `${found.title}${found.number === undefined ? '' : `, SPR ${found.number}`}` : ''
    const bits = found?.fields.find(({ name }) => name === field)
    return bits
      ? `${bits.title}, bit ${bits.from === bits.to ? bits.from + 32 : `${bits.from + 32}:${bits.to + 32}`}`
      : ''
  }

  private readonly changeOwnership = (event: Event) => {
    const ownership = (event.target as HTMLInputElement).value as Ownership
    if (ownership !== this.snapshot?.debugResources.ownership)
      this.connection.postMessage({ type: 'setOwnership', ownership })
  }

  private receive(message: ToView): void {
    if (message.type === 'wasSet') this.editor.wasSet(message.register, message.refusal)
    else this.show(message)
  }

  private show(message: Exclude<ToView, { type: 'wasSet' }>): void {
    this.situation = message.situation
    if (message.type === 'snapshot') this.take(message)
    // A low panel shows at a glance which registers differ; their fields are one key away.
    if (this.snapshot)
      this.closed ??= new Set(window.innerHeight < LOW ? Object.keys(this.snapshot.debugResources.hardware) : [])
    if (message.situation.kind === 'none') this.snapshot = undefined
    this.requestUpdate()
  }

  private take({ snapshot, isWhole }: SnapshotMessage): void {
    const { registers } = snapshot
    this.snapshot = {
      ...snapshot,
      registers: isWhole || !this.snapshot ? registers : mergedWith(this.snapshot.registers, registers),
    }
    if (!isWhole) return
    // Only EDM as the guest reads it, and what the registers are called.
    const isOfUse = (register: Register) => register.name === 'DBCR0' || register.name === 'MSR'
    const groups = registers.groups.filter((group) => group.registers.some(isOfUse)).map(({ name }) => name)
    this.connection.postMessage({ type: 'draws', groups })
  }

  protected override updated(): void {
    const list = this.renderRoot.querySelector<DebugEventList>('e500-debug-events')
    list?.show(this.snapshot?.debugEvents)
  }

  private readonly revealAddress = ({ detail }: CustomEvent<string>) =>
    this.connection.postMessage({ type: 'revealAddress', address: detail })

  private isClosed = (name: string) => this.closed?.has(name) ?? false

  private toggle(name: string): void {
    const rest = [...(this.closed ?? [])].filter((each) => each !== name)
    this.turn(() => (this.closed = new Set(this.isClosed(name) ? rest : [...rest, name])))
  }

  private turn(change: () => void): void {
    change()
    this.requestUpdate()
    this.connection.setState({ setFieldsOnly: this.setFieldsOnly, closed: [...(this.closed ?? [])] })
  }

  private readonly copy = (event: ClipboardEvent) => {
    const row = rowsIn(this.renderRoot).find(({ dataset }) => dataset.key === this.current)
    event.clipboardData?.setData('text/plain', row?.ariaLabel ?? '')
    event.preventDefault()
  }
}

const legend = html`<div class="legend">
  <span><span class="own guest">G</span> asked for by the guest</span><span><span class="own host">H</span> by the host, your debugger</span>
  <span><span class="ne">≠</span> the guest reads something else</span><span>— not asked</span></div>`

customElements.define('e500-debug-resources', DebugResourcesView)
