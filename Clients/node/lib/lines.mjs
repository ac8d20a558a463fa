// Lines (section 4): cutting a stream into them, reading what a server says, writing requests.

import { RegiopostError } from './errors.mjs'
import { decode } from './json.mjs'

/** How much longer a line may be than the JSON in it, in bytes. */
export const AROUND_JSON = 1024
/** The longest JSON that any server takes, in bytes. */
export const LONGEST_JSON = 1_048_576
const LONGEST_ENROLMENT = 65_536

/** Cuts a stream into lines of at most `limit` bytes. After `error` nothing may be read any more. */
export class LineReader {
  /** @param {number} [limit] */
  constructor(limit = LONGEST_JSON + AROUND_JSON) {
    this.limit = limit
    /** @type {Buffer[]} the beginning of a line whose end has not come */
    this.parts = []
    this.rest = 0
    /** @type {'bad-byte' | 'line-too-long' | null} */
    this.error = null
    /** How many counted bytes come before the next line. Who reads a line that counts some sets it. */
    this.counted = 0
  }

  /** @param {Uint8Array} bytes
   * @yields {{ line?: Buffer, piece?: Buffer }} one line, without its LF, or counted bytes as they came */
  *read(bytes) {
    for (let at = 0; at < bytes.length && !this.error;) {
      if (this.counted > 0) {
        const piece = Buffer.from(bytes.subarray(at, at + this.counted))
        this.counted -= piece.length
        at += piece.length
        yield { piece }
        continue
      }
      const end = bytes.indexOf(0x0a, at)
      const part = Buffer.from(bytes.subarray(at, end < 0 ? bytes.length : end))
      if ((this.error = this.wrong(part))) {
        this.parts = []
        this.rest = 0
        return
      }
      this.parts.push(part)
      this.rest += part.length
      if (end < 0) return
      at = end + 1
      const line = this.parts.length === 1 ? part : Buffer.concat(this.parts)
      this.parts = []
      this.rest = 0
      yield { line }
    }
  }

  /** What stands first counts: a byte past the limit, whatever it is, or a CR or NUL before it. */
  wrong(part) {
    const room = this.limit - this.rest
    const within = part.subarray(0, room)
    if (within.includes(0x0d) || within.includes(0)) return 'bad-byte'
    return part.length > room ? 'line-too-long' : null
  }
}

const NUMBER = /^(0|[1-9][0-9]{0,14})$/
const COUNT = /^[1-9][0-9]{0,14}$/
const CURSOR = /^[A-Za-z0-9_-]{1,128}$/
const DIGEST = /^[0-9a-f]{64}$/
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/
const DER = /^[A-Za-z0-9_-]{2,21846}$/

const VALUES = {
  mailbox: /^(own|directory)$/, cursor: CURSOR, more: /^(yes|no)$/, repeat: /^(yes|no)$/, complete: /^(yes|no)$/,
  position: COUNT, received: MOMENT, time: MOMENT, digest: DIGEST, receipt: CURSOR, sha256: DIGEST, id: ID, epoch: /^[0-9a-f]{16}$/,
  server: /^(gm\d{4}|pv\d\d)$/, address: /^(gm\d{4}|pv\d\d)\/[a-z][a-z0-9]*(-[a-z0-9]+)*$/, cap: /^[\x21-\x7e]+$/,
  line: COUNT, requests: COUNT, page: COUNT, idle: COUNT, blob: COUNT, chunk: COUNT,
  offset: NUMBER, size: COUNT, count: COUNT, certificate: DER, root: DER,
  retry: /^(never|later|after-sync)$/,
}
const GREETING = ['server', 'address', 'epoch', 'time', 'line', 'requests', 'page', 'idle', 'cap']
const REPLIES = {
  PUSH: ['id', 'position', 'received', 'digest', 'repeat?'],
  PULL: ['mailbox', 'cursor', 'more'],
  WATCH: ['mailbox', 'cursor'],
  UNWATCH: ['mailbox'],
  STORED: ['mailbox'],
  HEAD: ['mailbox', 'position?', 'digest?'],
  RETURN: ['digest', 'repeat?'],
  OFFER: ['sha256', 'offset', 'complete'],
  BLOB: ['sha256', 'offset', 'complete'],
  FETCH: ['sha256', 'offset', 'size'],
  PING: [],
  QUIT: [],
  ENROL: ['certificate', 'root'],
}

/** What is wrong with a line from the server, by the part that is.
 * @param {string} field
 * @returns {never} */
function wrong(field) {
  throw new RegiopostError('protocol', { details: { field } })
}

/** One line from a server, read. Attributes are members of the message, decoded.
 * @typedef {{ kind: string, [name: string]: string }} Message
 * @param {Uint8Array} line without its LF
 * @returns {Message} of kind greeting, enrol-greeting, ok, no, untagged, change, cursor, blob, bye or unknown
 * @throws {RegiopostError} `protocol`, with the part that is wrong as `field` */
export function readMessage(line) {
  const words = new Words(line)
  const tag = words.next('tag')
  if (tag === '*') return announcement(words)
  if (!/^[A-Za-z0-9._-]{1,32}$/.test(tag)) wrong('tag')
  const kind = words.next('kind')
  if (kind === 'OK') {
    const verb = words.next('verb')
    const names = Object.hasOwn(REPLIES, verb) ? REPLIES[verb] : wrong('verb')
    const message = { kind: 'ok', tag, verb, ...picked(words.rest({ text: true }).attributes, names) }
    if (verb === 'HEAD' && !message.position !== !message.digest) wrong(message.position ? 'digest' : 'position')
    if (verb === 'FETCH' && Number(message.offset) > Number(message.size)) wrong('offset')
    return message
  }
  return kind === 'NO' ? { ...refusal(words, 'no'), tag } : wrong('kind')
}

