// Activation: tells VS Code who completes, starts and shows a session. Nothing is decided here.
import * as vscode from 'vscode'

import { createAdapterFactory } from './adapterFactory.ts'
import { configurationProvider, foundPrograms } from './configurationProvider.ts'
import { showGuestConsoles } from './guestConsole.ts'
import { openSampleGuest } from './sampleGuest.ts'
import { showViews } from './views/views.ts'

export function activate(context: vscode.ExtensionContext): void {
  const { registerDebugConfigurationProvider, registerDebugAdapterDescriptorFactory } = vscode.debug
  context.subscriptions.push(
    registerDebugConfigurationProvider('e500', configurationProvider(context.extension.packageJSON)),
    registerDebugConfigurationProvider('e500', foundPrograms, vscode.DebugConfigurationProviderTriggerKind.Dynamic),
    registerDebugAdapterDescriptorFactory('e500', createAdapterFactory(context.asAbsolutePath('dist/adapter.js'))),
    ...showGuestConsoles(),
    ...showViews(context.extensionUri),
    vscode.commands.registerCommand('e500.openSample', () => openSampleGuest(context.extensionUri)),
  )
}
