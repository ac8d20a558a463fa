// What a client keeps on disk: a profile's folder, with files of JSON lines that anybody can read.
//
//   profile.json, identity.pem, root.pem   who this is (key and certificate), and the authority that it knows
//   own.jsonl, directory.jsonl             the replica: changes, and the cursors that cover them
//   outbox.jsonl                           changes of this profile's own, and what became of each
//   blobs/                                 files, by the SHA-256 of their bytes

import {
  closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, renameSync, statSync, truncateSync,
  unlinkSync, writeSync, fstatSync, linkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { RegiopostError } from './errors.mjs'

/** Writes a file whole or not at all, and durably. */
export function writeWhole(path, content, mode = 0o600) {
  const beside = `${path}.new`
  durably(beside, 'w', mode, content)
  renameSync(beside, path)
  syncFolder(dirname(path))
}

function durably(path, flags, mode, content) {
  const file = openSync(path, flags, mode)
  try {
    writeAll(file, Buffer.from(content))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Writes all of it: one write may take a part alone. */
export function writeAll(file, bytes) {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done)
}

/** A name in a folder is durable once the folder is. */
export function syncFolder(path) {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** A file of JSON lines to which lines are only added. A last line without its end was never there. */
export class Journal {
  /** @param {string} path */
  constructor(path) {
    this.path = path
  }

  /** Adds lines. They are durable when this returns. */
  append(...entries) {
    const isNew = !existsSync(this.path)
    const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
    // What a power cut left of a line must not become the beginning of this one.
    durably(this.path, 'a', 0o600, this.endsInside() ? `\n${lines}` : lines)
    if (isNew) syncFolder(dirname(this.path))
  }

  endsInside() {
    if (!existsSync(this.path)) return false
    const file = openSync(this.path, 'r')
    try {
      const { size } = fstatSync(file)
      const last = Buffer.alloc(1)
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
    } finally {
      closeSync(file)
    }
  }

  /** The whole lines, each with the place in the file where it ends. */
  *entries() {
    if (!existsSync(this.path)) return
    const bytes = readFileSync(this.path)
    for (let at = 0, end; (end = bytes.indexOf(0x0a, at)) >= 0; at = end + 1) {
      let entry
      try {
        entry = JSON.parse(bytes.toString('utf8', at, end))
      } catch {
        continue // cut off by a power cut before it was accepted
      }
      yield { entry, end: end + 1 }
    }
  }

  get size() {
    return existsSync(this.path) ? statSync(this.path).size : 0
  }
}

/** One mailbox as far as it was read. Rows and the cursor after them are one write: what has no cursor after it was
 * never stored, and comes again. */
export class Replica {
  /** @param {string} path */
  constructor(path) {
    this.journal = new Journal(path)
    this.load()
  }

  load() {
    /** @type {Map<string, any>} by id: the newest of each */
    this.byId = new Map()
    this.cursor = '0'
    this.position = 0
    /** How often this was read from the start. */
    this.reading = 0
    this.stored = 0
    let open = []
    for (const { entry, end } of this.journal.entries()) {
      if (entry.json !== undefined) {
        open.push(entry)
        continue
      }
      if (entry.resync) this.startAnew()
      else this.take(open, entry.cursor)
      open = []
      this.stored = end
    }
  }

  startAnew() {
    this.reading += 1
    this.cursor = '0'
    this.position = 0
  }

  take(rows, cursor) {
    for (const row of rows) {
      const { id } = JSON.parse(row.json)
      this.byId.delete(id)
      this.byId.set(id, { ...row, id, reading: this.reading })
      this.position = row.position
    }
    this.cursor = cursor
  }

  /** Drops what was written without the cursor that covers it. For the one program that synchronises. */
  repair() {
    if (this.journal.size > this.stored) truncateSync(this.journal.path, this.stored)
  }

  /** Stores changes and the cursor that covers them.
   * @param {import('./session.mjs').Row[]} rows
   * @param {string} cursor */
  store(rows, cursor) {
    if (rows.length === 0 && cursor === this.cursor) return
    this.journal.append(...rows, { cursor })
    this.take(rows, cursor)
    this.stored = this.journal.size
  }

  /** The server doesn't know the cursor: everything is read again, and nothing is dropped for it. */
  resync() {
    this.journal.append({ resync: true })
    this.startAnew()
    this.stored = this.journal.size
  }

  /** The changes: those that the server has, then those that didn't come again after a resync. */
  rows() {
    const rows = [...this.byId.values()]
    const again = (row) => row.reading === this.reading
    return [...rows.filter(again), ...rows.filter((row) => !again(row))]
  }
}

/** A change of this profile's own, and what became of it.
 * @typedef {{ line: string, change: import('./changes.mjs').Change, state: 'waiting' | 'taken' | 'refused' | 'dropped',
 *   receipt?: any, refusal?: { code: string, retry: string, text: string, details: any } }} Entry */

/** The client's own changes. What was submitted is durable before anybody is told that it was accepted. */
export class Outbox {
  /** @param {string} path */
  constructor(path) {
    this.journal = new Journal(path)
  }

  /** @returns {Map<string, Entry>} by id, in the order in which they were submitted */
  entries() {
    const entries = new Map()
    for (const { entry } of this.journal.entries()) {
      if (entry.submit !== undefined) {
        const change = JSON.parse(entry.submit)
        entries.set(change.id, { line: entry.submit, change, state: 'waiting' })
      } else if (entries.has(entry.id)) {
        Object.assign(entries.get(entry.id), entry)
      }
    }
    return entries
  }

  /** @param {string} line the exact bytes that are sent, now and at every retry */
  submit(line) {
    this.journal.append({ submit: line })
  }

  /** @param {string} id
   * @param {Partial<Entry>} outcome */
  note(id, outcome) {
    this.journal.append({ id, ...outcome })
  }
}

/** A profile's folder. */
export class Profile {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder
    if (!existsSync(this.path('identity.pem'))) throw new RegiopostError('no-profile', { detail: folder })
    const { host, port, address } = JSON.parse(this.read('profile.json'))
    /** @type {string} */ this.host = host
    /** @type {number} */ this.port = port
    /** @type {string} */ this.address = address
    this.outbox = new Outbox(this.path('outbox.jsonl'))
    this.mailboxes = {
      own: new Replica(this.path('own.jsonl')),
      directory: new Replica(this.path('directory.jsonl')),
    }
  }

  path(name) {
    return join(this.folder, name)
  }

  read(name) {
    return readFileSync(this.path(name), 'utf8')
  }

  /** Makes the folder where there is none. */
  static prepare(folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** Lets one program at a time read the mailboxes; submitting needs no leave.
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>} */
  async alone(work) {
    const lock = this.path('sync.lock')
    claim(lock)
    try {
      for (const replica of Object.values(this.mailboxes)) {
        replica.load()
        replica.repair()
      }
      return await work()
    } finally {
      unlinkSync(lock)
    }
  }
}

/** Takes a lock that names its holder; that of a program which is gone is taken over. */
function claim(lock, attempts = 2) {
  const mine = `${lock}.${process.pid}`
  durably(mine, 'w', 0o600, `${process.pid}\n`)
  try {
    linkSync(mine, lock)
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (attempts === 0 || isRunning(Number(readFileSync(lock, 'utf8')))) {
      throw new RegiopostError('profile-busy', { detail: lock, cause: error })
    }
    unlinkSync(lock)
    claim(lock, attempts - 1)
  } finally {
    if (existsSync(mine)) unlinkSync(mine)
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
