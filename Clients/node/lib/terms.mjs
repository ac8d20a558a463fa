// The term by which an organisation answers a letter, and when an answer is due (8.4.5).

import { illegal, step } from './steps.mjs'
import { fail } from './values.mjs'

const TERM = {
  '': { set: 'running', suspend: 'suspended', remind: 'running' },
  running: { set: 'running', suspend: 'suspended', remind: 'running' },
  suspended: { set: 'suspended', resume: 'running', remind: 'suspended' },
}
const NONE = {
  moved: null, own: null, suspendedSince: null, reason: null, suspendedDays: 0, reminders: 0, remindedBy: null,
  reminder: null, remindedAt: null,
}

/** @param {any} state
 * @param {import('./changes.mjs').Change} change
 * @param {string} received */
export function term(state, { type, author, body }, received) {
  const verb = type.split('.')[1]
  const status = step(TERM, state?.status, verb)
  const next = { ...NONE, ...state, status }
  switch (verb) {
    case 'set':
      if (author.startsWith('gm')) return { ...next, own: body.due }
      return status === 'suspended' ? illegal() : { ...next, moved: body.due, suspendedDays: 0 }
    case 'suspend': return { ...next, suspendedSince: body.from, reason: body.reason }
    case 'resume': {
      const days = between(next.suspendedSince, body.on)
      if (days < 0) fail('bad-field', 'body.on')
      return { ...next, suspendedSince: null, reason: null, suspendedDays: next.suspendedDays + days }
    }
    default: {
      const reminders = next.reminders + 1
      return { ...next, reminders, remindedBy: author, reminder: body.note ?? null, remindedAt: received }
    }
  }
}

const DAY = 86_400_000
const between = (from, until) => (Date.parse(until) - Date.parse(from)) / DAY
const later = (date, days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10)

/** When an answer is due; null where nobody set a date, and while the term stands still.
 * @param {any} state of the term; undefined where there is none
 * @param {string} [letterDue] the date in the letter
 * @returns {string | null} */
export function due(state, letterDue) {
  if (state?.status === 'suspended') return null
  const set = state?.moved ?? letterDue
  const dates = [set && later(set, state?.suspendedDays ?? 0), state?.own].filter(Boolean).map(workingDay).sort()
  return dates[0] ?? null
}

/** The day, or the next one that is neither in a weekend nor a public holiday. */
function workingDay(date) {
  let day = date
  while ([0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()) || isHoliday(day)) day = later(day, 1)
  return day
}

/** The days of the Algemene termijnenwet, article 3. */
function isHoliday(date) {
  const year = Number(date.slice(0, 4))
  const king = new Date(Date.UTC(year, 3, 27)).getUTCDay() === 0 ? '04-26' : '04-27'
  if (['01-01', king, '05-05', '12-25', '12-26'].includes(date.slice(5))) return true
  return [-2, 1, 39, 50].includes(between(easter(year), date))
}

/** Easter Sunday, by the Gregorian computus (Meeus, Jones and Butcher). */
function easter(year) {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100]
  const [d, e] = [Math.floor(b / 4), b % 4]
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const [i, k] = [Math.floor(c / 4), c % 4]
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const n = h + l - 7 * m
  const month = Math.floor((n + 90) / 25)
  const day = (n + 33 * month + 19) % 32
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
