/** A user's mistake. The message names the thing and the way out, and is shown as it stands. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** `a, b or c`: what a mistake's sentence offers. */
export const either = (words: readonly string[]) =>
  [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ')

export const quoted = (value: unknown) => JSON.stringify(value)
