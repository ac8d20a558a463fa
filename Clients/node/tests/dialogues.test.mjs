// The conversations of Protocol/vectors, from the client's side: the server's lines are played to a session.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { Session } from '../lib/session.mjs'

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../../../Protocol/vectors/${name}.json`, import.meta.url), 'utf8'))

for (const { name, steps } of read('dialogues').dialogues) test(name, () => play(steps))
for (const { name, steps } of read('blobs').dialogues) test(name, () => play(steps))

async function play(steps) {
  const written = []
  const stored = { changes: 0, cursors: new Map([['0', 0]]), bytes: [] }
  const session = new Session({
    write: (bytes) => written.push(bytes.toString()),
    onBatch: (mailbox, rows, cursor) => {
      stored.changes += rows.length
      stored.cursors.set(cursor, rows.at(-1)?.position ?? stored.cursors.get(cursor) ?? 0)
    },
  })
  const asked = new Map()
  const told = { changes: 0 }
  for (const { client, server, clientBytes, serverBytes, closes } of steps) {
    if (clientBytes !== undefined) session.write(Buffer.from(clientBytes))
    if (serverBytes !== undefined) session.receive(Buffer.from(serverBytes))
    if (client !== undefined) ask(session, client, asked, written, stored)
    if (server !== undefined) await hear(session, server, asked, told)
    if (closes === 'server') session.end()
    if (session.ended) break
  }
  assert.equal(stored.changes, told.changes, 'every change is stored with the cursor after it')
  assert.equal(Buffer.concat(stored.bytes).toString(), steps.map(({ serverBytes = '' }) => serverBytes).join(''))
  if (session.ended) assert.equal(session.underWay.size, 0)
}

/** Asks what the line asks. What this client would never write counts as asked, so that its answer can be read. */
function ask(session, line, asked, written, stored) {
  const whole = /^([A-Za-z0-9._-]{1,32}) ([A-Z]+)((?: .*)?)$/s.exec(line)
  const [, tag, verb, rest = ''] = whole ?? [null, line.split(' ')[0], '']
  const [, words, json] = /^((?: [a-z0-9-]+=[^ ]*)*)(?: (\{.*))?$/s.exec(rest) ?? [null, null]
  const outcome = {}
  const watch = (promise) => promise.then((message) => { outcome.ok = message }, (error) => { outcome.no = error })
  asked.set(tag, outcome)
  if (!verb || words === null) {
    let reply
    const promise = new Promise((resolve, reject) => { reply = { resolve, reject } })
    watch(promise)
    session.underWay.set(tag, { verb, reply })
    return
  }
  const attributes = Object.fromEntries(words.split(' ').slice(1).map((word) => word.split(/=(.*)/s, 2)))
  if (['PULL', 'WATCH'].includes(verb) && !session.readers.has(attributes.mailbox)) {
    session.readers.set(attributes.mailbox, { last: stored.cursors.get(attributes.cursor) ?? 0, rows: [] })
  }
  if (verb === 'FETCH') {
    const take = (piece) => stored.bytes.push(piece)
    session.fetching = { sha256: attributes.sha256, offset: Number(attributes.offset), take }
  }
  watch(session.ask(tag, verb, attributes, json))
  assert.equal(written.at(-1), `${line}\n`)
}

async function hear(session, line, asked, told) {
  session.receive(Buffer.from(`${line}\n`))
  await new Promise((resolve) => setImmediate(resolve))
  const [tag, kind, code] = line.split(' ')
  if (line.startsWith('* CHANGE')) told.changes += 1
  else if (tag === '*' && (kind === 'BYE' || kind === 'NO')) assert.equal(session.ended?.code, code)
  else if (tag === '*') assert.equal(session.ended, null, `${line}: ${session.ended?.message}`)
  else if (kind === 'OK') assert.equal(asked.get(tag).ok?.verb, code, `${line}: ${asked.get(tag).no?.message}`)
  else assert.equal(asked.get(tag).no?.code, code)
}

const GREETING = '* REGIOPOST 1 server=pv28 address=gm0503/griffie epoch=9f2c1a7be04d5536 '
  + 'time=2026-03-27T10:00:00.000Z line=1048576 requests=256 page=1000 idle=900 cap=PUSH,PULL,WATCH'

function greeted(onBatch) {
  const session = new Session({ write: () => {}, onBatch })
  session.receive(Buffer.from(`${GREETING}\n`))
  return session
}

for (const [name, lines, detail] of [
  ['a change in a mailbox that is not read', [change(1, 'directory')], /not read/],
  ['a gap in the positions', [change(2)], /gap/],
  ['a change that is not what its digest says', [change(1).replace('"v":1', '"v":2')], /digest/],
  ['a reply to nothing', ['9 OK PING'], /not asked/],
  ['a reply to something else', ['1 OK PING'], /something else/],
  ['a line that is none', ['1  OK PULL'], /kind/],
]) {
  test(`a client closes at ${name}`, async () => {
    const stored = []
    const session = greeted((mailbox, rows) => stored.push(...rows))
    const reply = session.read('PULL', 'own', { cursor: '0', position: 0 })
    for (const line of lines) session.receive(Buffer.from(`${line}\n`))
    await assert.rejects(reply, { code: 'protocol', message: detail })
    assert.equal(session.ended.code, 'protocol')
    assert.deepEqual(stored, [])
  })
}

test('nothing is asked before the greeting, and a goodbye may take its place', async () => {
  const session = new Session({ write: () => assert.fail('something was sent') })
  await assert.rejects(session.request('PING'), { code: 'protocol' })
  session.receive(Buffer.from('* BYE revoked :The certificate was revoked\n'))
  await assert.rejects(session.greeted.promise, { code: 'revoked', exit: 77 })
})

test('what had come as whole lines counts when the stream ends, the rest does not', async () => {
  const stored = []
  const session = greeted((mailbox, rows) => stored.push(...rows))
  const reply = session.read('WATCH', 'own', { cursor: '0', position: 0 })
  session.receive(Buffer.from(`${change(1)}\n* CURSOR mailbox=own cursor=AAAA\n${change(2)}\n1 OK WATCH mail`))
  session.end()
  await assert.rejects(reply, { code: 'cut-off', retry: 'later' })
  assert.deepEqual(stored.map(({ position }) => position), [1])
})

function change(position, mailbox = 'own') {
  return `* CHANGE mailbox=${mailbox} position=${position} received=2026-03-27T10:00:00.000Z `
    + 'digest=afbf9d0f3560b0fd7795e81c42a0a79ee6b6fc67e064f77826aee642cad28d91 {"v":1}'
}
