// Checks an OpenAPI document with the rules of the OpenAPI specification: `node lint.mjs TOOLS DOCUMENT`.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [tools, document] = process.argv.slice(2)
const tool = createRequire(`${tools}/package.json`).resolve('@redocly/openapi-core')
const { createConfig, lint } = await import(pathToFileURL(tool).href)
const problems = await lint({ ref: document, config: await createConfig({ extends: ['spec'] }) })
for (const { ruleId, message, location } of problems) {
  console.log(`${ruleId}: ${message} ${location?.[0]?.pointer ?? ''}`)
}
process.exitCode = problems.length === 0 ? 0 : 1
