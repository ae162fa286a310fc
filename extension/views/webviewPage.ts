// The page of a view: one script under a nonce, styles and fonts of the extension, and nothing from anywhere else.
import { randomBytes } from 'node:crypto'
import * as vscode from 'vscode'

export interface Page {
  /** Of dist/views, without .js; the element that it defines has this name after "e500-". */
  readonly name: string
  readonly title: string
}

export function pageHtml(webview: vscode.Webview, folder: vscode.Uri, { name, title }: Page): string {
  const nonce = randomBytes(16).toString('base64')
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file))
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; font-src ${webview.cspSource}`
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<link rel="stylesheet" href="${uri('codicon.css')}" id="vscode-codicon-stylesheet">
<link rel="stylesheet" href="${uri('page.css')}">
</head>
<body>
<e500-${name}></e500-${name}>
<script nonce="${nonce}" src="${uri(`${name}.js`)}"></script>
</body>
</html>`
}
