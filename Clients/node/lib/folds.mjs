// What the changes on one subject come to (8.4.3 to 8.4.7). Each fold takes changes in the order of the mailbox;
// a step that the state doesn't allow throws and leaves the state as it was.

import { fail } from './values.mjs'

/** @typedef {import('./changes.mjs').Change} Change */

const illegal = () => fail('illegal-step')

/** The next state by a table of states, or a refusal. */
function step(table, from, type, first = 'subject-unknown') {
  return table[from ?? '']?.[type] ?? (from === undefined ? fail(first) : illegal())
}

const LETTER = {
  '': { 'letter.publish': 'published' },
  published: { 'letter.supersede': 'superseded', 'letter.withdraw': 'withdrawn' },
  superseded: { 'letter.withdraw': 'withdrawn' },
}

/** @param {any} state
 * @param {Change} change
 * @param {string} received */
function letter(state, { type, author, body }, received) {
  const status = step(LETTER, state?.status, type)
  switch (type) {
    case 'letter.publish': return { status, sender: author, published: received, reason: null, content: body }
    case 'letter.supersede': return { ...state, status, by: body.by }
    default: return { ...state, status, reason: body.reason }
  }
}

function receipt(state, { type }, received) {
  const { delivered = null, opened = null } = state ?? {}
  return type === 'receipt.opened'
    ? { status: 'opened', delivered, opened: opened ?? received }
    : { status: opened ? 'opened' : 'delivered', delivered: delivered ?? received, opened }
}

/** The states of a response, and of a joint one. */
const RESPONSE = {
  '': { submit: 'submitted' },
  submitted: { submit: 'submitted', acknowledge: 'acknowledged', withdraw: 'withdrawn' },
  acknowledged: { submit: 'submitted', withdraw: 'withdrawn' },
  withdrawn: { submit: 'submitted' },
}

function response(state, { id, type, author, body }, received) {
  const verb = type.split('.')[1]
  const status = step(RESPONSE, state?.status, verb)
  if (verb === 'acknowledge') return { ...state, status, note: body.note ?? null }
  if (verb === 'withdraw') return { ...state, status, note: null, reason: body.reason }
  const versions = [...(state?.versions ?? []), id]
  return { status, versions, author, received, text: body.text, note: null, reason: null, content: body }
}

const OPEN = ['requested', 'proposed', 'countered', 'accepted']
const LEAD = {
  propose: 'proposed', counter: 'countered', accept: 'accepted', confirm: 'confirmed', decline: 'declined',
  cancel: 'cancelled', hold: 'held',
}
/** Which steps each side may take in which state (8.4.6). */
const STEPS = {
  requester: {
    counter: ['proposed'], accept: ['proposed', 'confirmed'], cancel: [...OPEN, 'confirmed'], reschedule: ['confirmed'],
  },
  holder: {
    propose: OPEN, confirm: OPEN, decline: OPEN, reschedule: ['confirmed'], hold: ['confirmed'], cancel: ['confirmed'],
  },
}

function meeting(state, change, received) {
  const verb = change.type.split('.')[1]
  if (verb === 'request') return state ? illegal() : requested(change, received)
  if (!state) return fail('subject-unknown')
  if (verb === 'join' || verb === 'leave') return invited(state, change, verb)
  const side = change.author.includes('/accounthouder-') ? 'holder' : 'requester'
  const states = STEPS[side][verb] ?? fail('not-allowed')
  if (!states.includes(state.status)) illegal()
  const next = stepped(state, change.body, verb, side)
  const moved = ['status', 'slot', 'place'].some((name) => next[name] !== state[name])
    || next.countered.join() !== state.countered.join()
  const { note = null, reason = null } = change.body
  return derived({ ...next, note, reason, sequence: state.sequence + (moved ? 1 : 0) })
}

function requested({ author, body }) {
  return derived({
    status: 'requested', requester: author, slot: null, place: null, countered: [], agreed: false, sequence: 0,
    minutes: null, reason: null, note: body.note ?? null, confirmedBefore: null,
    content: body, named: body.slots ?? [], joins: [], gone: [],
  })
}

function stepped(state, body, verb, side) {
  const before = { slot: state.slot, place: state.place }
  const status = verb === 'reschedule' ? (side === 'holder' ? 'proposed' : 'countered') : LEAD[verb]
  switch (verb) {
    case 'propose': {
      const place = body.place ?? state.content.place ?? null
      return { ...state, status, slot: body.slot, place, countered: [], agreed: false }
    }
    case 'counter':
      return { ...state, status, slot: null, place: null, countered: body.slots, named: body.slots, agreed: false }
    case 'accept':
      if (state.agreed) illegal()
      return { ...state, status: state.status === 'confirmed' ? 'confirmed' : status, agreed: true }
    case 'confirm': return confirmed(state, body)
    case 'reschedule':
      if (side === 'requester') {
        return { ...state, status, slot: null, place: null, countered: body.slots, named: body.slots, agreed: false,
          confirmedBefore: before }
      }
      if (body.slots.length !== 1) fail('bad-field', 'body.slots')
      return { ...state, status, slot: body.slots[0], place: body.place ?? state.place, countered: [], agreed: false,
        confirmedBefore: before }
    case 'hold': return { ...state, status, minutes: body.minutes, present: body.present ?? [] }
    default: return { ...state, status, slot: null, place: null, countered: [] }
  }
}

