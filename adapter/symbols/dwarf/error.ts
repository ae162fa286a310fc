/** Debug information that cannot be read: torn, hostile, or of a kind that this reader does not know. Never the user's guest, never our bug. */
export class DwarfError extends Error {
  override readonly name = 'DwarfError'
}
