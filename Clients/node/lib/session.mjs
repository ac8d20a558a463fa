// One connection as a state machine without sockets: lines in, lines out, requests that wait for their replies.

import { createHash } from 'node:crypto'
import { RegiopostError } from './errors.mjs'
import { AROUND_JSON, LONGEST_JSON, LineReader, readMessage, requestLine } from './lines.mjs'

/** A change as a mailbox has it.
 * @typedef {{ position: number, received: string, digest: string, json: string }} Row */

export class Session {
  /** @param {{
   *   write: (bytes: Buffer) => void,
   *   onBatch?: (mailbox: string, rows: Row[], cursor: string) => void,
   *   longest?: number }} parts `onBatch` stores changes and the cursor that covers them, in one transaction */
  constructor({ write, onBatch = () => {}, longest = LONGEST_JSON }) {
    this.write = write
    this.onBatch = onBatch
    this.reader = new LineReader(longest + AROUND_JSON)
    /** @type {import('./lines.mjs').Message | null} */
    this.greeting = null
    this.greeted = deferred()
    /** @type {RegiopostError | null} why nothing can be asked any more */
    this.ended = null
    this.closed = deferred()
    this.tags = 0
    /** The blob that is fetched, and how far it came.
     * @type {{ sha256: string, offset: number, take: (piece: Buffer) => void }} */
    this.fetching = { sha256: '', offset: 0, take: () => {} }
    /** When something was asked last, in milliseconds. */
    this.asked = 0
    /** @type {Map<string, { verb: string, mailbox?: string, reply: any }>} */
    this.underWay = new Map()
    /** @type {Map<string, { last: number, rows: Row[] }>} the mailboxes that are read or watched */
    this.readers = new Map()
  }

  /** Takes what came from the server. */
  receive(bytes) {
    if (this.ended) return
    try {
      for (const { line, piece } of this.reader.read(bytes)) {
        if (piece) this.fetching.take(piece)
        else this.message(readMessage(line))
        if (this.ended) return
      }
      if (this.reader.error) throw new RegiopostError('protocol', { detail: this.reader.error })
    } catch (error) {
      const isOurs = error instanceof RegiopostError
      this.end(isOurs ? error : new RegiopostError('protocol', { detail: error.message, cause: error }))
    }
  }

  /** Nothing comes any more. What has no reply fails; only the end that was asked for is none. */
  end(error = new RegiopostError('cut-off')) {
    if (this.ended) return
    this.ended = error
    this.greeted.reject(error)
    for (const { reply } of this.underWay.values()) reply.reject(error)
    this.underWay.clear()
    this.closed.resolve(error)
  }

  /** Asks, and waits for the reply.
   * @param {string} verb
   * @param {Record<string, string | number>} [attributes]
   * @param {string} [json]
   * @returns {Promise<import('./lines.mjs').Message>} the OK
   * @throws {RegiopostError} the NO, or what ended the connection */
  async request(verb, attributes = {}, json) {
    return this.ask(String(++this.tags), verb, attributes, json)
  }

  /** Sends a piece of a blob: the line that counts it, then its bytes. */
  async sendPiece({ sha256, size, offset }, bytes) {
    const reply = this.ask(String(++this.tags), 'BLOB', { sha256, size, offset, count: bytes.length })
    this.write(bytes)
    return reply
  }

  /** Asks for a blob's bytes from an offset on. One is fetched at a time.
   * @param {{ sha256: string, offset: number }} from
   * @param {(piece: Buffer) => void} take */
  async fetch({ sha256, offset }, take) {
    this.fetching = { sha256, offset, take }
    return this.request('FETCH', { sha256, offset })
  }

  /** Asks by a tag of the caller's. */
  ask(tag, verb, attributes = {}, json) {
    if (this.ended) return Promise.reject(this.ended)
    if (!this.greeting) return Promise.reject(new RegiopostError('protocol', { detail: 'there was no greeting yet' }))
    const reply = deferred()
    this.asked = Date.now()
    this.underWay.set(tag, { verb, mailbox: attributes.mailbox, reply })
    this.write(Buffer.from(`${requestLine(tag, verb, attributes, json)}\n`))
    return reply.promise
  }

