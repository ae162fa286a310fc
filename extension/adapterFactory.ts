// Where a session's debug adapter runs: a process of its own for launch, the guest's own `e500 run --dap-port` for attach.
// `debugServer` in a configuration never comes here: VS Code connects by itself.
import * as vscode from 'vscode'

export function createAdapterFactory(adapterPath: string): vscode.DebugAdapterDescriptorFactory {
  return {
    createDebugAdapterDescriptor({ configuration, workspaceFolder }) {
      if (configuration.request === 'attach')
        return new vscode.DebugAdapterServer(configuration.port, configuration.host)
      // VS Code runs the command `node` in its own runtime. Relative paths of the configuration start at the folder.
      const options = workspaceFolder?.uri.scheme === 'file' ? { cwd: workspaceFolder.uri.fsPath } : {}
      return new vscode.DebugAdapterExecutable('node', [adapterPath], options)
    },
  }
}
