// Registers as a frame sees them: the innermost frame has the core's own; in callers only what the unwinder knows is shown as theirs.

import type { Frame } from '../stack/frame.ts'
import type { Debuggee, SessionState } from '../state.ts'
import { UserError } from '../userError.ts'
import type { NamedValue } from '../values/children.ts'
import { type Register, registerValue } from '../values/register.ts'
import { ofCore, type RegisterDescription, type RegisterGroup, registerNamed, registerOf } from './registerGroups.ts'

export function frameRegisters(
  state: SessionState,
  debuggee: Debuggee,
  frame: Frame,
  group: RegisterGroup,
): NamedValue[] {
  return ofCore(group, debuggee.machine.model.name).registers.map((description) => ({
    name: description.name,
    value: registerValue(frameRegister(state, debuggee, frame, description)),
    expression: `$${description.name.toLowerCase()}`,
  }))
}

/** Undefined: there is no register of that name. */
export function registerOfFrame(
  state: SessionState,
  debuggee: Debuggee,
  frame: Frame,
  name: string,
): Register | undefined {
  const description = registerNamed(name)
  const { core } = description ?? {}
  if (core !== undefined && core !== debuggee.machine.model.name) return undefined
  return description && frameRegister(state, debuggee, frame, description)
}

const LR = 65

function frameRegister(
  state: SessionState,
  { machine }: Debuggee,
  frame: Frame,
  description: RegisterDescription,
): Register {
  const live = registerOf(machine.vcpus[frame.vcpu]!, description, () => registersChanged(state, description.name))
  if (frame.level === 0) return live
  const { name } = description
  const write = () => {
    throw new UserError(`${name} can only be set in the innermost frame.`)
  }
  if (name === 'PC') return { ...live, read: () => frame.pc, write }
  if (name === 'LR') return { ...live, read: () => frame.reader.register(LR), write }
  const number = /^r(\d+)$/.exec(name)?.[1]
  return number === undefined ? live : { ...live, read: () => frame.reader.register(Number(number)), write }
}

/** Other views may show the register, or what depends on it. */
function registersChanged({ send, client, debuggee }: SessionState, name: string): void {
  debuggee?.view.stacks.clear()
  // What was inlined where the core stood is not where it stands now.
  const stop = debuggee?.view.stop
  if (name === 'PC' && debuggee && stop) debuggee.view = { ...debuggee.view, stop: { ...stop, hiddenCalls: 0 } }
  if (client.supportsInvalidatedEvent) send('invalidated', { areas: ['variables', 'stacks'] })
}
