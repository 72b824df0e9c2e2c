// Where things stand: the package of the registry has the engine at its top, the repository has it in a folder.
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'

export const folder = process.argv[2]
export const isOfRepository = fs.existsSync(`${folder}/test-engine`)
const engine = isOfRepository ? `${folder}/test-engine` : folder

export const load = path => import(pathToFileURL(`${folder}/${path}`))
export const loadEngine = path => import(pathToFileURL(`${engine}/${path}`))
