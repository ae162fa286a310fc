// Types as C writes them without a name: `struct task_struct *`, `char [16]`, `int (*)(void)` (ISO C 6.7.6, type names).
import type { CType } from '../symbols/model.ts'

export const typeName = (type: CType): string => declare(type, '')

/** The type around a declarator: what binds tighter stands nearer to it. */
function declare(type: CType, declarator: string): string {
  switch (type.kind) {
    case 'void':
      return spaced('void', declarator)
    case 'base':
      return spaced(baseName(type.name), declarator)
    case 'typedef':
      return spaced(type.name, declarator)
    case 'struct':
    case 'union':
    case 'enum':
      return spaced(`${type.kind} ${type.name ?? '{...}'}`, declarator)
    case 'pointer':
      return declare(type.target(), bindsTighter(type.target()) ? `(*${declarator})` : starred(declarator))
    case 'array':
      return declare(type.element(), `${declarator}[${type.count ?? ''}]`)
    case 'function':
      return declare(type.returns(), `${declarator}(${parameters(type.parameters())})`)
    case 'qualified':
      return declareQualified(type.qualifier, type.target(), declarator)
  }
}

/** A qualified pointer has its qualifier behind the star, everything else before the name. */
function declareQualified(qualifier: string, target: CType, declarator: string): string {
  let inner = target
  while (inner.kind === 'qualified') inner = inner.target()
  if (inner.kind === 'pointer') return declare(target, spaced(qualifier, declarator))
  return `${qualifier} ${declare(target, declarator)}`
}

const spaced = (name: string, declarator: string) => (declarator === '' ? name : `${name} ${declarator}`)

const starred = (declarator: string) => (/^\w/.test(declarator) ? `* ${declarator}` : `*${declarator}`)

/** Brackets and parentheses bind tighter than a star. */
const bindsTighter = (type: CType) => type.kind === 'array' || type.kind === 'function'

const parameters = (types: readonly CType[]) => types.map(typeName).join(', ') || 'void'

/** Compilers write `long unsigned int` into the debug information where people write `unsigned long`. */
function baseName(name: string): string {
  const words = name.split(' ')
  if (!words.every((word) => /^(?:unsigned|signed|short|long|int|char)$/.test(word))) return name
  const lengths = words.filter((word) => word === 'short' || word === 'long')
  const sign = words.filter((word) => word === 'unsigned' || (word === 'signed' && words.includes('char')))
  const ends = words.filter((word) => word === 'char' || (word === 'int' && lengths.length === 0))
  return [...sign, ...lengths, ...ends].join(' ') || name
}
