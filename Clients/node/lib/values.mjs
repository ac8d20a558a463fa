// The values of section 8.4.1: each checks what stands at a path, and throws what is wrong with it.

import { RegiopostError } from './errors.mjs'

/** @typedef {(value: any, path: string) => void} Check */

/** @returns {never} */
export function fail(code, field, detail) {
  throw new RegiopostError(code, { details: field ? { field } : {}, detail })
}

const bad = (path, detail) => fail('bad-field', path, detail)
const string = (value, path) => typeof value === 'string' ? value : bad(path)
const match = (pattern) => (value, path) => typeof value === 'string' && pattern.test(value) ? undefined : bad(path)

const ID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
const ORGANISATION = '(?:gm\\d{4}|pv\\d{2})'
const REGION = '(?=.{2,40}$)[a-z0-9]+(?:-[a-z0-9]+)*'
const MUNICIPAL = '(?:formateur|college|gemeentesecretaris|burgemeester|griffie|raadslid|registratuur)'
const PROVINCIAL = `(?:secretariaat|secretaris|voorzitter|accounthouder-${REGION}|registratuur|beheerder|regiopostd)`
const ADDRESS = `(?:gm\\d{4}/${MUNICIPAL}|pv\\d{2}/${PROVINCIAL})`

export const id = match(new RegExp(`^${ID}$`))
export const organisation = match(new RegExp(`^${ORGANISATION}$`))
export const region = match(new RegExp(`^${REGION}$`))
export const role = match(new RegExp(`^(?:${MUNICIPAL}|${PROVINCIAL})$`))
export const address = match(new RegExp(`^${ADDRESS}$`))
export const accounthouder = match(new RegExp(`^pv\\d{2}/accounthouder-${REGION}$`))
export const dossier = match(/^DOS-\d{4}-\d{7}$/)
export const document = match(/^(?!DOS-)[A-Z]{2,4}-\d{4}-\d{9}$/)
export const digest = match(/^[0-9a-f]{64}$/)
export const language = match(/^[a-z]{2,3}(-[A-Z]{2})?$/)

/** The subjects that there are now, by kind. */
const SUBJECTS = {
  letter: ID, meeting: ID, agreement: ID, programme: ID, draft: ID, joint: ID,
  receipt: `${ID}/${ADDRESS}`, response: `${ID}/${ORGANISATION}`, term: `${ID}/${ORGANISATION}`,
  organisation: ORGANISATION, region: REGION, mandate: ADDRESS,
}
const NAMES = Object.fromEntries(Object.entries(SUBJECTS).map(([kind, name]) => [kind, new RegExp(`^${name}$`)]))

/** @type {Check} */
export function subject(value, path) {
  const [, kind, name] = /^([a-z-]{1,40})\/([\x21-\x7e]+)$/.exec(string(value, path)) ?? bad(path)
  if (value.length > 200 || (Object.hasOwn(NAMES, kind) && !NAMES[kind].test(name))) bad(path)
}

/** @returns {Check} a text of at most so many bytes */
export function text(most = 4000) {
  return (value, path) => {
    if (typeof value !== 'string') bad(path)
    if (!/\P{White_Space}/u.test(value)) bad(path, 'it says nothing')
    const bytes = Buffer.byteLength(value)
    if (bytes > most) bad(path, `it has ${bytes} bytes, and at most ${most} are taken`)
  }
}

/** @returns {Check} */
export const number = (least, most) => (value, path) =>
  Number.isInteger(value) && value >= least && value <= most ? undefined : bad(path)

/** @type {Check} */
export const truth = (value, path) => typeof value === 'boolean' ? undefined : bad(path)

/** @returns {Check} one of these words */
export const word = (...words) => (value, path) => words.includes(value) ? undefined : bad(path)

/** @type {Check} a day that exists */
export function date(value, path) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(string(value, path)) ? new Date(`${value}T00:00:00Z`) : null
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value || value < '0001') bad(path)
}

/** @type {Check} */
export function moment(value, path) {
  const form = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{3})?Z$/
  const [, day, hour, minute, second] = form.exec(string(value, path)) ?? bad(path)
  date(day, path)
  if (hour > 23 || minute > 59 || second > 59 || day < '1970') bad(path)
}

/** @type {Check} */
export function slot(value, path) {
  const [, day, from, until] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)\/(\d\d:\d\d)$/.exec(string(value, path)) ?? bad(path)
  date(day, path)
  const real = (time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)
  if (!real(from) || !real(until) || until <= from) bad(path)
}

/** @param {Check} of
 * @param {{ min?: number, max?: number, once?: (element: any) => unknown, onceAt?: string }} [bounds]
 *   `once` is what no two elements have the same; `onceAt` is the member of the second one that is then wrong
 * @returns {Check} */
export function list(of, { min = 0, max = 500, once, onceAt = '' } = {}) {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) bad(path)
    const seen = new Set()
    value.forEach((element, index) => {
      of(element, `${path}[${index}]`)
      if (!once) return
      if (seen.has(once(element))) bad(onceAt ? `${path}[${index}]${onceAt}` : path, 'something stands there twice')
      seen.add(once(element))
    })
  }
}

/** @param {[name: string, check: Check, required?: boolean][]} fields in the order in which they are looked at
 * @returns {Check} */
export function object(fields) {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) bad(path)
    for (const [name, check, required] of fields) {
      const inner = `${path}.${name}`
      if (value[name] !== undefined && value[name] !== null) check(value[name], inner)
      else if (required) fail('missing-field', inner)
    }
  }
}

function fileName(value, path) {
  text(255)(value, path)
  if (/[\p{Cc}\p{Bidi_Control}/]/u.test(value) || value === '.' || value === '..') bad(path)
}

const RESTRICTED = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}'
export const file = object([
  ['name', fileName, true],
  ['media', match(new RegExp(`^${RESTRICTED}/${RESTRICTED}$`)), true],
  ['size', number(1, 1_099_511_627_776), true],
  ['sha256', digest, true],
])
export const files = list(file, { max: 50, once: (file) => file.name, onceAt: '.name' })
export const citation = object([['id', id, true], ['version', id, true], ['digest', digest, true]])
const support = word('knowledge', 'cooperation', 'area-based', 'innovation', 'participation', 'finance')
export const supports = list(support)
export const supportsOnce = list(support, { once: (kind) => kind })
export const themes = list(text(500))
export const confidentiality = word('openbaar', 'beperkt_openbaar', 'intern', 'zaakvertrouwelijk', 'vertrouwelijk',
  'confidentieel', 'geheim', 'zeer_geheim')
