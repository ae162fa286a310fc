// "e500: Open Sample Guest Kernel": the guest that ships with the extension, in a folder of the user's own.
import * as vscode from 'vscode'

const FOLDER = 'e500-sample'

export async function openSampleGuest(extensionUri: vscode.Uri): Promise<void> {
  const [parent] = (await vscode.window.showOpenDialog(WHERE)) ?? []
  if (!parent) return
  const folder = vscode.Uri.joinPath(parent, FOLDER)
  if (!(await exists(folder))) await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'dist/sample'), folder)
  await vscode.commands.executeCommand('vscode.openFolder', folder)
}

const WHERE: vscode.OpenDialogOptions = {
  canSelectFiles: false,
  canSelectFolders: true,
  openLabel: 'Copy the Sample Here',
  title: `Where shall the folder "${FOLDER}" go?`,
}

/** One copied earlier is opened as it is: it may hold the user's changes. */
const exists = (uri: vscode.Uri): Thenable<boolean> =>
  vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  )
