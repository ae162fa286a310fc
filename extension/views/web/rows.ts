// One tab stop for a list of rows: arrows, Home, End and pages move among them. Rows are the elements with a data-key.

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: -Infinity,
  End: Infinity,
}

export const rowsIn = (root: ParentNode) => [...root.querySelectorAll<HTMLElement>('[data-key]')]

/** The key of the row to go to, or undefined when the key is not for moving. */
export function rowAfter(root: ParentNode, current: string, key: string, steps = STEPS): string | undefined {
  const step = steps[key]
  if (step === undefined) return undefined
  const keys = rowsIn(root).map(({ dataset }) => dataset.key!)
  const index = Math.max(0, keys.indexOf(current)) + step
  return keys[Math.min(Math.max(index, 0), keys.length - 1)]
}

export function focusRow(root: ParentNode, key: string): void {
  rowsIn(root)
    .find(({ dataset }) => dataset.key === key)
    ?.focus()
}

/** The key is used up: VS Code would take it for the workbench as well. */
export function taken(event: Event): void {
  event.preventDefault()
  event.stopPropagation()
}

/** Keys typed into an input are the input's. */
export const isTyping = (event: Event) => event.composedPath()[0] instanceof HTMLInputElement
