// What the changes on one subject come to (8.4.3 to 8.4.7). Each fold takes changes in the order of the mailbox;
// a step that the state doesn't allow throws and leaves the state as it was.

import { agreement, programme } from './agreements.mjs'
import { draft } from './drafts.mjs'
import { meeting } from './meetings.mjs'
import { illegal, step } from './steps.mjs'
import { term } from './terms.mjs'
import { fail } from './values.mjs'

/** @typedef {import('./changes.mjs').Change} Change */

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

/** A joint response counts as the answer of each member that signed, while it stands. */
function joint(state, change, received) {
  const next = response(state, change, received)
  const { lead, members, signed = [], declined = [], missing = [] } = next.content
  const signers = signed.map(({ organisation }) => organisation)
  return {
    ...next, lead, members, signed: signers, missing, answersFor: next.status === 'withdrawn' ? [] : signers,
    declined: declined.map(({ organisation, reason }) => ({ by: organisation, reason })),
  }
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

const FOLDS = {
  letter, receipt, response, joint, meeting, agreement, programme, term, draft, organisation, region, mandate,
}

/** Takes one change more.
 * @param {any} state undefined where there is nothing yet
 * @param {Change} change
 * @param {string} received when the server got it
 * @param {string} [digest] of its line, which drafts are signed by
 * @returns {any} the new state; undefined for kinds of subject that aren't folded
 * @throws {import('./errors.mjs').RegiopostError} */
export function apply(state, change, received, digest) {
  const fold = FOLDS[change.subject.split('/')[0]]
  return fold ? fold(state, change, received, digest) : state
}