function confirmed(state, { slot, place }) {
  const within = (slots) => slots.some((other) => contains(other, slot))
  const isKnown = {
    proposed: () => slot === state.slot,
    accepted: () => slot === state.slot,
    countered: () => within(state.countered),
    requested: () => within(state.common) || state.nobodyNamed,
  }[state.status]
  if (!isKnown()) fail('slot-unknown')
  return {
    ...state, status: 'confirmed', slot, agreed: state.agreed || within(state.named), countered: [],
    place: place ?? state.place ?? state.confirmedBefore?.place ?? state.content.place ?? null,
  }
}

function invited(state, { id, author, body }, verb) {
  const allowed = verb === 'join' ? OPEN : [...OPEN, 'confirmed']
  if (!allowed.includes(state.status)) illegal()
  const organisation = author.split('/')[0]
  const gone = (body.replaces ?? []).map((join) => `${organisation} ${join}`)
  const joins = verb === 'join' ? [{ id, organisation, slots: body.slots ?? [] }] : []
  return derived({ ...state, joins: [...state.joins, ...joins], gone: [...state.gone, ...gone] })
}

/** What follows from the rest of a meeting: who takes part, what suits all, who the parties are. */
function derived(state) {
  const standing = state.joins.filter(({ id, organisation }) => !state.gone.includes(`${organisation} ${id}`))
  const joined = [...new Set(standing.map(({ organisation }) => organisation))].sort()
  const named = [state.named, ...standing.map(({ slots }) => slots)].filter((slots) => slots.length > 0)
  const requester = state.requester.split('/')[0]
  const others = state.status === 'held' && state.present.length > 0 ? state.present : joined
  return {
    ...state, joined, nobodyNamed: named.length === 0,
    common: named.length > 0 ? named.map(longest).reduce(shared) : [],
    parties: [...new Set([requester, ...others])].sort(),
  }
}

const parts = (slot) => /^(.{10})T(.{5})\/(.{5})$/.exec(slot).slice(1)

/** Whether a slot has another one within it. */
function contains(outer, inner) {
  const [day, from, until] = parts(outer)
  const [innerDay, innerFrom, innerUntil] = parts(inner)
  return day === innerDay && from <= innerFrom && innerUntil <= until
}

/** What two lists of slots have in common, slot by slot. */
function shared(some, others) {
  const both = []
  for (const [day, from, until] of some.map(parts)) {
    for (const [otherDay, otherFrom, otherUntil] of others.map(parts)) {
      const start = from > otherFrom ? from : otherFrom
      const end = until < otherUntil ? until : otherUntil
      if (day === otherDay && start < end) both.push(`${day}T${start}/${end}`)
    }
  }
  return longest(both)
}

/** Of slots within others only the longest, in the order of time. */
function longest(slots) {
  const once = [...new Set(slots)]
  return once.filter((slot) => !once.some((other) => other !== slot && contains(other, slot))).sort()
}

function organisation(state, { type, body }) {
  if (type === 'organisation.merge') return { ...state, merged: [...(state?.merged ?? []), body] }
  return { ...body, regions: body.regions ?? [], merged: state?.merged ?? [] }
}

function region(state, { type, subject, body }) {
  const contact = { contactName: body.contactName ?? null, contactMail: body.contactMail ?? null,
    contactPhone: body.contactPhone ?? null }
  if (type === 'region.handover') return { ...(state ?? fail('subject-unknown')), ...contact }
  const accounthouder = `${body.province}/accounthouder-${subject.split('/')[1]}`
  return { title: body.title, province: body.province, accounthouder, ...contact }
}

const MANDATE = {
  '': { 'mandate.set': 'planned', 'mandate.end': 'ended' },
  planned: { 'mandate.set': 'planned', 'mandate.start': 'running', 'mandate.end': 'ended' },
  running: { 'mandate.set': 'running', 'mandate.end': 'ended' },
  ended: { 'mandate.set': 'ended', 'mandate.start': 'running' },
}

function mandate(state, { type, body }) {
  const status = step(MANDATE, state?.status, type, 'illegal-step')
  if (state?.status === 'ended' && type === 'mandate.start' && !state.setAnew) illegal()
  const setAnew = type === 'mandate.set' && status === 'ended'
  return { ...state, ...body, status, successor: body.successor ?? state?.successor, setAnew }
}

const FOLDS = { letter, receipt, response, joint: response, meeting, organisation, region, mandate }

/** Takes one change more.
 * @param {any} state undefined where there is nothing yet
 * @param {Change} change
 * @param {string} received when the server got it
 * @returns {any} the new state; undefined for kinds of subject that aren't folded
 * @throws {import('./errors.mjs').RegiopostError} */
export function apply(state, change, received) {
  const fold = FOLDS[change.subject.split('/')[0]]
  return fold ? fold(state, change, received) : state
}
