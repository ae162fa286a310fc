// The Registers and the Debug Resources view: each a webview that is told what the follower sees, while it is visible.
import type { DebugProtocol } from '@vscode/debugprotocol'
import * as vscode from 'vscode'

import type { Ownership } from './answers.ts'
import { Follower } from './follower.ts'
import { type FromView, type ToView, VIEW_COMMANDS } from './messages.ts'
import { type Shown, Updater } from './updater.ts'
import { type Page, pageHtml } from './webviewPage.ts'

const PAGES: readonly Page[] = [
  { name: 'registers', title: 'Registers' },
  { name: 'debug-resources', title: 'Debug Resources' },
]
const VIEW_IDS: Readonly<Record<string, string>> = {
  registers: 'e500.registers',
  'debug-resources': 'e500.debugResources',
}

export function showViews(extensionUri: vscode.Uri): vscode.Disposable[] {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist/views')
  const follower = new Follower()
  const command = vscode.commands.registerCommand
  const setOwnership = (ownership: Ownership) => () => changeOwnership(follower, ownership)
  return [
    follower,
    ...PAGES.map((page) =>
      vscode.window.registerWebviewViewProvider(VIEW_IDS[page.name]!, {
        resolveWebviewView: (view) =>
          start(view, page, folder, follower, [view.onDidChangeVisibility, view.onDidDispose]),
      }),
    ),
    command('e500.openRegisters', () => openInEditor(PAGES[0]!, folder, follower)),
    command('e500.openDebugResources', () => openInEditor(PAGES[1]!, folder, follower)),
    command('e500.refreshViews', () => follower.refresh()),
    command('e500.ownership.guest', setOwnership('guest')),
    command('e500.ownership.host', setOwnership('host')),
    command('e500.ownership.shared', setOwnership('shared')),
  ]
}

/** The wide form, beside the source. */
function openInEditor(page: Page, folder: vscode.Uri, follower: Follower): void {
  const panel = vscode.window.createWebviewPanel(VIEW_IDS[page.name]!, page.title, vscode.ViewColumn.Beside)
  start(panel, page, folder, follower, [panel.onDidChangeViewState, panel.onDidDispose])
}

type Signals = readonly [changed: vscode.Event<unknown>, disposed: vscode.Event<void>]

function start(shown: Shown, page: Page, folder: vscode.Uri, follower: Follower, [changed, disposed]: Signals): void {
  const { webview } = shown
  webview.options = { enableScripts: true, localResourceRoots: [folder] }
  const updater = new Updater(shown, follower, page === PAGES[1])
  const subscriptions = [
    webview.onDidReceiveMessage((message: FromView) => {
      if (message.type === 'ready') updater.begin()
      else if (message.type === 'draws') updater.draws(message.groups)
      else answer(message, webview, follower)
    }),
    follower.onDidChange(updater.update),
    changed(() => updater.update('situation')),
  ]
  disposed(() => {
    for (const subscription of subscriptions) subscription.dispose()
  })
  webview.html = pageHtml(webview, folder, page)
}

type Wish = Exclude<FromView, { type: 'ready' | 'draws' }>

async function answer(message: Wish, webview: vscode.Webview, follower: Follower) {
  switch (message.type) {
    case 'set': {
      const { register, value } = message
      const refusal = await setRegister(follower, register, value)
      return webview.postMessage({
        type: 'wasSet',
        register,
        ...(refusal === undefined ? {} : { refusal }),
      } satisfies ToView)
    }
    case 'setOwnership':
      return changeOwnership(follower, message.ownership)
    case 'reveal':
      return reveal(follower, message.breakpointId)
    case 'revealAddress':
      return revealAddress(follower, message.address)
    case 'command':
      return vscode.commands.executeCommand(VIEW_COMMANDS[message.command])
  }
}

/** The sentence that refuses it, or undefined. */
async function setRegister(follower: Follower, register: string, value: string): Promise<string | undefined> {
  const { session } = follower
  if (!session) return 'The session has ended.'
  const item = vscode.debug.activeStackItem
  const frame = item instanceof vscode.DebugStackFrame && item.session === session ? { frameId: item.frameId } : {}
  const args = { expression: `$${register.toLowerCase()} = ${value}`, context: 'repl', ...frame }
  try {
    await session.customRequest('evaluate', args)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

async function changeOwnership({ session }: Follower, debugOwnership: Ownership): Promise<void> {
  if (!session) return void vscode.window.showInformationMessage('No e500 machine is running. Start one with F5.')
  try {
    await session.customRequest('e500/setOwnership', { debugOwnership })
  } catch (error) {
    vscode.window.showErrorMessage((error as Error).message)
  }
}

async function reveal({ breakpoints }: Follower, breakpointId: number): Promise<void> {
  const breakpoint = breakpoints.find(({ id }) => id === breakpointId)
  if (breakpoint?.path === undefined || breakpoint.line === undefined)
    return void vscode.commands.executeCommand('workbench.debug.action.focusBreakpointsView')
  await showLine(vscode.Uri.file(breakpoint.path), breakpoint.line)
}

/** The source of an instruction, as the disassembly knows it. */
async function revealAddress({ session }: Follower, memoryReference: string): Promise<void> {
  if (!session) return
  try {
    const answer = await session.customRequest('disassemble', { memoryReference, instructionCount: 1 })
    const { location, line }: DebugProtocol.DisassembledInstruction = answer.instructions[0]
    if (location?.path !== undefined && line !== undefined) return await showLine(uriOf(location.path), line)
    vscode.window.showInformationMessage(`No line of the source is known for ${memoryReference}.`)
  } catch (error) {
    vscode.window.showErrorMessage((error as Error).message)
  }
}

/** In the answers that VS Code knows itself it has replaced the paths by URIs, as text or as their parts. */
function uriOf(path: string | vscode.Uri): vscode.Uri {
  if (typeof path !== 'string') return vscode.Uri.file(path.path)
  return /^[a-z][a-z+.-]+:/i.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path)
}

async function showLine(uri: vscode.Uri, line: number): Promise<void> {
  const start = new vscode.Position(line - 1, 0)
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(start, start) })
}
