// Location expressions: a stack machine that says where a value is. DWARF 5, 2.5 and 2.6.
// What it does not do: floating point arithmetic, thread-local storage, pointers to what is no longer in memory.
import type { FrameReader, Place } from '../model.ts'
import { Cursor } from './cursor.ts'
import { DwarfError } from './error.ts'
import { GNU_OPERATIONS, OP } from './operations.ts'
import { arithmetic, type BaseType, GENERIC, numeric, type StackValue, toBytes } from './stackValue.ts'

/** Backward branches could go on for ever. */
const MOST_STEPS = 10_000

export interface ExpressionContext {
  readonly frame: FrameReader
  readonly frameBase: () => number | undefined
  /** The base type at an offset in the unit; 0 is the generic type. */
  readonly baseType: (offset: number) => BaseType
  readonly indexedAddress: (index: number) => number
  /** What the expression would have given when the function was entered. */
  readonly entryValue: (expression: Uint8Array) => number | undefined
}

/** Something that the guest does not give now. Not damage: it is the answer. */
export class Unavailable extends Error {}

type SimplePlace = Exclude<Place, { kind: 'pieces' }>
const OPTIMISED_OUT: SimplePlace = { kind: 'unavailable', reason: 'optimized out' }

interface Piece {
  readonly place: SimplePlace
  readonly bytes: number
}

export function evaluate(expression: Uint8Array, context: ExpressionContext): Place {
  if (expression.length === 0) return OPTIMISED_OUT
  try {
    return new Evaluation(expression, context).run()
  } catch (error) {
    if (error instanceof Unavailable) return { kind: 'unavailable', reason: error.message }
    throw error
  }
}

/** The number on top of the stack at the end. */
export function evaluateNumber(expression: Uint8Array, context: ExpressionContext, initial?: number): number {
  return new Evaluation(expression, context, initial).number()
}

class Evaluation {
  private readonly cursor: Cursor
  private readonly context: ExpressionContext
  private readonly stack: StackValue[] = []
  private readonly pieces: Piece[] = []
  /** Set by the operations that end a location: a register, a value. Undefined: the top of the stack is its address. */
  private place: SimplePlace | undefined
  private steps = 0

  constructor(expression: Uint8Array, context: ExpressionContext, initial?: number) {
    this.cursor = new Cursor(expression, 'a location expression')
    this.context = context
    if (initial !== undefined) this.push(initial)
  }

  run(): Place {
    while (!this.cursor.done) this.step()
    if (this.pieces.length === 0) return this.finished()
    return { kind: 'pieces', pieces: this.pieces }
  }

  number(): number {
    const place = this.run()
    if (place.kind === 'memory') return place.address
    if (place.kind === 'register') return this.register(place.number)
    throw new Unavailable('not known in this frame')
  }

  private finished(): SimplePlace {
    const place = this.place ?? (this.stack.length === 0 ? OPTIMISED_OUT : memory(this.pop()))
    this.place = undefined
    return place
  }

  private push(value: number | bigint): void {
    this.stack.push(numeric(BigInt(value), GENERIC))
  }

  private pop(): StackValue {
    const value = this.stack.pop()
    if (!value) throw new DwarfError('a location expression takes from an empty stack')
    return value
  }

  private popNumber(): number {
    return Number(BigInt.asUintN(32, this.pop().bits))
  }

  private register(number: number): number {
    const value = this.context.frame.register(number)
    if (value === undefined) throw new Unavailable(`register ${number} is not known in this frame`)
    return value >>> 0
  }

  private step(): void {
    if (++this.steps > MOST_STEPS || this.stack.length > MOST_STEPS)
      throw new DwarfError('a location expression that does not end')
    const code = this.cursor.u8()
    const op = GNU_OPERATIONS.get(code) ?? code
    if (this.numbered(op) || this.constant(op) || this.stackOperation(op)) return
    if (this.typed(op) || this.location(op) || this.control(op)) return
    const operator = arithmetic(op)
    if (!operator) throw new DwarfError(`a location expression has the unknown operation 0x${code.toString(16)}`)
    const right = operator.unary ? undefined : this.pop()
    this.stack.push(operator.apply(this.pop(), right))
  }

  /** Operations whose code holds their operand. */
  private numbered(op: number): boolean {
    if (op >= OP.lit0 && op <= OP.lit31) this.push(op - OP.lit0)
    else if (op >= OP.reg0 && op <= OP.reg31) this.at({ kind: 'register', number: op - OP.reg0 })
    else if (op >= OP.breg0 && op <= OP.breg31) this.push(this.register(op - OP.breg0) + this.cursor.sleb())
    else return false
    return true
  }

  private constant(op: number): boolean {
    const { cursor, context } = this
    switch (op) {
      case OP.addr:
        this.push(cursor.u32() + (context.frame.loadOffset ?? 0))
        return true
      case OP.addrx:
        this.push(context.indexedAddress(cursor.uleb()) + (context.frame.loadOffset ?? 0))
        return true
      case OP.constx:
        this.push(context.indexedAddress(cursor.uleb()))
        return true
      case OP.const1u:
      case OP.const2u:
      case OP.const4u:
        this.push(cursor.unsigned(1 << ((op - OP.const1u) >> 1)))
        return true
      case OP.const1s:
        this.push(cursor.s8())
        return true
      case OP.const2s:
        this.push((cursor.u16() << 16) >> 16)
        return true
      case OP.const4s:
        this.push(cursor.u32() | 0)
        return true
      case OP.const8u:
      case OP.const8s:
        this.push(cursor.u64())
        return true
      case OP.constu:
        this.push(BigInt(cursor.uleb()))
        return true
      case OP.consts:
        this.push(BigInt(cursor.sleb()))
        return true
      default:
        return false
    }
  }

