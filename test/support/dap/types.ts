// debugProtocol.d.ts as data: a parser of the regular subset of TypeScript that this generated file is written in.
// Whatever it does not know is an error, so that a new version of the package cannot slip through unchecked.

export type Type =
  | { readonly kind: 'any' | 'string' | 'number' | 'boolean' | 'null' }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'array'; readonly of: Type }
  | { readonly kind: 'union'; readonly of: readonly Type[] }
  | ObjectType

export interface ObjectType {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, Member>
  /** The type of the members that are not named; undefined: there are none. */
  readonly index: Type | undefined
}

interface Member {
  readonly type: Type
  readonly isOptional: boolean
}

export interface Interface {
  readonly name: string
  readonly bases: readonly string[]
  readonly own: ObjectType
  /** The command or event that the file names in a comment: `// command: 'cancel';` */
  readonly wireName: string | undefined
}

export interface Declarations {
  readonly interfaces: ReadonlyMap<string, Interface>
  readonly aliases: ReadonlyMap<string, Type>
}

export function parseDeclarations(source: string): Declarations {
  const parser = new Parser(tokensOf(source))
  const interfaces = new Map<string, Interface>()
  const aliases = new Map<string, Type>()
  for (const word of ['export', 'declare', 'module', 'DebugProtocol', '{']) parser.expect(word)
  while (!parser.accept('}')) {
    if (parser.accept('type')) {
      const name = parser.next()
      parser.expect('=')
      aliases.set(name, parser.type())
      parser.expect(';')
    } else {
      const declared = parser.interface()
      interfaces.set(declared.name, declared)
    }
  }
  return { interfaces, aliases }
}

/** Words, strings, punctuation, and the comments that carry a command's or event's name. */
function tokensOf(source: string): string[] {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, ' ')
  const pattern = /\/\/ (?:command|event): '\w+';|\/\/.*|'[^']*'|\w+|[{}[\]();:?|,=]|\S/g
  return [...text.matchAll(pattern)]
    .map(([token]) => token)
    .filter((token) => !/^\/\/(?! (command|event): )/.test(token))
}

class Parser {
  private at = 0

  constructor(private readonly tokens: readonly string[]) {}

  next(): string {
    const token = this.tokens[this.at++]
    if (token === undefined) throw new Error('debugProtocol.d.ts ends too early')
    return token
  }

  accept(token: string): boolean {
    if (this.tokens[this.at] !== token) return false
    this.at++
    return true
  }

  expect(token: string): void {
    if (!this.accept(token)) throw new Error(`debugProtocol.d.ts: ${token} expected at ${this.context()}`)
  }

  interface(): Interface {
    this.expect('interface')
    const name = this.next()
    const bases: string[] = []
    if (this.accept('extends'))
      do bases.push(this.next())
      while (this.accept(','))
    this.expect('{')
    const comment = /^\/\/ \w+: '(\w+)';$/.exec(this.tokens[this.at]!)
    if (comment) this.at++
    return { name, bases, own: this.members(), wireName: comment?.[1] }
  }

  type(): Type {
    const of = [this.postfix()]
    while (this.accept('|')) of.push(this.postfix())
    return of.length === 1 ? of[0]! : { kind: 'union', of }
  }

  private postfix(): Type {
    let type = this.primary()
    while (this.accept('[')) {
      this.expect(']')
      type = { kind: 'array', of: type }
    }
    return type
  }

  private primary(): Type {
    const token = this.next()
    if (token === '{') return this.members()
    if (token === '(') {
      const type = this.type()
      this.expect(')')
      return type
    }
    if (token.startsWith("'")) return { kind: 'literal', text: token.slice(1, -1) }
    if (token === 'any' || token === 'string' || token === 'number' || token === 'boolean' || token === 'null') {
      return { kind: token }
    }
    if (!/^[A-Z]\w*$/.test(token))
      throw new Error(`debugProtocol.d.ts: no type begins with ${token} at ${this.context()}`)
    return { kind: 'ref', name: token }
  }

  /** The rest of an object type after its brace. */
  private members(): ObjectType {
    const members = new Map<string, Member>()
    let index: Type | undefined
    while (!this.accept('}')) {
      if (this.accept('[')) {
        for (const token of ['key', ':', 'string', ']', ':']) this.expect(token)
        index = this.type()
      } else {
        const name = this.next()
        const isOptional = this.accept('?')
        this.expect(':')
        members.set(name, { type: this.type(), isOptional })
      }
      this.expect(';')
    }
    return { kind: 'object', members, index }
  }

  private context = () => this.tokens.slice(Math.max(this.at - 5, 0), this.at + 5).join(' ')
}
