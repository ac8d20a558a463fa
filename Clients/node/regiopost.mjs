// A client of Regiopost: a profile on disk, what it holds, and how it is synchronised. Written from Protocol/ alone.

import { createHash } from 'node:crypto'
import { isExact, isKnown, keyedId, newId, readChange, writeChange } from './lib/changes.mjs'
import { enrol } from './lib/enrolment.mjs'
import { RegiopostError } from './lib/errors.mjs'
import { apply } from './lib/folds.mjs'
import { Profile } from './lib/store.mjs'
import { Synchroniser } from './lib/sync.mjs'
import { due } from './lib/terms.mjs'

export { RegiopostError, enrol, Profile }

/** Who answers a letter beside those that it is addressed to, and who asks for a meeting of each kind (rights.md). */
const ANSWERING = ['college', 'gemeentesecretaris']
const ASKING = {
  conversation: ['formateur', 'college', 'gemeentesecretaris'],
  briefing: ['griffie'],
  'knowledge-session': ['college', 'gemeentesecretaris', 'griffie'],
  'expert-team': ['formateur', 'college', 'gemeentesecretaris'],
}

/** A subject as the profile knows it: its state, the changes of this profile that wait for their receipt included.
 * @typedef {{ subject: string, state: any, last?: string, unread: number, waiting: boolean }} Folded */

/** Everything that a profile can do. */
export class Client extends Synchroniser {
  get organisation() {
    return this.address.split('/')[0]
  }

  get role() {
    return this.address.split('/')[1]
  }

  // ---- What is known

  /** All subjects, folded.
   * @returns {Map<string, Folded>} */
  subjects() {
    /** @type {Map<string, Folded>} */
    const subjects = new Map()
    const { own, directory } = this.profile.mailboxes
    const seen = new Set()
    for (const row of [...directory.rows(), ...own.rows()]) {
      seen.add(row.id)
      this.take(subjects, row.json, row, false)
    }
    for (const [id, { line, state, receipt }] of this.profile.outbox.entries()) {
      const counts = state === 'waiting' || state === 'taken'
      if (counts && !seen.has(id)) this.take(subjects, line, receipt, state === 'waiting')
    }
    return subjects
  }

  take(subjects, json, { received = '', digest = sha256(json) } = {}, waiting) {
    const name = JSON.parse(json).subject
    const folded = subjects.get(name) ?? { subject: name, state: undefined, unread: 0, waiting: false }
    subjects.set(name, folded)
    try {
      const change = readChange(json)
      if (!isKnown(change)) throw new RegiopostError('unknown-type')
      folded.state = apply(folded.state, change, received, digest)
      if (isExact(change)) folded.last = change.id
      folded.waiting ||= waiting
    } catch (error) {
      // A later kind of change, or one that says something new: kept and counted, and nothing exact is written here.
      if (!(error instanceof RegiopostError)) throw error
      folded.unread += 1
    }
  }

  /** The letters, the newest first, with the answer of this organisation to each.
   * @returns {{ id: string, letter: any, answering: string[], unanswered: string[], answers: any[], open: boolean,
   *   due: string | null, waiting: boolean }[]} `answering` are the organisations that this one answers for */
  letters() {
    const subjects = this.subjects()
    const letters = [...subjects.values()].filter(({ subject, state }) => subject.startsWith('letter/') && state)
    const joints = [...subjects.values()].filter(({ subject, state }) => subject.startsWith('joint/') && state)
    const mine = this.organisations(subjects)
    return letters.reverse().map(({ subject, state: letter }) => {
      const id = subject.slice('letter/'.length)
      const answering = organisationsOf(letter.content.recipients).filter((code) => mine.includes(code))
      const of = (code) => [
        subjects.get(`response/${id}/${code}`),
        ...joints.filter(({ state }) => state.content.letter === id && state.answersFor.includes(code)),
      ].filter(Boolean)
      const stands = ({ state }) => ['submitted', 'acknowledged'].includes(state?.status)
      const answers = answering.flatMap(of)
      const dates = answering.map((code) => due(subjects.get(`term/${id}/${code}`)?.state, letter.content.due))
      const unanswered = letter.status === 'withdrawn' ? [] : answering.filter((code) => !of(code).some(stands))
      const waiting = answers.some((answer) => answer.waiting)
      return { id, letter, answering, unanswered, answers, open: unanswered.length > 0, due: first(dates), waiting }
    })
  }

