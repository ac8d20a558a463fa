// A server of the tests' own: REGIOPOSTD, else .build/debug/regiopostd.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client, enrol } from '../regiopost.mjs'

const PROGRAM = process.env.REGIOPOSTD || fileURLToPath(new URL('../../../.build/debug/regiopostd', import.meta.url))

/** Why nothing can be tried against a server, or false. */
export const skip = !existsSync(PROGRAM) && `there is no server at ${PROGRAM}: build it, or name one by REGIOPOSTD`

export class Server {
  async start() {
    this.folder = mkdtempSync(join(tmpdir(), 'regiopost-node-'))
    this.operate('init', '--host', 'localhost', '--language', 'en')
    this.process = spawn(PROGRAM, ['serve', '--data', join(this.folder, 'data'), '--host', '127.0.0.1', '--port', '0'],
      { stdio: ['ignore', 'pipe', 'ignore'] })
    for await (const line of createInterface({ input: this.process.stdout })) if (/port \d+/.test(line)) break
  }

  async stop() {
    if (!this.process) return
    const gone = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.kill('SIGTERM')
    await gone
    rmSync(this.folder, { recursive: true })
  }

  /** Runs a command of the operator's. */
  operate(...args) {
    return execFileSync(PROGRAM, [...args, '--data', join(this.folder, 'data')], { encoding: 'utf8' })
  }

  invitation(address) {
    return JSON.parse(this.operate('invite', address, '--json')).invitation
  }

  /** The client of an address, enrolled where it wasn't. */
  async client(address) {
    const profile = join(this.folder, address.replace('/', '-'))
    if (!existsSync(profile)) await enrol(this.invitation(address), profile)
    return new Client(profile)
  }
}
