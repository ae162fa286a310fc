// npm run generate: writes what is printed from the tables.
import { writeFileSync } from 'node:fs'
import { printBodies } from '../emulator/engine/printInterpreter.ts'
import { printGrammar } from './grammar.ts'

writeFileSync('emulator/engine/generated/bodies.ts', printBodies())
writeFileSync('syntaxes/ppcasm.tmLanguage.json', printGrammar())