  /** One's own organisation, and those that became part of it. */
  organisations(subjects) {
    const merged = (code) =>
      (subjects.get(`organisation/${code}`)?.state?.merged ?? []).flatMap((merge) => merge.organisations)
    const all = [this.organisation]
    for (const code of all) all.push(...merged(code).filter((other) => !all.includes(other)))
    return all
  }

  /** The one letter of a dossier, or of a document number.
   * @param {string} number
   * @param {{ open?: boolean }} [which] */
  letter(number, { open = false } = {}) {
    const isMeant = ({ letter: { content } }) => [content.dossier, content.document].includes(number)
    const known = this.letters().filter(isMeant)
    const found = open && known.length > 1 ? known.filter((letter) => letter.open) : known
    if (found.length === 0) {
      throw new RegiopostError('letter-unknown', { detail: `${number}; synchronise, if it is new` })
    }
    if (found.length > 1) {
      const numbers = found.map(({ letter: { content } }) => content.document).join(', ')
      throw new RegiopostError('usage', { detail: `${number} has several letters, so name one: ${numbers}` })
    }
    return found[0]
  }

  /** The meetings, the newest last. */
  meetings() {
    return [...this.subjects().values()].filter(({ subject, state }) => subject.startsWith('meeting/') && state)
  }

  // ---- What is written

  /** Puts a change into the outbox: durable when this returns, and sent by the next `sync`.
   * @param {{ type: string, subject: string, body: any, id?: string, after?: string, needs?: string[] }} change
   * @returns {string} its id */
  submit({ id = newId(), type, subject, body, after, needs }) {
    const line = writeChange({ id, type, subject, body, after, needs, author: this.address })
    const unread = this.subjects().get(subject)?.unread ?? 0
    if (unread > 0 && isExact(JSON.parse(line))) {
      throw new RegiopostError('unknown-type', { detail: `${subject} has changes that only a newer client can read` })
    }
    this.profile.outbox.submit(line)
    return id
  }

  /** Answers a letter, or replaces the answer that there was.
   * @param {string} number its dossier or document number
   * @param {{ text: string, answers?: any[], support?: string[], themes?: string[], reference?: string,
   *   attach?: string[], organisation?: string }} answer `attach` are paths of files; `organisation` is one
   *   that became part of this one, where that is to answer */
  respond(number, { text, answers, support, themes, reference, attach, organisation: named }) {
    const { id, letter, answering, unanswered } = this.letter(number, { open: true })
    const organisation = named ?? unanswered[0] ?? answering[0]
    if (!answering.includes(organisation)) {
      throw new RegiopostError('not-addressed', { detail: `${number} for ${named ?? this.organisation}` })
    }
    if (letter.status === 'withdrawn') throw new RegiopostError('letter-withdrawn', { detail: number })
    if (!ANSWERING.includes(this.role) && !letter.content.recipients.includes(this.address)) {
      throw new RegiopostError('not-allowed', { detail: `${this.address} can't answer for ${organisation}` })
    }
    const { region, recipients, copies = [], dossier, confidentiality } = letter.content
    const roles = [...recipients, ...copies].filter((address) => address.startsWith(`${organisation}/`))
      .map((address) => address.split('/')[1])
    const subject = `response/${id}/${organisation}`
    const about = { sender: letter.sender, region, roles, dossier, confidentiality }
    const files = attach?.map((path) => this.blobs.keep(path))
    const body = { ...about, reference, text, answers, themes, support, files }
    const current = this.subjects().get(subject)
    apply(current?.state, { type: 'response.submit', subject, body }, '')
    return this.submit({ type: 'response.submit', subject, after: current?.last, body })
  }

