// A value being edited in its place. Enter sends it, Esc leaves it; what is refused stays, with the sentence that says why.
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'

import { taken } from './rows.ts'

interface Edit {
  /** Of the row. */
  readonly key: string
  readonly register: string
  readonly text: string
  readonly toValue: (typed: string) => string
  readonly refusal?: string
}

export class ValueEditor implements ReactiveController {
  private edit: Edit | undefined
  private readonly input = createRef<HTMLInputElement>()

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly set: (register: string, value: string) => void,
    private readonly left: (key: string) => void,
  ) {
    host.addController(this)
  }

  hostUpdated(): void {}

  isAt = (key: string) => this.edit?.key === key

  begin(edit: Edit): void {
    this.edit = edit
    this.host.requestUpdate()
    this.host.updateComplete.then(() => {
      this.input.value?.focus()
      this.input.value?.select()
    })
  }

  /** The adapter's answer. */
  wasSet(register: string, refusal?: string): void {
    if (this.edit?.register !== register) return
    if (refusal === undefined) return this.leave()
    this.edit = { ...this.edit, refusal }
    this.host.requestUpdate()
  }

  /** `now` is the value as it would be shown; it may have changed under the edit. */
  render(now: string): TemplateResult | typeof nothing {
    const { edit } = this
    if (!edit) return nothing
    const hint = now === edit.text ? nothing : html`<span class="now">≠ now ${now}</span>`
    return html`<input ${ref(this.input)} class=${edit.refusal ? 'edit refused' : 'edit'} .defaultValue=${edit.text}
        aria-label=${`New value of ${edit.register}`} aria-invalid=${edit.refusal ? 'true' : 'false'}
        @keydown=${this.keydown} @click=${(event: Event) => event.stopPropagation()}>${hint}`
  }

  renderRefusal(): TemplateResult | typeof nothing {
    const refusal = this.edit?.refusal
    return refusal
      ? html`<div class="refusal" role="alert"><vscode-icon name="error"></vscode-icon> ${refusal}</div>`
      : nothing
  }

  private readonly keydown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return
    taken(event)
    if (event.key === 'Escape') return this.leave()
    if (this.edit && this.input.value) this.set(this.edit.register, this.edit.toValue(this.input.value.value))
  }

  private leave(): void {
    const key = this.edit!.key
    this.edit = undefined
    this.host.requestUpdate()
    this.host.updateComplete.then(() => this.left(key))
  }
}
