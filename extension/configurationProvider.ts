// F5: with a launch.json, with a program alone, and with nothing at all. Asks which guest where nobody said it.
import { basename } from 'node:path'
import * as vscode from 'vscode'

import { type Attributes, completed, needsProgram, problemWith } from './configuration.ts'
import { guestProgramsAmong, PROGRAM_GLOB } from './guestProgram.ts'

type Folder = vscode.WorkspaceFolder | undefined

const FILES_LOOKED_INTO = 200

export function configurationProvider(packageJson: Manifest): vscode.DebugConfigurationProvider {
  const attributes = packageJson.contributes.debuggers[0].configurationAttributes
  return {
    async resolveDebugConfiguration(folder, given) {
      const configuration = completed(given)
      if (!needsProgram(configuration)) return configuration
      const program = await pickProgram(folder)
      return typeof program === 'string' ? { ...configuration, program } : program
    },

    async resolveDebugConfigurationWithSubstitutedVariables(_folder, configuration) {
      const problem = problemWith(configuration, attributes)
      return problem ? refuse(problem) : configuration
    },
  }
}

/** One configuration for each guest of the workspace: the picker of "Select and start debugging", and a new launch.json. */
export const foundPrograms: vscode.DebugConfigurationProvider = {
  async provideDebugConfigurations(folder) {
    return (await findPrograms(folder)).map((path) => {
      const program = portable(path, folder)
      return { ...completed({ name: `Debug ${basename(path)}` }), program }
    })
  },
}

interface Manifest {
  readonly contributes: { readonly debuggers: readonly [{ readonly configurationAttributes: Attributes }] }
}

async function findPrograms(folder: Folder): Promise<string[]> {
  const pattern = folder ? new vscode.RelativePattern(folder, PROGRAM_GLOB) : PROGRAM_GLOB
  const files = await vscode.workspace.findFiles(pattern, undefined, FILES_LOOKED_INTO)
  return guestProgramsAmong(files.map((file) => file.fsPath))
}

/** As a launch.json says it that moves with its folder. */
function portable(path: string, folder: Folder): string {
  return folder ? `\${workspaceFolder}/${vscode.workspace.asRelativePath(path, false)}` : path
}

/** A path; undefined when the user thought better of it; null opens launch.json. */
async function pickProgram(folder: Folder): Promise<string | undefined | null> {
  const programs = await findPrograms(folder)
  if (programs.length === 0)
    return refuse(
      'Nothing says which guest to debug, and the workspace holds no executable for PowerPC. Build one, or write its path as "program" in launch.json.',
    )
  if (programs.length === 1) return programs[0]
  const items = programs.map((path) => ({
    label: basename(path),
    description: vscode.workspace.asRelativePath(path),
    path,
  }))
  const picked = await vscode.window.showQuickPick(items, { title: 'Which guest?', matchOnDescription: true })
  return picked?.path
}

async function refuse(problem: string): Promise<undefined | null> {
  const open = 'Open launch.json'
  return (await vscode.window.showErrorMessage(problem, { modal: true }, open)) === open ? null : undefined
}
