// What stands in a view, or above it, when there is no stop to show: a sentence and the way on.
import { html, nothing, type TemplateResult } from 'lit'

import type { Situation, ViewCommand } from '../messages.ts'

type Run = (command: ViewCommand) => void

/** In place of the view's content. */
export function emptyState(situation: Situation, run: Run): TemplateResult {
  if (situation.kind !== 'none') return html`<div class="note">${sentence(situation, run)}</div>`
  return html`<div class="empty">
    <p>No e500 machine is running.</p>
    <vscode-button @click=${() => run('start')}>Run and Debug</vscode-button>
    <p>To try it without a kernel of your own, <a href="#" @click=${follow(() => run('openSample'))}>open the sample guest</a>.</p>
  </div>`
}

/** Above content that is not of now. */
export function situationNote(situation: Situation, run: Run): TemplateResult | typeof nothing {
  const isShown = situation.kind === 'failed'
  return isShown ? html`<div class="note" role="alert">${sentence(situation, run)}</div>` : nothing
}

function sentence(situation: Situation, run: Run) {
  switch (situation.kind) {
    case 'failed':
      return html`<vscode-icon name="warning"></vscode-icon> ${situation.sentence}
        <a href="#" @click=${follow(() => run('retry'))}>Try again</a>`
    case 'running':
      return html`<vscode-icon name="debug-continue"></vscode-icon> Running. The values come with the next stop.`
    case 'stopped':
      return html`<vscode-icon name="sync"></vscode-icon> Stopped; asking for the values.`
    case 'none':
      return nothing
  }
}

/** The line that says where the values come from; a screen reader hears it once a stop. */
export function stopLine(situation: Situation): TemplateResult {
  const [icon, text] =
    situation.kind === 'stopped'
      ? ['debug-pause', `${situation.cpu}: ${situation.reason}`]
      : ['debug-continue', 'running; values of the last stop']
  return html`<span class="stop" role="status"><vscode-icon name=${icon}></vscode-icon> ${text}</span>`
}

/** A link that is no address: the webview stays where it is. */
export const follow = (then: () => void) => (event: Event) => {
  event.preventDefault()
  then()
}
