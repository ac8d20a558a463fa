// Changes (section 8): their envelope, their types, and whether one is well formed.

import { createHash, randomBytes } from 'node:crypto'
import { RegiopostError } from './errors.mjs'
import { LONGEST_JSON } from './lines.mjs'
import { parseJSON } from './json.mjs'
import {
  accounthouder, address, citation, confidentiality, date, digest, document, dossier, fail, files, id, language, list,
  moment, number, object, organisation, region, role, slot, subject, supports, supportsOnce, text,
  themes, truth, word,
} from './values.mjs'

/** @typedef {{ v: 1, id: string, type: string, subject: string, after?: string, needs?: string[], author: string,
 *   time: string, takenFrom?: string, body: any }} Change */

const note = ['note', text()]
const reason = ['reason', text(), true]
const due = ['due', date]
const kind = ['kind', word('conversation', 'briefing', 'knowledge-session', 'expert-team'), true]
const place = ['place', text(500)]
const level = ['confidentiality', confidentiality]
const ids = list(id)
const someIds = list(id, { min: 1 })
const organisations = list(organisation)
const someOrganisations = list(organisation, { min: 1 })
const addresses = list(address)
const someAddresses = list(address, { min: 1 })
const slots = list(slot)
const someSlots = list(slot, { min: 1 })
const aLetter = [['sender', address, true], ['region', region, true]]
const answers = list(object([
  ['request', number(1, 500), true], ['answer', word('yes', 'partly', 'no', 'later'), true],
  ['text', text()],
]), { once: (answer) => answer.request, onceAt: '.request' })
const contact = (required) => [
  ['contactName', text(200), required], ['contactMail', text(200)], ['contactPhone', text(50)],
]
const termOf = [...aLetter, ['roles', list(role, { min: 1 }), true], level]
const letter = [
  ['dossier', dossier, true], ['document', document, true], ['date', date, true], ['title', text(500), true],
  ['region', region, true], ['yourReference', text(200)], ['attachments', number(0, 1000), true], ['files', files],
  ['themes', themes], ['requests', list(text())],
  ['signatories', list(object([['function', text(200), true], ['name', text(200), true]]))],
  ['recipients', someAddresses, true], ['copies', addresses], due, level, ['supersedes', id],
  ['draft', citation], ['text', text(524_288), true],
]
const response = [
  ...aLetter, ['roles', list(role, { min: 1 }), true], ['dossier', dossier], ['reference', text(200)], level,
  ['text', text(262_144), true], ['answers', answers], ['themes', themes], ['support', supportsOnce], ['files', files],
  ['draft', citation],
]
const draftContent = [
  ['dossier', dossier], ['reference', text(200)], level, ['text', text(262_144), true], ['answers', answers],
  ['themes', themes], ['support', supportsOnce], ['files', files],
]
/** A draft has what its kind needs (8.4.14); the rest means nothing. */
function draft({ kind }) {
  const answered = [['letter', id, true], ['recipients', someAddresses, true]]
  return [
    ['kind', word('letter', 'response', 'joint'), true], ['title', text(500), true],
    ...(kind === 'joint' ? [['members', someOrganisations, true]] : []),
    ...(kind === 'letter' ? [] : answered),
    ['content', object(kind === 'letter' ? letter : draftContent), true],
  ]
}
const joint = [
  ...aLetter, ['letter', id, true], ['lead', organisation, true], ['members', someOrganisations, true],
  ['recipients', someAddresses, true], ['copies', addresses], ['dossier', dossier],
  ['reference', text(200)], level, ['text', text(262_144), true], ['answers', answers], ['themes', themes],
  ['support', supportsOnce], ['files', files], ['draft', citation, true],
  ['signed', list(object([['organisation', organisation, true], ['signature', id, true]]))],
  ['declined', list(object([['organisation', organisation, true], ['reason', text(), true]]))],
  ['missing', organisations],
]
const membership = object([
  ['classification', text(40), true], ['region', region, true], ['from', date], ['until', date],
])

/** Memberships, each classification once on any day. */
function memberships(value, path) {
  list(membership)(value, path)
  value.forEach((one, index) => {
    const shares = (other) => other.classification === one.classification
      && (other.from ?? '') <= (one.until ?? '9999') && (one.from ?? '') <= (other.until ?? '9999')
    if (value.slice(0, index).some(shares)) fail('bad-field', `${path}[${index}].classification`)
  })
}

/** The types of section 8.4: what each is about, whether it commutes, and the fields of its body.
 * @type {Record<string, { kind: string, commutes?: boolean, starts?: boolean,
 *   fields: any[] | ((body: any) => any[]) }>} */
export const TYPES = {}
function type(name, fields, { about = name.split('.')[0], ...more } = {}) {
  TYPES[name] = { kind: about, fields, ...more }
}
const commutes = { commutes: true }
const starts = { starts: true }