  /** Asks for a council briefing, a conversation, a knowledge session or an expert team. With a key it is asked once,
   * however often this is called.
   * @param {{ kind: string, key?: string, letter?: string, region?: boolean, [field: string]: any }} request
   *   `letter` is a dossier or document number; `region` invites all municipalities of the region */
  requestMeeting({ kind, key, letter: number, region: whole = false, invited, ...fields }) {
    if (!ASKING[kind]?.includes(this.role)) {
      const who = ASKING[kind]?.join(', ') ?? 'nobody'
      throw new RegiopostError('not-allowed', { detail: `a ${kind} is asked for by ${who}` })
    }
    const id = key === undefined ? newId() : keyedId(this.address, key)
    if (key !== undefined && this.has(id)) return id
    const region = this.region()
    const letter = number === undefined ? undefined : this.letter(number)
    return this.submit({
      id,
      type: 'meeting.request',
      subject: `meeting/${id}`,
      body: {
        kind,
        accounthouder: region.accounthouder,
        invited: whole ? region.municipalities.filter((code) => code !== this.organisation) : invited,
        letter: letter?.id,
        dossier: letter?.letter.content.dossier,
        ...fields,
      },
    })
  }

  /** Whether a change is here, in the mailbox or in the outbox. */
  has(id) {
    const state = this.profile.outbox.entries().get(id)?.state
    return this.profile.mailboxes.own.byId.has(id) || state === 'waiting' || state === 'taken'
  }

  /** Says that a letter was opened, where this address got it and nobody said so before. */
  opened(id, letter) {
    const { recipients, copies = [], region } = letter.content
    const subject = `receipt/${id}/${this.address}`
    if (![...recipients, ...copies].includes(this.address) || this.subjects().get(subject)?.state?.opened) return
    this.submit({ type: 'receipt.opened', subject, body: { sender: letter.sender, region } })
  }

  /** The region of this organisation today, by the classification `bestuurlijk`. */
  region(day = dutchDay()) {
    const subjects = this.subjects()
    const entries = [...subjects.values()].filter(({ subject, state }) => subject.startsWith('organisation/') && state)
    const ended = new Set(entries.flatMap(({ state }) => (state.merged ?? []).flatMap((merge) => merge.organisations)))
    const regionOf = ({ state }) => (state.regions ?? []).find(({ classification, from = '', until = '9999' }) =>
      classification === 'bestuurlijk' && from <= day && day <= until)?.region
    const own = entries.find(({ subject }) => subject === `organisation/${this.organisation}`)
    const name = own && regionOf(own)
    const region = name && subjects.get(`region/${name}`)?.state
    if (!region) throw new RegiopostError('unknown-region', { detail: `of ${this.organisation}; synchronise first` })
    const municipalities = entries.filter((entry) => regionOf(entry) === name)
      .map(({ subject }) => subject.split('/')[1]).filter((code) => code.startsWith('gm') && !ended.has(code)).sort()
    return { name, ...region, municipalities }
  }

  /** Fetches the files of a letter and of its answers, and checks them.
   * @param {string} number its dossier or document number
   * @returns {Promise<{ name: string, path: string }[]>} where their bytes are */
  async fetch(number) {
    const { id, letter } = this.letter(number)
    const answers = [...this.subjects().values()].filter(({ subject, state }) =>
      subject.startsWith(`response/${id}/`) || (subject.startsWith('joint/') && state?.content.letter === id))
    const cited = [letter.content, ...answers.map(({ state }) => state?.content)].flatMap((body) => body?.files ?? [])
    if (cited.some(({ sha256 }) => !this.blobs.has(sha256))) {
      const { session, close } = await this.connect()
      try {
        for (const file of cited) await this.blobs.fetch(session, file)
      } finally {
        await close()
      }
    }
    return cited.map(({ name, sha256 }) => ({ name, path: this.blobs.path(sha256) }))
  }
}

const sha256 = (json) => createHash('sha256').update(json).digest('hex')

const first = (dates) => dates.filter(Boolean).sort()[0] ?? null

const organisationsOf = (addresses) => [...new Set(addresses.map((address) => address.split('/')[0]))]

/** The day in the Netherlands. */
export function dutchDay(moment = new Date()) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam', dateStyle: 'short' }).format(moment)
}
