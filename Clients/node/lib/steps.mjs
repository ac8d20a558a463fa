// Steps from state to state, by the tables of section 8.4.

import { fail } from './values.mjs'

/** @returns {never} */
export const illegal = () => fail('illegal-step')

/** The next state by a table of states, or a refusal. */
export function step(table, from, type, first = 'subject-unknown') {
  return table[from ?? '']?.[type] ?? (from === undefined ? fail(first) : illegal())
}
