// What the parser builds: expressions and type names as trees. Names are not looked up here.
import type { CType } from '../symbols/model.ts'
import type { Display } from '../values/formatNumber.ts'
import type { Scalar } from '../values/value.ts'
import type { Token } from './lexer.ts'

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^'
export type Comparison = '==' | '!=' | '<' | '>' | '<=' | '>='
export type BinaryOperator = ArithmeticOperator | Comparison | '&&' | '||' | ',' | '@'

/** source: the part of the text that it stands for. */
export type Node = { readonly source: string } & (
  | { readonly kind: 'number'; readonly scalar: Scalar; readonly type: CType }
  | { readonly kind: 'string'; readonly bytes: readonly number[] }
  | { readonly kind: 'name'; readonly name: string; readonly scope: string | undefined }
  | { readonly kind: 'register'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '!' | '~' | '*' | '&'; readonly operand: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  /** operator: that of `+=`, undefined for `=`. */
  | {
      readonly kind: 'assign'
      readonly operator: ArithmeticOperator | undefined
      readonly left: Node
      readonly right: Node
    }
  | { readonly kind: 'step'; readonly operator: '+' | '-'; readonly isPrefix: boolean; readonly operand: Node }
  | { readonly kind: 'conditional'; readonly condition: Node; readonly then: Node; readonly otherwise: Node }
  | { readonly kind: 'member'; readonly operand: Node; readonly name: string }
  | { readonly kind: 'index'; readonly operand: Node; readonly index: Node }
  /** array[first..last] */
  | { readonly kind: 'range'; readonly operand: Node; readonly first: Node; readonly last: Node }
  | { readonly kind: 'call' }
  | { readonly kind: 'cast'; readonly type: TypeNode; readonly operand: Node }
  /** {type}address */
  | { readonly kind: 'at'; readonly type: TypeNode; readonly address: Node }
  | { readonly kind: 'sizeof'; readonly operand: Node }
  | { readonly kind: 'typeSize'; readonly what: 'sizeof' | '_Alignof'; readonly type: TypeNode }
)

export type TypeNode =
  /** `int`, `struct page`, `u32`. */
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'pointer'; readonly target: TypeNode }
  | { readonly kind: 'array'; readonly element: TypeNode; readonly count: number | undefined }
  | { readonly kind: 'function'; readonly returns: TypeNode; readonly parameters: readonly TypeNode[] }

/** A text that is an expression, whatever its names turn out to mean. */
export interface Expression {
  readonly text: string
  readonly tokens: readonly Token[]
  /** How the person asked to see the result: `/x e` or `e,x`. */
  readonly display: Display | undefined
}
