#!/usr/bin/env node
import { run } from './lib/command.mjs'
import { RegiopostError, printable } from './lib/errors.mjs'

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort())
try {
  await run(process.argv.slice(2), { signal: stop.signal })
} catch (error) {
  if (!(error instanceof RegiopostError)) throw error
  process.stderr.write(`${printable(error.message)}\n`)
  process.exitCode = error.exit
}
