// Where the parser stands in the tokens, and what it says when they are not what it needs.
import { UserError } from '../userError.ts'
import type { Token } from './lexer.ts'

/** Deeper than people nest, far from the end of the stack. */
const MOST_NESTING = 150

export class Cursor {
  private position = 0
  private nesting = 0
  readonly text: string
  private readonly tokens: readonly Token[]
  /** Is the name a type where the expression is looked at? */
  readonly isType: (name: string) => boolean

  constructor(text: string, tokens: readonly Token[], isType: (name: string) => boolean) {
    this.text = text
    this.tokens = tokens
    this.isType = isType
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)]!
  }

  next(): Token {
    const token = this.peek()
    this.position++
    return token
  }

  /** A punctuator or keyword. */
  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.text === text && (token.kind === 'punctuator' || token.kind === 'name')
  }

  take(text: string): boolean {
    if (!this.is(text)) return false
    this.position++
    return true
  }

  expect(text: string, why: string): void {
    if (!this.take(text)) this.fail(`"${text}" ${why}`)
  }

  takeName(expected: string): string {
    const token = this.peek()
    if (token.kind !== 'name') return this.fail(expected)
    this.position++
    return token.name
  }

  fail(expected: string): never {
    const { kind, text, at } = this.peek()
    const found = kind === 'end' ? 'the expression ends there' : `"${text}" stands there`
    throw new UserError(`Expected ${expected} at character ${at + 1}, but ${found}.`)
  }

  /** The text from a token to the last one taken. */
  sourceFrom(start: number): string {
    return this.text.slice(start, this.tokens[Math.max(0, this.position - 1)]!.end)
  }

  nested<T>(parse: () => T): T {
    if (++this.nesting > MOST_NESTING) throw new UserError('The expression is nested too deeply.')
    const result = parse()
    this.nesting--
    return result
  }
}
