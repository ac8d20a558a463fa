// What a meeting came to, and the programmes that hold it together (8.4.6).

import { illegal, step } from './steps.mjs'
import { fail } from './values.mjs'

const AGREEMENT = {
  '': { record: 'open' },
  open: { progress: 'open', amend: 'open', complete: 'done', drop: 'dropped' },
  done: { reopen: 'open' },
  dropped: { reopen: 'open' },
}

/** @param {any} state
 * @param {import('./changes.mjs').Change} change */
export function agreement(state, { type, author, body }) {
  const verb = type.split('.')[1]
  const status = step(AGREEMENT, state?.status, verb)
  if (verb === 'record') {
    const { due, owner } = body
    return { status, due, percent: undefined, owner, recorder: author, entries: 0, reason: null, content: body }
  }
  const due = verb === 'amend' ? body.due : state.due
  const percent = body.percent ?? state.percent
  return { ...state, status, due, percent, entries: state.entries + 1, reason: body.reason ?? null }
}

const MOST = 500

/** @param {any} state
 * @param {import('./changes.mjs').Change} change */
export function programme(state, { type, author, body }) {
  const verb = type.split('.')[1]
  if (verb === 'start') {
    if (state) illegal()
    return { status: 'open', name: body.name, keeper: author, agreements: [], note: null, content: body }
  }
  if (!state) return fail('subject-unknown')
  if (state.status === 'closed') return illegal()
  switch (verb) {
    case 'include': return { ...state, agreements: included(state.agreements, body.agreements) }
    case 'exclude': return { ...state, agreements: excluded(state.agreements, body.agreements) }
    case 'rename': return { ...state, name: body.name }
    default: return { ...state, status: 'closed', note: body.note ?? null }
  }
}

function included(there, named) {
  const all = [...there, ...named]
  if (new Set(all).size < all.length || all.length > MOST) fail('bad-field', 'body.agreements')
  return all
}

function excluded(there, named) {
  const isIn = (id) => there.includes(id)
  if (new Set(named).size < named.length || !named.every(isIn)) fail('bad-field', 'body.agreements')
  return there.filter((id) => !named.includes(id))
}
