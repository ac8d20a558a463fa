// Strict I-JSON (section 4): JSON.parse takes names that stand twice, fractions and unpaired surrogates.

import { RegiopostError } from './errors.mjs'

const LIMITS = { levels: 16, members: 200, values: 20_000 }
const ESCAPES = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads exact bytes as UTF-8, or throws.
 * @param {Uint8Array} bytes */
export const decode = (bytes) => UTF8.decode(bytes)

/** Reads one JSON text. Objects have no prototype, so that no name in them is special.
 * @param {string} text
 * @returns {any}
 * @throws {RegiopostError} `bad-json` */
export function parseJSON(text) {
  return new Parser(text).whole()
}

class Parser {
  constructor(text) {
    this.text = text
    this.at = 0
    this.values = 0
  }

  whole() {
    const value = this.value(0)
    this.space()
    if (this.at < this.text.length) this.fail('something stands after it')
    return value
  }

  fail(why) {
    throw new RegiopostError('bad-json', { detail: `${why}, at character ${this.at + 1}` })
  }

  space() {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1
  }

  value(level) {
    this.space()
    if (++this.values > LIMITS.values) this.fail('it has too many values')
    const first = this.text[this.at]
    if (first === '{' || first === '[') {
      if (level === LIMITS.levels) this.fail('it is too deep')
      this.at += 1
      return first === '{' ? this.object(level + 1) : this.array(level + 1)
    }
    if (first === '"') return this.string()
    for (const [word, value] of [['true', true], ['false', false], ['null', null]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    return this.number()
  }

  object(level) {
    const object = Object.create(null)
    let members = 0
    for (let first = true; !this.ends('}', first); first = false) {
      this.space()
      if (this.text[this.at] !== '"') this.fail('a name is missing')
      const name = this.string()
      if (name in object) this.fail('a name stands twice')
      if (++members > LIMITS.members) this.fail('an object has too many members')
      this.space()
      if (this.text[this.at++] !== ':') this.fail('a colon is missing')
      object[name] = this.value(level)
    }
    return object
  }

  array(level) {
    const array = []
    for (let first = true; !this.ends(']', first); first = false) array.push(this.value(level))
    return array
  }

  /** Passes the end of an object or array, or the comma before what comes next. */
  ends(end, first) {
    this.space()
    const next = this.text[this.at]
    if (next === end) {
      this.at += 1
      return true
    }
    if (first) return false
    if (next !== ',') this.fail('a comma or an end is missing')
    this.at += 1
    return false
  }

  string() {
    let out = ''
    for (this.at += 1; ;) {
      const marks = /["\\\u0000-\u001f]/g
      marks.lastIndex = this.at
      const stop = marks.exec(this.text)?.index ?? this.fail('a string has no end')
      out += this.text.slice(this.at, stop)
      this.at = stop
      const mark = this.text[this.at++]
      if (mark === '"') break
      if (mark !== '\\') this.fail('a control stands in a string')
      out += this.escape()
    }
    if (/\p{Surrogate}|\p{Noncharacter_Code_Point}/u.test(out)) this.fail('a string is not Unicode for interchange')
    return out
  }

  escape() {
    const letter = this.text[this.at++]
    if (letter !== 'u') return ESCAPES[letter] ?? this.fail('there is no such escape')
    const digits = this.text.slice(this.at, this.at + 4)
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) this.fail('an escape is not whole')
    this.at += 4
    return String.fromCharCode(parseInt(digits, 16))
  }

  number() {
    const [digits] = /^-?[0-9.eE+-]*/.exec(this.text.slice(this.at, this.at + 40)) ?? ['']
    if (!/^(0|-?[1-9][0-9]{0,15})$/.test(digits) || !Number.isSafeInteger(Number(digits))) {
      this.fail('this is no value, or no whole number in bounds')
    }
    this.at += digits.length
    return Number(digits)
  }
}

/** Whether two JSON values say the same, whatever the order of members.
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean} */
export function sameJSON(a, b) {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => name in b && sameJSON(a[name], b[name]))
}
