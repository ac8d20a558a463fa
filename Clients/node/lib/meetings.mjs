// What the changes on a meeting come to (8.4.6): its state, its date, who takes part and what suits all.

import { illegal } from './steps.mjs'
import { fail } from './values.mjs'

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

/** @param {any} state
 * @param {import('./changes.mjs').Change} change */
export function meeting(state, change) {
  const verb = change.type.split('.')[1]
  if (verb === 'request') return state ? illegal() : requested(change)
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
