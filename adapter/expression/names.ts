// Names to code: variables, enumerators, symbols, registers, in this order; $names are registers only.
import type { CType } from '../symbols/model.ts'
import { UserError } from '../userError.ts'
import { registerValue } from '../values/register.ts'
import { INT, pointerTo, VOID } from '../values/types.ts'
import { inMemory } from '../values/value.ts'
import { type Code, type Compiler, constant, stored } from './code.ts'
import type { ExpressionContext, RegisterContents } from './context.ts'

/** What a symbol without debug information is taken for: code, so that its name stands for its address. */
const UNTYPED: CType = { kind: 'function', returns: () => VOID, parameters: () => [] }

/** Macros that no debug information has. Anything of that name in the program goes first. */
const USUAL: Readonly<Record<string, readonly [CType, number]>> = {
  NULL: [pointerTo(VOID), 0],
  true: [INT, 1],
  false: [INT, 0],
}

export function nameCode({ context }: Compiler, source: string, name: string, scope: string | undefined): Code {
  const { memory } = context
  const variable = context.variable(name, scope)
  if (variable) {
    const { type, place } = variable
    return stored(memory, source, type, () => ({ type, place: place() }))
  }
  if (scope !== undefined) throw new UserError(`There is no "${name}" in ${scope}.`)
  const enumerator = context.enumerator(name)
  if (enumerator) return { ...constant(source, enumerator.type, enumerator.value), isEnumerator: true }
  const address = context.symbolAddress?.(name)
  if (address !== undefined) return stored(memory, source, UNTYPED, () => inMemory(UNTYPED, address))
  const register = context.register(name)
  if (register) return registerCode(context, source, name, register)
  const usual = Object.hasOwn(USUAL, name) ? USUAL[name] : undefined
  return usual ? constant(source, ...usual) : notHere(name, context)
}

function notHere(name: string, context: ExpressionContext): never {
  const like = context.namesLike?.(name).slice(0, 3) ?? []
  const hint = like.length > 0 ? ` Did you mean ${like.map((name) => `"${name}"`).join(', ')}?` : ''
  throw new UserError(`There is no "${name}" here.${hint}`)
}

export function dollarCode({ context }: Compiler, source: string, name: string): Code {
  const register = context.register(name)
  if (!register) throw new UserError(`There is no register "${name}".`)
  return registerCode(context, source, name, register)
}

/** size and fields stay; the value is read each time. */
function registerCode(context: ExpressionContext, source: string, name: string, register: RegisterContents): Code {
  const { size, fields, isAddress } = register
  const value = registerValue({
    name,
    size,
    fields,
    isAddress,
    read: () => context.register(name)?.value,
    write: (scalar) => context.setRegister(name, scalar),
  })
  return { ...stored(context.memory, source, value.type, () => value), register: value }
}
