// Statements of a record with some of its fields known: constants folded, values that are used once put where they are used.
// So `bc` with BO=12 prints as one test of one CR bit.
import type { Binary, Node, Statement } from '../isa/op.ts'
import type { Known } from './opcodes.ts'

const constant = (value: number): Node => ({ kind: 'const', value })
const isConstant = (node: Node, value: number) => node.kind === 'const' && node.value === value

/** True: the node's value is 0 or 1. */
export function isTruth(node: Node): boolean {
  if (node.kind === 'const') return node.value === 0 || node.value === 1
  if (node.kind === 'unary') return node.operation === 'eqz'
  if (node.kind !== 'binary') return node.kind === 'crBit'
  if (['eq', 'ne', 'lts', 'ltu'].includes(node.operation)) return true
  return ['and', 'or', 'xor'].includes(node.operation) && isTruth(node.a) && isTruth(node.b)
}
const not = (node: Node): Node => ({ kind: 'unary', operation: 'eqz', a: node })

const OF_CONSTANTS: Readonly<Partial<Record<Binary, (a: number, b: number) => number>>> = {
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b) => (a >>> b) | 0,
  eq: (a, b) => +(a === b),
  ne: (a, b) => +(a !== b),
}

function foldBinary(operation: Binary, a: Node, b: Node): Node {
  const compute = OF_CONSTANTS[operation]
  if (compute && a.kind === 'const' && b.kind === 'const') return constant(compute(a.value, b.value))
  if (a.kind === 'const' && ['and', 'or', 'xor', 'eq', 'ne', 'add'].includes(operation))
    return foldBinary(operation, b, a)
  const leaves = operation === 'sub' || operation === 'or' || operation === 'xor' || operation === 'add'
  if (leaves && isConstant(b, 0)) return a
  if (operation === 'and' && isConstant(b, 0)) return b
  if (isTruth(a)) {
    if (operation === 'and' && isConstant(b, 1)) return a
    if (operation === 'or' && isConstant(b, 1)) return b
    if (operation === 'eq' && isConstant(b, 1)) return a
    if ((operation === 'eq' && isConstant(b, 0)) || (operation === 'xor' && isConstant(b, 1))) return not(a)
  }
  return { kind: 'binary', operation, a, b }
}

function fold(node: Node, known: Known): Node {
  const inner = (child: Node) => fold(child, known)
  switch (node.kind) {
    case 'field': {
      const value = known.fields[node.name]
      return value === undefined ? node : constant(value)
    }
    case 'unary': {
      const a = inner(node.a)
      if (node.operation === 'eqz' && a.kind === 'const') return constant(+(a.value === 0))
      return { ...node, a }
    }
    case 'binary':
      return foldBinary(node.operation, inner(node.a), inner(node.b))
    case 'select':
      return mapSelect(node, inner)
    default:
      return node
  }
}

function mapSelect(node: Node & { kind: 'select' }, change: (node: Node) => Node): Node {
  const [condition, then, otherwise] = [node.condition, node.then, node.otherwise].map(change) as [Node, Node, Node]
  return { ...node, condition, then, otherwise }
}

/** A statement with each of its own expressions changed. */
function mapNodes(s: Statement, change: (node: Node) => Node): Statement {
  switch (s.kind) {
    case 'let':
    case 'setGpr':
    case 'setGprHigh':
    case 'setSpecial':
    case 'setCrBit':
      return { ...s, value: change(s.value) }
    case 'compare':
      return { ...s, a: change(s.a), b: change(s.b) }
    case 'load':
      return { ...s, ea: change(s.ea) }
    case 'store':
      return { ...s, ea: change(s.ea), value: change(s.value) }
    case 'branch':
      return { ...s, condition: change(s.condition), target: change(s.target) }
    case 'call':
      return { ...s, arguments: s.arguments.map(change) }
  }
}

function mapNode(node: Node, change: (leaf: Node) => Node): Node {
  const inner = (child: Node) => mapNode(child, change)
  if (node.kind === 'unary') return { ...node, a: inner(node.a) }
  if (node.kind === 'binary') return { ...node, a: inner(node.a), b: inner(node.b) }
  if (node.kind === 'select') return mapSelect(node, inner)
  return change(node)
}

/** How often a leaf occurs that `is` finds. */
function count(statements: readonly Statement[], is: (leaf: Node) => boolean): number {
  let found = 0
  const look = (leaf: Node) => {
    if (is(leaf)) found++
    return leaf
  }
  for (const s of statements) mapNodes(s, (node) => mapNode(node, look))
  return found
}

/** True: a leaf of that kind stands in the statement. */
export const mentions = (s: Statement, kind: Node['kind']) => count([s], (leaf) => leaf.kind === kind) > 0

/** Puts the value of the let at n where it is used, if that is one place and nothing before it changes what the value reads; leaves it out if nothing uses it. */
function inlined(statements: readonly Statement[], n: number): Statement[] | undefined {
  const s = statements[n]!
  if (s.kind !== 'let') return undefined
  const isUse = (leaf: Node) => leaf.kind === 'temp' && leaf.index === s.index
  const uses = count(statements, isUse)
  if (uses === 0) return statements.filter((_, k) => k !== n)
  if (uses > 1) return undefined
  const use = statements.findIndex((later) => count([later], isUse) === 1)
  for (const between of statements.slice(n + 1, use)) {
    if (between.kind === 'let') continue
    if (between.kind !== 'setSpecial') return undefined
    if (count([s], (leaf) => leaf.kind === 'special' && leaf.name === between.name) > 0) return undefined
  }
  const put = (node: Node) => mapNode(node, (leaf) => (isUse(leaf) ? s.value : leaf))
  return statements.flatMap((other, k) => (k === n ? [] : [k === use ? mapNodes(other, put) : other]))
}

const changesNothing = (s: Statement) =>
  s.kind === 'setSpecial' && s.value.kind === 'special' && s.value.name === s.name

export function specialise(statements: readonly Statement[], known: Known): readonly Statement[] {
  let result = statements.map((s) => mapNodes(s, (node) => fold(node, known)))
  for (let n = result.length - 1; n >= 0; n--) result = inlined(result, n) ?? result
  return result.filter((s) => !changesNothing(s))
}