function announcement(words) {
  const word = words.next('kind')
  switch (word) {
    case 'REGIOPOST': return greeting(words, GREETING, 'greeting', LONGEST_JSON)
    case 'REGIOPOST-ENROL': return greeting(words, ['server', 'time', 'line'], 'enrol-greeting', LONGEST_ENROLMENT)
    case 'NO': return refusal(words, 'untagged')
    case 'BYE': {
      const code = codeOf(words)
      return { kind: 'bye', code, text: words.rest({ text: true }).text ?? '' }
    }
    case 'CHANGE': {
      const { attributes, json } = words.rest({ json: true })
      const message = picked(attributes, ['mailbox', 'position', 'received', 'digest', 'receipt?'])
      return { kind: 'change', ...message, json: json ?? wrong('json') }
    }
    case 'CURSOR': return { kind: 'cursor', ...picked(words.rest({}).attributes, ['mailbox', 'cursor']) }
    case 'BLOB': return { kind: 'blob', ...picked(words.rest({}).attributes, ['sha256', 'offset', 'count']) }
    default:
      words.rest({ json: true, text: true })
      return { kind: 'unknown' }
  }
}

function greeting(words, names, kind, longest) {
  if (words.next('version') !== '1') wrong('version')
  const { attributes } = words.rest({})
  const message = picked(attributes, names)
  if (Number(message.line) > longest) wrong('line')
  const blobs = message.cap?.split(',').includes('BLOB') ? picked(attributes, ['blob', 'chunk']) : {}
  return { kind, ...message, ...blobs }
}

function refusal(words, kind) {
  const code = codeOf(words)
  const { attributes, text = '' } = words.rest({ text: true })
  return { ...attributes, ...picked(attributes, ['retry']), kind, code, text }
}

function codeOf(words) {
  const code = words.next('code')
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code) && code.length <= 32 ? code : wrong('code')
}

/** The attributes that are known, each with a value that it can have. The others are ignored. */
function picked(attributes, names) {
  const message = {}
  for (const name of names) {
    const known = name.replace('?', '')
    const value = attributes[known]
    if (value === undefined && name !== known) continue
    if (value === undefined || !VALUES[known].test(value)) wrong(known)
    message[known] = VALUES[known] === MOMENT ? value.replace(/:(\d\d)Z$/, ':$1.000Z') : value
  }
  return message
}

/** A line, word by word. */
class Words {
  constructor(bytes) {
    this.bytes = bytes
    try {
      this.text = decode(bytes)
    } catch {
      wrong('tag')
    }
    this.at = 0
  }

  /** The next word, and the space after it where one comes. */
  next(field) {
    if (this.at > 0) this.space()
    const end = this.text.indexOf(' ', this.at)
    const word = this.text.slice(this.at, end < 0 ? undefined : end)
    if (!/^[\x21-\x7e]+$/.test(word)) wrong(field)
    this.at += word.length
    return word
  }

  /** One space, with something after it. */
  space() {
    if (this.text[this.at] !== ' ' || this.at + 1 === this.text.length) wrong('space')
    this.at += 1
  }

  /** The attributes to the end, and the JSON or text after them where it may stand. */
  rest({ json = false, text = false }) {
    const attributes = Object.create(null)
    for (let count = 0; this.at < this.text.length;) {
      this.space()
      const tail = () => this.text.slice(this.at)
      if (this.text[this.at] === '{') {
        if (!json || Buffer.byteLength(this.text.slice(0, this.at)) > AROUND_JSON) wrong('json')
        return { attributes, json: tail() }
      }
      if (this.text[this.at] === ':') {
        if (!text || /[\x00-\x1f\x7f]/.test(tail())) wrong('text')
        return { attributes, text: tail().slice(1) }
      }
      if (++count > 32) wrong('attribute')
      this.attribute(attributes)
    }
    return { attributes }
  }

  attribute(attributes) {
    const end = this.text.indexOf(' ', this.at)
    const word = this.text.slice(this.at, end < 0 ? undefined : end)
    const [, name, value] = /^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)=(.*)$/s.exec(word) ?? wrong('attribute')
    if (name.length > 32) wrong('attribute')
    if (name in attributes || !/^([\x21-\x24\x26-\x7e]|%[0-9A-F]{2})*$/.test(value)) wrong(name)
    try {
      attributes[name] = decodeURIComponent(value)
    } catch {
      wrong(name)
    }
    this.at += word.length
  }
}

/** A request as one line, without its LF.
 * @param {string} tag
 * @param {string} verb
 * @param {Record<string, string | number>} [attributes]
 * @param {string} [json] */
export function requestLine(tag, verb, attributes = {}, json) {
  const words = Object.entries(attributes).map(([name, value]) => `${name}=${escaped(String(value))}`)
  return [tag, verb, ...words, ...(json === undefined ? [] : [json])].join(' ')
}

function escaped(value) {
  return Array.from(Buffer.from(value), (byte) => byte > 0x20 && byte < 0x7f && byte !== 0x25
    ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
