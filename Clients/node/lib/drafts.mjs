// Drafts: versions of a text that its circle signs or declines (8.4.14).

import { step } from './steps.mjs'
import { fail } from './values.mjs'

const DRAFT = {
  '': { save: 'open' },
  open: { save: 'open', sign: 'open', decline: 'open', discard: 'discarded' },
}

/** @param {any} state
 * @param {import('./changes.mjs').Change} change
 * @param {string} received
 * @param {string} digest of the change's line */
export function draft(state, change, received, digest) {
  const verb = change.type.split('.')[1]
  const status = step(DRAFT, state?.status, verb)
  switch (verb) {
    case 'save': return derived({ ...saved(state, change, digest), status })
    case 'sign': return derived(signed(state, change))
    case 'decline': return derived(declined(state, change))
    default: return { ...state, status, reason: change.body.reason }
  }
}

/** A new version voids all signatures. What was declined stands until it is signed. */
function saved(state, { id, author, body }, digest) {
  const first = state?.content ?? body
  if (body.kind !== first.kind) fail('bad-field', 'body.kind')
  if ((body.letter ?? null) !== (first.letter ?? null)) fail('bad-field', 'body.letter')
  return {
    kind: body.kind, title: body.title, owner: state?.owner ?? author.split('/')[0], author, reason: null,
    content: body,
    versions: [...(state?.versions ?? []), id], digests: { ...state?.digests, [id]: digest },
    signatures: new Map(), refusals: state?.refusals ?? new Map(),
  }
}

/** In whose name somebody signs: of a joint response in that of the organisation. */
const signer = ({ kind }, author) => kind === 'joint' ? author.split('/')[0] : author

function signed(state, { id, author, body: { version, digest } }) {
  if (!state.versions.includes(version)) fail('predecessor-missing')
  if (state.digests[version] !== digest) fail('text-changed')
  if (version !== state.versions.at(-1)) return state
  const by = signer(state, author)
  const signatures = new Map(state.signatures)
  if (!signatures.has(by)) signatures.set(by, id)
  const refusals = new Map(state.refusals)
  refusals.delete(by)
  return { ...state, signatures, refusals }
}

function declined(state, { author, body }) {
  const by = signer(state, author)
  const signatures = new Map(state.signatures)
  signatures.delete(by)
  return { ...state, signatures, refusals: new Map([...state.refusals, [by, body.reason]]) }
}

/** Who signed, who declined, and whose signature is still asked for. */
function derived(state) {
  const asked = {
    joint: state.content.members ?? [],
    letter: [`${state.owner}/secretaris`, `${state.owner}/voorzitter`],
    response: [],
  }[state.kind]
  const others = [...state.signatures.keys()].filter((by) => !asked.includes(by))
  return {
    ...state,
    signed: [...asked.filter((by) => state.signatures.has(by)), ...others],
    declined: [...state.refusals].map(([by, reason]) => ({ by, reason })),
    missing: asked.filter((by) => !state.signatures.has(by)),
  }
}
