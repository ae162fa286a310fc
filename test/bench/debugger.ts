// A debug session on the 67 MB vmlinux: launch to start_kernel, call stacks, steps. gdb on QEMU does the same beside it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { DebugProtocol } from '@vscode/debugprotocol'
import { AdapterProcess } from '../../adapter/demo/adapterProcess.ts'
import { kernelFile } from '../support/guests.ts'
import { hasProgram, median, QEMU, type Row, timed } from './measure.ts'

const ADAPTER = join('dist', 'adapter.js')
const STEPS = 50
const THREAD = { threadId: 1 }

export async function debuggerOnLinux(): Promise<Row[]> {
  const vmlinux = kernelFile('vmlinux-e500v2')
  const adapter = new AdapterProcess(ADAPTER, () => {})
  await adapter.request('initialize', { adapterID: 'e500' })
  const launch = await timed(async () => {
    await adapter.request('launch', { program: vmlinux, runToEntryPoint: 'start_kernel', breakpointPlacement: 'iac' })
    await adapter.next('initialized')
  })
  const run = await timed(async () => {
    await adapter.request('configurationDone')
    await adapter.next('stopped')
  })
  const stackTrace = () => adapter.request<DebugProtocol.StackTraceResponse['body']>('stackTrace', THREAD)
  const first = await timed(stackTrace)
  const locals = await timed(async () => {
    const { stackFrames } = await stackTrace()
    const { scopes } = await adapter.request<DebugProtocol.ScopesResponse['body']>('scopes', {
      frameId: stackFrames[0]!.id,
    })
    for (const { expensive, variablesReference } of scopes)
      if (!expensive) await adapter.request('variables', { variablesReference })
  })
  const steps: number[] = []
  const stacks: number[] = []
  for (let n = 0; n < STEPS; n++) {
    const step = async () => {
      await adapter.request('next', THREAD)
      await adapter.next('stopped')
    }
    steps.push((await timed(step)).ms)
    stacks.push((await timed(stackTrace)).ms)
  }
  const type = await timed(() => adapter.request('evaluate', { expression: 'sizeof(struct page)', context: 'repl' }))
  await adapter.end()
  const gdb = hasProgram('gdb-multiarch') && hasProgram('qemu-system-ppc') ? gdbOnQemu(vmlinux) : undefined
  return [
    { what: 'launch request to stopped at start_kernel', ours: launch.ms + run.ms, theirs: gdb?.stopped, unit: 'ms' },
    { what: '  launch: read, load, symbols', ours: launch.ms, unit: 'ms' },
    { what: '  configurationDone to stopped', ours: run.ms, unit: 'ms' },
    { what: '  first stackTrace', ours: first.ms, unit: 'ms' },
    { what: '  first scopes and locals', ours: locals.ms, unit: 'ms' },
    { what: 'stackTrace, median', ours: median(stacks), unit: 'ms', note: 'aim 20' },
    { what: 'step over a line, median', ours: median(steps), theirs: gdb?.next, unit: 'ms', note: 'aim 50' },
    { what: 'first type from the whole program', ours: type.ms, theirs: gdb?.type, unit: 'ms' },
  ]
}

/** gdb prints its own times, from its start. */
function gdbOnQemu(vmlinux: string): { stopped: number; next: number; type: number } {
  const qemu = `qemu-system-ppc ${QEMU.join(' ')} -S -gdb stdio -serial none -monitor none -kernel ${vmlinux}`
  const python = [
    'import time; t0=time.perf_counter()',
    `gdb.execute("file ${vmlinux}")`,
    `gdb.execute("target remote | ${qemu}", to_string=True)`,
    'gdb.execute("hbreak start_kernel", to_string=True); gdb.execute("continue", to_string=True)',
    'print("STOPPED", (time.perf_counter()-t0)*1000)',
    `t=[]`,
    `[(t.append(-time.perf_counter()), gdb.execute("next", to_string=True), t.append(t.pop()+time.perf_counter())) for n in range(${STEPS})]`,
    'print("NEXT", sorted(t)[len(t)//2]*1000)',
    't1=time.perf_counter(); gdb.execute("print sizeof(struct page)", to_string=True)',
    'print("TYPE", (time.perf_counter()-t1)*1000)',
    'gdb.execute("kill")',
  ]
  const { stdout } = spawnSync(
    'gdb-multiarch',
    ['-nx', '-batch', ...python.flatMap((line) => ['-ex', `python ${line}`])],
    {
      encoding: 'utf8',
      timeout: 120_000,
    },
  )
  const value = (name: string) => Number(new RegExp(`^${name} ([\\d.]+)`, 'm').exec(stdout)?.[1])
  return { stopped: value('STOPPED'), next: value('NEXT'), type: value('TYPE') }
}