  /** Reads what comes after a cursor: by PULL one page, by WATCH all that is there, and from then on what comes.
   * @param {'PULL' | 'WATCH'} verb
   * @param {string} mailbox
   * @param {{ cursor: string, position: number }} place the cursor, and the position of the last change before it
   * @param {number} [limit] */
  read(verb, mailbox, { cursor, position }, limit) {
    if (this.readers.has(mailbox)) return Promise.reject(new RegiopostError('mailbox-busy', { details: { mailbox } }))
    this.readers.set(mailbox, { last: position, rows: [] })
    return this.request(verb, { mailbox, cursor, ...(limit && { limit }) })
  }

  message(message) {
    if (!this.greeting) return this.greet(message)
    switch (message.kind) {
      case 'ok': return this.answer(message)
      case 'no': return this.refuse(message)
      case 'change': return this.change(message)
      case 'cursor': return this.batch(message)
      case 'blob': return this.piece(message)
      case 'bye': return this.end(errorOf(message))
      case 'unknown': return
      case 'untagged': throw errorOf(message)
      default: fail(`${message.kind} has no place here`)
    }
  }

  greet(message) {
    if (message.kind === 'bye') throw errorOf(message)
    if (!message.kind.endsWith('greeting')) fail('no greeting came')
    this.greeting = message
    this.reader.limit = Number(message.line) + AROUND_JSON
    this.greeted.resolve(message)
  }

  /** The request that a reply is to. It stays under way while the reply may still be found wrong. */
  taken({ tag }) {
    return this.underWay.get(tag)
      ?? fail(`a reply to ${tag}, which was not asked`)
  }

  answer(message) {
    const { verb, mailbox, reply } = this.taken(message)
    if (verb !== message.verb || mailbox !== message.mailbox) fail('a reply to something else')
    if (verb === 'PULL' || verb === 'WATCH') this.batch(message)
    if (verb === 'FETCH' && Number(message.offset) !== this.fetching.offset) fail('not the bytes that were sent')
    this.underWay.delete(message.tag)
    if (verb === 'PULL' || verb === 'UNWATCH') this.readers.delete(mailbox)
    reply.resolve(message)
  }

  refuse(message) {
    const { verb, mailbox, reply } = this.taken(message)
    this.underWay.delete(message.tag)
    if ((verb === 'PULL' || verb === 'WATCH') && message.code !== 'mailbox-busy') this.readers.delete(mailbox)
    reply.reject(errorOf(message))
  }

  change({ mailbox, position, received, digest, json }) {
    const reader = this.readers.get(mailbox)
    if (!reader) fail(`a change in ${mailbox}, which is not read`)
    if (Number(position) !== reader.last + 1) fail('a gap in the positions')
    if (createHash('sha256').update(json).digest('hex') !== digest) {
      fail('a change is not what its digest says')
    }
    reader.last += 1
    reader.rows.push({ position: reader.last, received, digest, json })
  }

  /** Pieces come in order and without a gap. */
  piece({ sha256, offset, count }) {
    const isAsked = [...this.underWay.values()].some(({ verb }) => verb === 'FETCH')
    if (!isAsked || sha256 !== this.fetching.sha256 || Number(offset) !== this.fetching.offset) {
      fail('bytes that were not asked for')
    }
    this.fetching.offset += Number(count)
    this.reader.counted = Number(count)
  }

  batch({ mailbox, cursor }) {
    const reader = this.readers.get(mailbox)
    if (!reader) fail(`a cursor of ${mailbox}, which is not read`)
    const rows = reader.rows
    reader.rows = []
    this.onBatch(mailbox, rows, cursor)
  }
}

/** What the server says has no place in the protocol.
 * @returns {never} */
function fail(detail) {
  throw new RegiopostError('protocol', { detail })
}

/** What a NO or a BYE says, as an error. */
export function errorOf({ kind, tag, code, retry, text, ...details }) {
  return new RegiopostError(code, { retry, text, details })
}

/** A promise with its ends outside; that nobody waits for it is no fault. */
function deferred() {
  const parts = {}
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }))
  parts.promise.catch(() => {})
  return parts
}