  private stackOperation(op: number): boolean {
    const { stack, cursor } = this
    switch (op) {
      case OP.dup:
        this.pick(0)
        return true
      case OP.drop:
        this.pop()
        return true
      case OP.over:
        this.pick(1)
        return true
      case OP.pick:
        this.pick(cursor.u8())
        return true
      case OP.swap:
        stack.push(...[this.pop(), this.pop()])
        return true
      case OP.rot: {
        const [first, second, third] = [this.pop(), this.pop(), this.pop()]
        stack.push(first, third, second)
        return true
      }
      case OP.deref:
        this.push(this.load(this.popNumber(), 4))
        return true
      case OP.deref_size:
        this.push(this.load(this.popNumber(), cursor.u8()))
        return true
      case OP.plus_uconst: {
        const { bits, type } = this.pop()
        stack.push(numeric(bits + BigInt(cursor.uleb()), type))
        return true
      }
      default:
        return false
    }
  }

  private pick(depth: number): void {
    const value = this.stack.at(-1 - depth)
    if (!value) throw new DwarfError('a location expression takes from an empty stack')
    this.stack.push(value)
  }

  private load(address: number, size: number): bigint {
    if (size > 8) throw new DwarfError(`a location expression reads ${size} bytes`)
    const bytes = this.context.frame.read(address, size)
    if (!bytes) throw new Unavailable(`cannot access memory at 0x${address.toString(16)}`)
    return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  }

  /** DWARF 5, 2.5.1.1 and 2.5.1.6: values of a base type. */
  private typed(op: number): boolean {
    const { cursor, context, stack } = this
    switch (op) {
      case OP.const_type: {
        const type = context.baseType(cursor.uleb())
        const bytes = cursor.block(cursor.u8())
        stack.push(
          numeric(
            bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
            type,
          ),
        )
        return true
      }
      case OP.regval_type: {
        const number = cursor.uleb()
        const type = context.baseType(cursor.uleb())
        stack.push(numeric(this.wide(number, type), type))
        return true
      }
      case OP.deref_type: {
        const size = cursor.u8()
        const type = context.baseType(cursor.uleb())
        stack.push(numeric(this.load(this.popNumber(), size), type))
        return true
      }
      case OP.convert:
      case OP.reinterpret: {
        const type = context.baseType(cursor.uleb())
        const { bits, type: from } = this.pop()
        if (op === OP.convert && from.float !== type.float) throw new Unavailable('a floating point computation')
        stack.push(numeric(bits, type))
        return true
      }
      default:
        return false
    }
  }

  private wide(number: number, { bytes }: BaseType): bigint {
    const first = BigInt(this.register(number))
    return bytes <= 4 ? first : (first << 32n) | BigInt(this.register(number + 1))
  }

  private at(place: SimplePlace): void {
    this.place = place
  }

  private location(op: number): boolean {
    const { cursor, context } = this
    switch (op) {
      case OP.regx:
        this.at({ kind: 'register', number: cursor.uleb() })
        return true
      case OP.bregx: {
        const number = cursor.uleb()
        this.push(this.register(number) + cursor.sleb())
        return true
      }
      case OP.fbreg:
        this.push(this.known(context.frameBase(), 'the frame') + cursor.sleb())
        return true
      case OP.call_frame_cfa:
        this.push(this.known(context.frame.cfa(), 'the frame'))
        return true
      case OP.stack_value:
        this.at({ kind: 'value', bytes: toBytes(this.pop()) })
        return true
      case OP.implicit_value:
        this.at({ kind: 'value', bytes: cursor.block(cursor.uleb()) })
        return true
      case OP.implicit_pointer:
        cursor.take(4)
        cursor.sleb()
        this.at({ kind: 'unavailable', reason: 'a pointer to something that was optimized out' })
        return true
      case OP.piece:
        this.piece(cursor.uleb())
        return true
      case OP.bit_piece:
        this.bitPiece(cursor.uleb(), cursor.uleb())
        return true
      case OP.entry_value:
        this.push(this.known(context.entryValue(cursor.block(cursor.uleb())), 'the value at the function’s entry'))
        return true
      default:
        return false
    }
  }

  private known(value: number | undefined, what: string): number {
    if (value === undefined) throw new Unavailable(`${what} is not known`)
    return value
  }

  private piece(bytes: number): void {
    const place = this.finished()
    const isShorter = place.kind === 'value' && place.bytes.length > bytes
    // Big endian: the low-order bytes are the last ones.
    this.pieces.push({ place: isShorter ? { kind: 'value', bytes: place.bytes.slice(-bytes) } : place, bytes })
  }

  private bitPiece(bits: number, offset: number): void {
    if (bits % 8 !== 0 || offset !== 0) throw new Unavailable('in pieces of single bits')
    this.piece(bits / 8)
  }

  private control(op: number): boolean {
    if (op === OP.nop) return true
    if (op !== OP.skip && op !== OP.bra) return false
    const distance = (this.cursor.u16() << 16) >> 16
    if (op === OP.bra && this.popNumber() === 0) return true
    const next = this.cursor.at + distance
    if (next < 0 || next > this.cursor.end) throw this.cursor.torn(next)
    this.cursor.at = next
    return true
  }
}

const memory = ({ bits }: StackValue): SimplePlace => ({ kind: 'memory', address: Number(BigInt.asUintN(32, bits)) })