type('letter.publish', letter, starts)
type('letter.withdraw', [reason])
type('letter.supersede', [['by', id, true]])
type('receipt.delivered', aLetter, commutes)
type('receipt.opened', aLetter, commutes)
type('response.submit', response)
type('response.withdraw', [reason])
type('response.acknowledge', [note])
type('joint.submit', joint)
type('joint.withdraw', [reason])
type('joint.acknowledge', [note])
type('draft.save', draft)
type('draft.sign', [['version', id, true], ['digest', digest, true]], commutes)
type('draft.decline', [reason], commutes)
type('draft.discard', [reason])
type('meeting.request', [
  kind, ['accounthouder', accounthouder, true], ['invited', organisations], ['letter', id], ['dossier', dossier],
  ['themes', themes], ['slots', slots], place, ['online', truth], ['language', language], ['support', supports],
  ['team', text(200)], ['audience', text(500)], ['size', number(1, 10_000)], note, level,
], starts)
type('meeting.join', [['slots', slots], ['replaces', ids]], commutes)
type('meeting.leave', [['replaces', someIds, true]], commutes)
type('meeting.propose', [['slot', slot, true], place, note])
type('meeting.counter', [['slots', someSlots, true], note])
type('meeting.accept', [note])
type('meeting.confirm', [['slot', slot, true], place, note])
type('meeting.decline', [reason])
type('meeting.cancel', [reason])
type('meeting.reschedule', [['slots', someSlots, true], place, reason])
type('meeting.hold', [['minutes', text(65_536), true], ['present', organisations], ['files', files]])
type('agreement.record', [
  ['meeting', id, true], kind, ['parties', someOrganisations, true], ['text', text(), true],
  ['owner', organisation, true], due, ['themes', themes], ['dossier', dossier], ['letter', id], level,
], starts)
type('agreement.progress', [['note', text(), true], ['percent', number(0, 100)]])
type('agreement.amend', [due, reason])
type('agreement.complete', [note])
type('agreement.drop', [reason])
type('agreement.reopen', [reason])
type('programme.start', [
  ['name', text(200), true], ['region', region, true], ['parties', someOrganisations, true],
], starts)
type('programme.include', [['agreements', someIds, true]])
type('programme.exclude', [['agreements', someIds, true]])
type('programme.rename', [['name', text(200), true]])
type('programme.close', [note])
type('term.set', [...termOf, ['due', date, true], note])
type('term.suspend', [...termOf, ['from', date, true], reason])
type('term.resume', [['on', date, true], note])
type('term.remind', [...termOf, note], commutes)
type('organisation.set', [
  ['code', organisation, true], ['name', text(200), true], ['shortName', text(200), true],
  ['regions', memberships], ['until', date], ['successor', organisation],
])
type('organisation.merge', [
  ['organisations', someOrganisations, true], ['into', organisation, true], ['from', date, true],
])
type('region.set', [
  ['name', region, true], ['title', text(200), true], ['province', organisation, true], ...contact(false),
])
type('region.handover', [['from', date, true], ...contact(true)])
type('mandate.set', [
  ['address', address, true], ['person', text(200)], ['from', date, true], ['until', date],
  ['successor', address, true],
])
type('mandate.start', [['address', address, true], ['on', date, true]])
type('mandate.end', [
  ['address', address, true], ['on', date, true], ['successor', address, true],
])

/** A version other than 1 is another matter than a version that is none. */
function version(value, path) {
  number(1, 1000)(value, path)
  if (value !== 1) fail('unknown-version')
}

function typeName(value, path) {
  text(100)(value, path)
}

/** The envelope, in the order in which it is looked at. */
const ENVELOPE = [
  ['v', version, true], ['id', id, true], ['type', typeName, true], ['subject', subject, true], ['after', id],
  ['needs', ids], ['author', address, true], ['time', moment, true], ['takenFrom', id], ['body', object([]), true],
]

/** Reads a change, as far as it can be judged alone: step 1 of section 8.4.2.
 * @param {string} line its exact JSON
 * @returns {Change}
 * @throws {RegiopostError} line-too-long, bad-json, missing-field, bad-field, unknown-version, subject-mismatch */
export function readChange(line) {
  const bytes = Buffer.byteLength(line)
  if (bytes > LONGEST_JSON) throw new RegiopostError('line-too-long', { details: { limit: String(LONGEST_JSON) } })
  const change = parseJSON(line)
  if (typeof change !== 'object' || change === null || Array.isArray(change)) fail('bad-field')
  for (const [name, check, required] of ENVELOPE) {
    if (change[name] !== undefined && change[name] !== null) check(change[name], name)
    else if (required) fail('missing-field', name)
  }
  if (isKnown(change)) checkBody(change)
  return change
}

/** Whether this client knows the type. What it doesn't know is kept and counted. */
export const isKnown = (change) => Object.hasOwn(TYPES, change.type)

/** Whether a change takes part in the order of its subject. */
export const isExact = (change) => !TYPES[change.type].commutes

function checkBody(change) {
  const { body } = change
  const { fields, kind, starts } = TYPES[change.type]
  object(typeof fields === 'function' ? fields(body) : fields)(body, 'body')
  const [about, ...rest] = change.subject.split('/')
  const name = rest.join('/')
  if (about !== kind) fail('subject-mismatch')
  const isFirst = starts || (change.type === 'draft.save' && !change.after)
  if (isFirst && name !== change.id) fail('subject-mismatch')
  if (change.type === 'joint.submit' && name !== body.draft.id) fail('subject-mismatch')
}

/** An id of version 7: from the time, and random.
 * @returns {string} */
export function newId(now = Date.now()) {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  return formatted(bytes, 7)
}

/** The id of what a script names by a key of its own (8.4.10).
 * @param {string} author
 * @param {string} key */
export function keyedId(author, key) {
  return derivedId(`regiopost key\n${author}\n${key}`)
}

/** @param {string} of
 * @returns {string} an id of version 8 */
export function derivedId(of) {
  return formatted(createHash('sha256').update(of).digest().subarray(0, 16), 8)
}

function formatted(bytes, version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4)
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** Writes a change as the line that is kept and sent, having looked at it as a server does.
 * @param {Omit<Change, 'v' | 'time'> & { time?: string }} content
 * @returns {string} */
export function writeChange({ id, type, subject, after, needs, author, time, takenFrom, body }) {
  const line = JSON.stringify({
    v: 1, id, type, subject, after, needs, author, time: time ?? new Date().toISOString(), takenFrom, body,
  })
  readChange(line)
  return line
}
