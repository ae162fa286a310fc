// A value being edited in its place. Enter sends it, Esc leaves it; what is refused stays, with the sentence that says why.
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { createRef, ref } from 'lit/directives/ref.js'

import { taken } from './rows.ts'

interface Edit {
  /** Of the row. */
  readonly key: string
  readonly register: string
  readonly text: string
  /** As an expression, or why it cannot be. */
  readonly toValue: (typed: string) => { readonly value: string } | { readonly refusal: string }
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
    if (refusal === undefined) this.leave()
    else this.edit = { ...this.edit, refusal }
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
    if (event.key === 'Escape') this.leave()
    else this.send()
  }

  private send(): void {
    if (!this.edit || !this.input.value) return
    const { register, toValue } = this.edit
    const meant = toValue(this.input.value.value)
    if ('value' in meant) this.set(register, meant.value)
    else this.wasSet(register, meant.refusal)
  }

  private leave(): void {
    const key = this.edit!.key
    this.edit = undefined
    this.host.requestUpdate()
    this.host.updateComplete.then(() => this.left(key))
  }
}
