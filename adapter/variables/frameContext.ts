// What an expression finds around it: the frame's variables and registers, then whatever has that name in the whole program.
import type { ExpressionContext, VisibleVariable } from '../expression/context.ts'
import { nearest } from '../nearest.ts'
import type { Module, Program } from '../program/program.ts'
import type { Frame } from '../stack/frame.ts'
import type { Debuggee, SessionState } from '../state.ts'
import type { Variable } from '../symbols/model.ts'
import { registerOfFrame } from './frameRegisters.ts'
import { registerNamed } from './registerGroups.ts'

export function frameContext(
  state: SessionState,
  debuggee: Debuggee,
  frame: Frame,
  allowsSideEffects: boolean,
): ExpressionContext {
  const { program } = debuggee
  const register = (name: string) => registerOfFrame(state, debuggee, frame, name)
  return {
    memory: frame.memory,
    allowsSideEffects,
    variable: (name, scope) =>
      visible(frame, scope === undefined ? here(program, frame, name) : within(program, name, scope)),
    typeNamed: (name) => firstOf(program, frame, ({ symbols }) => symbols.typeNamed(name)),
    enumerator: (name) =>
      firstOf(program, frame, (module) => module.symbols.enumerator(name, addressIn(frame, module))),
    register: (name) => {
      const found = register(name)
      const value = found?.read()
      return found && value !== undefined
        ? { value, size: found.size, fields: found.fields, isAddress: found.isAddress }
        : undefined
    },
    setRegister: (name, value) => register(name)?.write(value),
    symbolName: (address) => program.symbolName(address, frame.vcpu),
    symbolAddress: (name) =>
      firstOf(program, frame, (module) => effective(program, module, module.symbols.symbolNamed(name)?.address)),
    namesLike: (name) => namesLike(program, frame, name),
  }
}

const effective = (program: Program, module: Module, address: number | undefined) =>
  address === undefined ? undefined : program.toEffective({ module, address })[0]

const addressIn = ({ link }: Frame, module: Module) => (link?.module === module ? link.address : undefined)

/** The frame's own module answers first. */
function firstOf<T>(program: Program, { link }: Frame, ask: (module: Module) => T | undefined): T | undefined {
  const modules = link ? [link.module, ...program.modules.filter((module) => module !== link.module)] : program.modules
  for (const module of modules) {
    const answer = ask(module)
    if (answer !== undefined) return answer
  }
  return undefined
}

const here = (program: Program, frame: Frame, name: string): Variable | undefined =>
  firstOf(program, frame, (module) => module.symbols.variable(name, addressIn(frame, module)))

/** `file.c::name` or `function::name`. */
function within(program: Program, name: string, scope: string): Variable | undefined {
  for (const { symbols } of program.modules) {
    const addresses = [...symbols.functionsNamed(scope), ...(symbols.addressesOfLine(scope, 1)?.addresses ?? [])]
    for (const address of addresses) {
      const found = symbols.variable(name, address)
      if (found) return found
    }
  }
  return undefined
}

const visible = (frame: Frame, variable: Variable | undefined): VisibleVariable | undefined =>
  variable && { type: variable.type(), place: () => variable.place(frame.reader) }

function namesLike(program: Program, { scope, link }: Frame, name: string): string[] {
  const lower = name.toLowerCase()
  const locals = scope && link ? scope.variables(link.address).map((variable) => variable.name) : []
  const register = registerNamed(name) ? [`$${lower}`] : []
  const near = nearest(name, [...locals, ...namesWith(program, name.slice(0, 3), 1000)], 5)
  return [...new Set([...register, ...near, ...namesWith(program, name, 5)])].slice(0, 5)
}
const namesWith = ({ modules }: Program, text: string, limit: number) =>
  modules.flatMap(({ symbols }) => symbols.symbolsMatching(text, limit)).map((symbol) => symbol.name)
