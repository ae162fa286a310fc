// What opens in the Variables view: a scope with its values, or a value with its parts.
import type { Frame } from '../stack/frame.ts'
import type { NamedValue } from '../values/children.ts'

export type Container =
  | { readonly kind: 'scope'; readonly frame: Frame; readonly values: () => readonly NamedValue[] }
  | { readonly kind: 'value'; readonly frame: Frame; readonly value: NamedValue }
