// The last debug events as rows: the newest first, numbers grouped, each also as a sentence.
import type { DebugEvent } from '../answers.ts'

export interface EventRow extends Omit<DebugEvent, 'instructions'> {
  readonly instructions: string
  /** A write that did nothing: drawn apart from what came and found nobody. */
  readonly isDenied: boolean
  readonly sentence: string
}

export const eventRows = (events: readonly DebugEvent[]): EventRow[] => events.map(eventRow).reverse()

function eventRow(event: DebugEvent): EventRow {
  const instructions = grouped(event.instructions)
  const place = event.symbol ? `${event.symbol} (${event.address})` : event.address
  const sentence = `${event.event} at ${place} to ${event.to}: ${event.why}; instruction ${instructions}`
  return { ...event, instructions, isDenied: / denied$/.test(event.event), sentence }
}

const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',')
