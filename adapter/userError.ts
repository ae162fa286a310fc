/** A user's mistake. The message names the thing and the way out, and is shown as it stands. */
export class UserError extends Error {
  override readonly name = 'UserError'
}
