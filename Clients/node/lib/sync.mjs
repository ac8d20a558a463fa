// Synchronising: a profile sends what waits and reads what is new, once or for as long as it is watched.

import { Blobs } from './blobs.mjs'
import { connect } from './connection.mjs'
import { RegiopostError } from './errors.mjs'
import { sameJSON } from './json.mjs'
import { Profile } from './store.mjs'

/** How many changes are asked for at once. */
const PAGE = 500
/** How long a watch waits at most before it connects or sends again, in milliseconds. */
const LONGEST_WAIT = 60_000
/** How often a watch looks for changes that were submitted beside it, in milliseconds. */
const LOOK = 500

/** A profile and its server. */
export class Synchroniser {
  /** @param {string} folder the profile's */
  constructor(folder) {
    this.profile = new Profile(folder)
    this.blobs = new Blobs(this.profile.path('blobs'))
  }

  get address() {
    return this.profile.address
  }

  /** Opens a connection for this profile.
   * @param {{ patience?: number }} [how] `patience`: after how many milliseconds without an answer it counts as dead */
  async connect({ patience } = {}) {
    const { host, port, mailboxes } = this.profile
    const identity = this.profile.read('identity.pem')
    const connection = await connect({
      host, port, root: this.profile.read('root.pem'), key: identity, cert: identity, patience,
      onBatch: (mailbox, rows, cursor) => {
        mailboxes[mailbox].store(rows, cursor)
        this.onChanges?.(mailbox, rows)
      },
    })
    const { address } = connection.session.greeting
    if (address !== this.address) {
      await connection.close()
      throw new RegiopostError('not-let-in', { detail: `the server takes this for ${address}` })
    }
    return connection
  }

  /** Sends what waits, and reads what is new.
   * @returns {Promise<{ taken: string[], refused: string[], later: string[], read: number }>} ids; `later` is what
   *   the server couldn't take now */
  sync() {
    return this.profile.alone(async () => {
      const { own, directory } = this.profile.mailboxes
      const before = own.byId.size + directory.byId.size
      const { session, close } = await this.connect()
      try {
        const outcome = await this.push(session)
        await this.pull(session, 'directory')
        await this.pull(session, 'own')
        await session.request('STORED', { mailbox: 'own', cursor: own.cursor })
        return { ...outcome, read: own.byId.size + directory.byId.size - before }
      } finally {
        await close()
      }
    })
  }

  /** Sends what waits, in order. What builds on a refused change is held back, and nothing else is. */
  async push(session) {
    const outcome = { taken: [], refused: [], later: [] }
    const entries = this.profile.outbox.entries()
    const held = new Set([...entries].filter(([, { state }]) => state === 'refused').map(([id]) => id))
    for (const [id, { line, change, state }] of entries) {
      if (state !== 'waiting') continue
      if ([change.after, ...(change.needs ?? [])].some((other) => held.has(other))) {
        held.add(id)
        continue
      }
      const result = await this.pushOne(session, line, change)
      outcome[result].push(id)
      if (result !== 'taken') held.add(id)
    }
    return outcome
  }

  async pushOne(session, line, change) {
    const { outbox } = this.profile
    const limit = Number(session.greeting.line)
    try {
      if (Buffer.byteLength(line) > limit) throw new RegiopostError('line-too-long', { details: { limit: `${limit}` } })
      for (const file of change.body.files ?? []) await this.blobs.send(session, file)
      const { position, received, digest } = await session.request('PUSH', {}, line)
      outbox.note(change.id, { state: 'taken', receipt: { position, received, digest } })
      return 'taken'
    } catch (error) {
      if (session.ended || !(error instanceof RegiopostError)) throw error
      if (error.code === 'id-taken' && await this.isSame(session, change)) {
        outbox.note(change.id, { state: 'taken', receipt: error.details })
        return 'taken'
      }
      if (error.retry === 'later') return 'later'
      const { code, retry, details, message } = error
      outbox.note(change.id, { state: 'refused', refusal: { code, retry, details, text: message } })
      return 'refused'
    }
  }

  /** Whether what has a change's id is this profile's own and says the same (section 9): the outbox was lost. */
  async isSame(session, { id, type, subject, body }) {
    if (!session.readers.has('own')) await this.pull(session, 'own') // else it is being watched
    const row = this.profile.mailboxes.own.byId.get(id)
    const there = row && JSON.parse(row.json)
    return Boolean(there) && there.author === this.address && there.type === type && there.subject === subject
      && sameJSON(there.body, body)
  }

  /** Reads a mailbox to its end, page by page. */
  async pull(session, mailbox) {
    const replica = this.profile.mailboxes[mailbox]
    for (let more = 'yes'; more === 'yes';) {
      try {
        ({ more } = await session.read('PULL', mailbox, replica, Math.min(PAGE, Number(session.greeting.page))))
      } catch (error) {
        if (error.code !== 'resync' || replica.cursor === '0') throw error
        replica.resync()
      }
    }
  }

  /** Reads what is there and then what comes, and sends what is submitted meanwhile, until the signal. Where the
   * connection ends for a reason that passes, it is opened anew after a while.
   * @param {{ signal?: AbortSignal,
   *   onChanges?: (mailbox: string, rows: import('./session.mjs').Row[]) => void,
   *   onTrouble?: (error: RegiopostError, wait: number) => void }} [how] `wait` in milliseconds */
  watch({ signal, onChanges, onTrouble = () => {} } = {}) {
    return this.profile.alone(async () => {
      this.onChanges = onChanges
      try {
        for (let wait = 1000; !signal?.aborted;) {
          try {
            await this.watchOnce(signal, () => { wait = 1000 })
          } catch (error) {
            if (!(error instanceof RegiopostError) || error.retry === 'never') throw error
            onTrouble(error, wait)
            await pause(wait, signal)
            wait = Math.min(wait * 2, LONGEST_WAIT)
          }
        }
      } finally {
        this.onChanges = undefined
      }
    })
  }

  /** Watches over one connection. */
  async watchOnce(signal, caughtUp) {
    const { session, close } = await this.connect()
    try {
      for (const mailbox of ['directory', 'own']) await this.pull(session, mailbox)
      for (const [name, replica] of Object.entries(this.profile.mailboxes)) await session.read('WATCH', name, replica)
      caughtUp()
      await this.follow(session, signal)
    } finally {
      await close()
    }
  }

  async follow(session, signal) {
    const { own } = this.profile.mailboxes
    const heartbeat = Number(session.greeting.idle) * 1000 / 3
    let [stored, size, said, again] = ['', -1, Date.now(), Infinity]
    while (!signal?.aborted) {
      if (session.ended) throw session.ended
      if (own.cursor !== stored) {
        stored = own.cursor
        await session.request('STORED', { mailbox: 'own', cursor: stored })
        said = Date.now()
      }
      if (this.profile.outbox.journal.size !== size || Date.now() > again) {
        size = this.profile.outbox.journal.size
        const { later } = await this.push(session)
        again = later.length > 0 ? Date.now() + LONGEST_WAIT : Infinity
      }
      if (Date.now() - said > heartbeat) {
        await session.request('PING')
        said = Date.now()
      }
      await pause(LOOK, signal)
    }
  }
}

/** Waits, unless somebody wants the end. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    }, { once: true })
  })
}
