// The vectors of Protocol/vectors, as far as a client judges.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { derivedId, isExact, isKnown, readChange } from '../lib/changes.mjs'
import { RegiopostError } from '../lib/errors.mjs'
import { apply } from '../lib/folds.mjs'
import { LineReader, readMessage, requestLine } from '../lib/lines.mjs'
import { errorOf } from '../lib/session.mjs'
import { due } from '../lib/terms.mjs'

const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../../../Protocol/vectors/${name}.json`, import.meta.url), 'utf8'))

test('lines: every way of splitting a stream gives the same', () => {
  const { limit, cases } = vectors('lines')
  for (const { name, stream, hex, lines, rest, error } of cases) {
    const bytes = hex === undefined ? Buffer.from(stream) : Buffer.from(hex, 'hex')
    for (let size = 1; size <= Math.max(1, bytes.length); size += 1) {
      const reader = new LineReader(limit)
      const read = []
      for (let at = 0; at < bytes.length; at += size) {
        for (const { line } of reader.read(bytes.subarray(at, at + size))) read.push(line.toString())
      }
      const found = { lines: read, rest: reader.rest, error: reader.error }
      assert.deepEqual(found, { lines, rest, error }, `${name}, by ${size}`)
    }
  }
})

for (const file of ['server-messages', 'blobs']) {
  const { legal, illegal, messages = legal, badMessages = illegal } = vectors(file)
  test(`${file}: what a client reads`, () => {
    for (const { name, line, message } of messages) {
      assert.deepEqual({ ...readMessage(Buffer.from(line)) }, message, name)
    }
  })
  test(`${file}: what a client doesn't read`, () => {
    for (const { name, line, field } of badMessages) {
      assert.throws(() => readMessage(Buffer.from(line)), (error) => error.details.field === field
        || assert.fail(`${name}: ${field} is wrong, and ${error.message} said`), name)
    }
  })
}

const filled = ({ line, fill }) => fill ? line.split(fill.mark).join(fill.with.repeat(fill.times)) : line

test('changes: legal ones', () => {
  for (const vector of vectors('changes').legal) {
    const change = readChange(filled(vector))
    const read = Object.fromEntries(Object.entries({ ...change, v: undefined, body: undefined,
      known: isKnown(change), order: !isKnown(change) ? null : isExact(change) ? 'exact' : 'commuting' })
      .filter(([name, value]) => value !== undefined && (name in vector.change || ['known', 'order'].includes(name))))
    assert.deepEqual(read, vector.change, vector.name)
  }
})

test('changes: illegal ones', () => {
  const wrong = []
  for (const vector of vectors('changes').illegal) {
    try {
      readChange(filled(vector))
      wrong.push(`${vector.name}: taken, and ${vector.code} ${vector.field} is right`)
    } catch (error) {
      if (!(error instanceof RegiopostError)) throw error
      if (error.code !== vector.code || error.details.field !== vector.field) {
        wrong.push(`${vector.name}: ${error.message} for ${vector.code} ${vector.field}`)
      }
    }
  }
  assert.deepEqual(wrong, [])
})

test('changes: derived ids', () => {
  for (const { text, id } of vectors('changes').ids) assert.equal(derivedId(text), id)
})

test('cursors: every one is a token like another', () => {
  for (const { name, cursor } of vectors('cursors').cases) {
    const { cursor: read } = readMessage(Buffer.from(`* CURSOR mailbox=own cursor=${cursor}`))
    const asked = requestLine('1', 'PULL', { mailbox: 'own', cursor: read })
    assert.equal(asked, `1 PULL mailbox=own cursor=${cursor}`, name)
  }
})

const digestOf = (line) => createHash('sha256').update(line).digest('hex')

test('folds: what changes come to', () => {
  for (const { name, changes, state, anyOrderAfterFirst } of vectors('folds').folds) {
    const [first, ...rest] = changes
    for (const order of anyOrderAfterFirst ? permutations(rest) : [rest]) {
      const take = (state, line) => apply(state, readChange(line), '2026-03-27T10:00:00.000Z', digestOf(line))
      const folded = [first, ...order].reduce(take, undefined)
      const before = folded.confirmedBefore?.slot
      compare(name, { ...folded, accepted: folded.agreed, parties: folded.status === 'held' ? folded.parties : null,
        confirmedBefore: before }, state, ['slot', 'place', 'parties', 'confirmedBefore', 'due', 'percent'])
    }
  }
})

test('folds: sequences with steps that are refused', () => {
  for (const { name, changes, state } of vectors('folds').sequences) {
    let folded
    for (const { line, received, refused } of changes) {
      const take = () => apply(folded, readChange(line), received, digestOf(line))
      if (refused) assert.throws(take, { code: refused }, name)
      else folded = take()
    }
    compare(name, folded, state)
  }
})

test('folds: when an answer is due', () => {
  for (const { name, changes, letterDue, due: expected, suspendedSince } of vectors('folds').deadlines) {
    const take = (state, line) => apply(state, readChange(line), '', digestOf(line))
    const folded = changes.reduce(take, undefined)
    assert.equal(due(folded, letterDue ?? undefined), expected, name)
    assert.equal(folded?.suspendedSince ?? null, suspendedSince, name)
  }
})

/** What the vector says, and nothing of what it says is absent. */
function compare(name, folded, state, absent = []) {
  const plain = (value) => JSON.parse(JSON.stringify(value ?? null))
  for (const [member, value] of Object.entries(state)) {
    assert.deepEqual(plain(folded[member]), value, `${name}: ${member}`)
  }
  for (const member of absent.filter((member) => !(member in state))) {
    assert.equal(folded[member] ?? null, null, `${name}: ${member}`)
  }
}

function permutations(list) {
  if (list.length < 2) return [list]
  return list.flatMap((first, index) =>
    permutations([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [first, ...rest]))
}

test('errors: what becomes of a change, and whether the same client connects again', () => {
  const { answers, goodbyes } = vectors('errors')
  for (const { name, line, does, definite } of answers) {
    const { code, retry } = errorOf(readMessage(Buffer.from(line)))
    assert.equal({ never: 'keep', later: 'again', 'after-sync': 'sync' }[retry], does, name)
    assert.equal(retry !== 'later', definite, code)
  }
  for (const { name, line, connect } of goodbyes) {
    const { retry } = errorOf(readMessage(Buffer.from(line)))
    assert.equal(retry === 'never' ? 'never' : 'later', connect, name)
  }
})
