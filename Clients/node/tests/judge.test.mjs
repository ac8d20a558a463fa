// What this client judges by the specification, a server judges alike: changes that are spoilt in one place, and
// meetings that go as it happens. Chance has a seed, so what fails once fails again.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { newId, readChange } from '../lib/changes.mjs'
import { apply } from '../lib/folds.mjs'
import { Server, skip } from './server.mjs'

const vectors = JSON.parse(readFileSync(new URL('../../../Protocol/vectors/changes.json', import.meta.url), 'utf8'))

/** Chance that is the same every time. */
class Chance {
  constructor(seed) {
    this.state = seed
  }

  below(count) {
    this.state = (this.state * 1_103_515_245 + 12_345) & 0x7fffffff
    return (this.state >> 8) % count
  }

  of(list) {
    return list[this.below(list.length)]
  }
}

const ID = '0195d2a4-7c00-7000-8000-000000000001'
const file = (over) => ({ name: 'a', media: 'a/b', size: 1, sha256: '0'.repeat(64), ...over })
const SPOILS = [
  undefined, null, true, 0, -1, 501, 10_001, '', ' ', '\u0085', '\ufeff', 'x', 'a'.repeat(201), 'a'.repeat(501),
  'a'.repeat(4001), [], [null], ['x'], {}, [{}], ['gm0503', 'gm0503'], 'gm0503', 'gm0503/griffie', 'pv28/secretariaat',
  'pv28/accounthouder-a-', '2026-02-30', '2026-02-28', '0000-12-31', '2026-05-12T21:30/21:00', '2026-05-12T19:30/24:00',
  '2026-03-27T10:00:00.25Z', '1969-12-31T23:59:59Z', ID, ID.replace('7000', '0000'), [ID, ID], 'DOS-2026-0000042',
  'DOS-2026-000000042', 'nl-BE', ['finance', 'finance'], 'briefing', 'a--b', ['griffie'], [file({ name: '..' })],
  [file(), file()], [file({ media: 'a/b;c' })], [{ request: 1, answer: 'yes' }, { request: 1, answer: 'no' }],
  ['b1', 'b2'].map((region) => ({ classification: 'a', region })),
  `letter/${ID}`, 'poll/x', 'poll/é', `receipt/${ID}`, 'meeting.postpone', 'letter.publish',
]

function places(value, at = []) {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((name) => [[...at, name], ...places(value[name], [...at, name])])
}

function spoil(change, place, value) {
  const inner = place.slice(0, -1).reduce((part, name) => part[name], change)
  inner[place.at(-1)] = value
}

const verdict = (work) => work.then(() => ['ok'], ({ code, details }) => [code, details?.field])
const FORM = ['bad-json', 'missing-field', 'bad-field', 'unknown-version', 'subject-mismatch']

const [GRIFFIE, HOLDER, GUEST] = ['gm0503/griffie', 'pv28/accounthouder-haagse-regio', 'gm0518/griffie']
const SLOTS = ['2027-05-12T10:00/12:00', '2027-05-12T10:30/11:00', '2027-05-12T11:00/13:00', '2027-05-13T10:00/12:00']
const ALLOWED = {
  [GRIFFIE]: ['counter', 'accept', 'cancel', 'reschedule'],
  [HOLDER]: ['propose', 'confirm', 'decline', 'cancel', 'reschedule', 'hold'],
  [GUEST]: ['join', 'leave'],
}

describe('judged as by a server', { skip }, () => {
  const server = new Server()
  const sessions = {}

  before(async () => {
    if (skip) return
    await server.start()
    for (const address of [GRIFFIE, HOLDER, GUEST]) sessions[address] = await (await server.client(address)).connect()
  })

  after(async () => {
    for (const { close } of Object.values(sessions)) await close()
    await server.stop()
  })

  const push = (author, line) => verdict(sessions[author].session.request('PUSH', {}, line))

  test('a change that is spoilt in one place', async () => {
    const chance = new Chance(7)
    const legal = vectors.legal.filter(({ fill }) => !fill)
    for (let count = 0; count < 1000; count += 1) {
      // By nobody here, so that what is well formed goes no further.
      const change = JSON.parse(chance.of(legal).line.replace('"author":"gm0503/griffie"', '"author":"gm0505/griffie"'))
      spoil(change, chance.of(places(change)), structuredClone(chance.of(SPOILS)))
      const line = JSON.stringify(change)
      const mine = await verdict((async () => readChange(line))())
      const theirs = await push(GRIFFIE, line)
      if (mine[0] === 'ok') assert.ok(!FORM.includes(theirs[0]), `${theirs}: ${line}`)
      else assert.deepEqual(mine, theirs, line)
    }
  })

  test('a meeting that goes as it happens', async () => {
    const chance = new Chance(11)
    for (let count = 0; count < 40; count += 1) await happen(chance)
  })

  async function happen(chance) {
    const slots = () => Array.from({ length: chance.below(3) }, () => chance.of(SLOTS))
    const id = newId()
    const subject = `meeting/${id}`
    let [state, last] = [undefined, undefined]
    const joins = []
    const step = async (author, verb, body, own = newId()) => {
      const isExact = !['join', 'leave'].includes(verb)
      const after = isExact && chance.below(8) > 0 ? last : undefined
      const envelope = { v: 1, id: own, type: `meeting.${verb}`, subject, after, author, time: '2026-03-27T10:00:00Z' }
      const change = { ...envelope, body }
      const line = JSON.stringify(change)
      let next = state
      const expected = await verdict((async () => {
        if (state && !ALLOWED[author].includes(verb)) throw { code: 'not-allowed' }
        if (isExact && after !== last) throw { code: 'conflict' }
        next = apply(state, readChange(line), '2026-03-27T10:00:00.000Z')
      })())
      assert.deepEqual((await push(author, line))[0], expected[0], `${line} where it is ${JSON.stringify(state)}`)
      if (expected[0] !== 'ok') return
      state = next
      if (isExact) last = own
      if (verb === 'join') joins.push(own)
    }
    await step(GRIFFIE, 'request', { kind: 'briefing', accounthouder: HOLDER, invited: ['gm0518'], slots: slots() }, id)
    for (let count = 0; count < 12; count += 1) {
      const verb = chance.of(['join', 'leave', 'propose', 'counter', 'accept', 'confirm', 'reschedule', 'confirm',
        'accept', ...(chance.below(4) ? [] : ['decline', 'cancel', 'hold'])])
      await step(chance.of([GRIFFIE, HOLDER, GUEST, HOLDER]), verb, {
        join: { slots: slots(), replaces: joins.slice(0, chance.below(2)) },
        leave: { replaces: [chance.of(joins) ?? id] },
        propose: { slot: chance.of(SLOTS), place: chance.of([undefined, 'Raadzaal']) },
        counter: { slots: [chance.of(SLOTS), ...slots()] },
        confirm: { slot: chance.below(2) ? state.slot ?? SLOTS[0] : chance.of(SLOTS) },
        reschedule: { slots: [chance.of(SLOTS), ...slots().slice(1)], reason: 'Verhinderd.' },
        decline: { reason: 'Nee.' }, cancel: { reason: 'Nee.' }, hold: { minutes: 'Besproken.' },
      }[verb] ?? {})
    }
  }
})
