// Against a server: enrolment, letters and answers, connections that are cut, files, the command.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTCP, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Client, enrol } from '../regiopost.mjs'
import { newId } from '../lib/changes.mjs'
import { run } from '../lib/command.mjs'
import { Server, skip } from './server.mjs'

describe('against a server', { skip }, () => {
  const server = new Server()
  let folder
  const invitation = (address) => server.invitation(address)
  const client = (address) => server.client(address)

  before(async () => {
    if (skip) return
    await server.start()
    folder = server.folder
  })

  after(() => server.stop())

  /** A letter to Delft and Den Haag, published. */
  async function publish(number) {
    const secretariat = await client('pv28/secretariaat')
    const id = newId()
    secretariat.submit({ id, type: 'letter.publish', subject: `letter/${id}`, body: {
      dossier: `DOS-2026-${number}`, document: `PZH-2026-00${number}`, date: '2026-03-27', title: 'Samen verder',
      region: 'haagse-regio', attachments: 0, requests: ['Neem de woningbouw op in het akkoord.'],
      signatories: [{ function: 'secretaris', name: 'A. Bakker' }],
      recipients: ['gm0503/formateur', 'gm0518/formateur'], copies: ['gm0503/griffie'],
      text: 'Geachte formateur,\n\nWij vragen u het volgende.\n',
    } })
    assert.deepEqual((await secretariat.sync()).refused, [])
    return { dossier: `DOS-2026-${number}`, id, secretariat }
  }

  const changes = ({ profile }, type) =>
    profile.mailboxes.own.rows().filter(({ json }) => JSON.parse(json).type === type)

  test('a letter is read, answered and acknowledged', async () => {
    const { dossier, id } = await publish('0000042')
    const college = await client('gm0503/college')
    await college.sync()
    assert.deepEqual(college.letters().map((letter) => [letter.id, letter.open]), [[id, true]])
    college.respond(dossier, { text: 'Wij nemen dit over.\n', answers: [{ request: 1, answer: 'yes' }] })
    assert.deepEqual(college.letters().map(({ open, waiting }) => [open, waiting]), [[false, true]])
    await college.sync()
    assert.deepEqual(college.letters().map(({ open, waiting }) => [open, waiting]), [[false, false]])

    const holder = await client('pv28/accounthouder-haagse-regio')
    await holder.sync()
    const { subject, last } = holder.subjects().get(`response/${id}/gm0503`)
    holder.submit({ type: 'response.acknowledge', subject, after: last, body: { note: 'Dank.' } })
    await holder.sync()
    await college.sync()
    const [{ answers: [{ state }] }] = college.letters()
    assert.deepEqual([state.status, state.note], ['acknowledged', 'Dank.'])
  })

  test('a connection that dies between PUSH and its reply leaves one change', async () => {
    const { dossier, id } = await publish('0000043')
    const college = await client('gm0503/college')
    await college.sync()
    const response = college.respond(dossier, { text: 'Eén keer.\n' })

    const proxy = await between(college.profile.port)
    const port = college.profile.port
    college.profile.port = proxy.port
    const { session } = await college.connect()
    proxy.hold()
    await assert.rejects(college.push(session), { code: 'cut-off', retry: 'later' })
    proxy.close()
    college.profile.port = port

    assert.ok(proxy.held() > 0, 'the server had answered')
    const again = new Client(college.profile.folder)
    assert.equal(again.profile.outbox.entries().get(response).state, 'waiting')
    const replies = []
    const { session: second, close } = await again.connect()
    const request = second.request.bind(second)
    second.request = async (...args) => replies.push(await request(...args)) && replies.at(-1)
    assert.deepEqual(await again.push(second), { taken: [response], refused: [], later: [] })
    await close()
    assert.equal(replies[0].repeat, 'yes')
    await again.sync()
    const submitted = changes(again, 'response.submit').filter(({ json }) => JSON.parse(json).subject.includes(id))
    assert.deepEqual(submitted.map(({ id }) => id), [response])
    assert.equal(again.profile.outbox.entries().get(response).receipt.digest, submitted[0].digest)
  })

  test('a connection that answers nothing any more is taken for dead', async () => {
    const griffie = await client('gm0503/griffie')
    const proxy = await between(griffie.profile.port)
    const { port } = griffie.profile
    griffie.profile.port = proxy.port
    const { session, close } = await griffie.connect({ patience: 300 })
    griffie.profile.port = port
    proxy.mute()
    await assert.rejects(session.request('PING'), { code: 'timeout', retry: 'later' })
    await close()
    proxy.close()
  })

  test('a request with a key is made once, even where the outbox was lost', async () => {
    const griffie = await client('gm0503/griffie')
    await griffie.sync()
    const ask = { kind: 'briefing', key: 'inwerkprogramma', region: true, slots: ['2027-01-12T19:30/21:00'], size: 45 }
    const id = griffie.requestMeeting(ask)
    assert.equal(griffie.requestMeeting(ask), id)
    await griffie.sync()
    assert.deepEqual(griffie.region().municipalities.length, griffie.meetings()[0].state.content.invited.length + 1)

    const lost = join(folder, 'griffie-anew')
    await enrol(invitation('gm0503/griffie'), lost)
    const anew = new Client(lost)
    const { session, close } = await anew.connect()
    await anew.pull(session, 'directory')
    anew.requestMeeting(ask)
    assert.deepEqual(await anew.push(session), { taken: [id], refused: [], later: [] })
    await close()
    anew.requestMeeting({ ...ask, key: 'another', size: 44 })
    await anew.sync()
    assert.equal(changes(anew, 'meeting.request').length, 2)
  })

  test('who came second keeps both versions, and sends what builds on nothing of it', async () => {
    const { dossier, id } = await publish('0000044')
    const [college, formateur] = [await client('gm0503/college'), await client('gm0503/formateur')]
    for (const one of [college, formateur]) await one.sync()
    const first = college.respond(dossier, { text: 'Van het college.\n' })
    await college.sync()
    const second = formateur.respond(dossier, { text: 'Van de formateur.\n' })
    const third = formateur.respond(dossier, { text: 'Nog eens.\n' })
    const other = formateur.submit({ type: 'receipt.opened', subject: `receipt/${id}/gm0503/formateur`,
      body: { sender: 'pv28/secretariaat', region: 'haagse-regio' } })
    const { taken, refused } = await formateur.sync()
    assert.deepEqual([taken, refused], [[other], [second]])
    const entries = formateur.profile.outbox.entries()
    assert.equal(entries.get(second).refusal.code, 'conflict')
    assert.equal(entries.get(second).refusal.details.current, first)
    assert.equal(entries.get(third).state, 'waiting')
  })

  test('a watch sees what comes, sends what is submitted beside it, and says what it keeps', async () => {
    const formateur = await client('gm0518/formateur')
    const stop = new AbortController()
    const seen = []
    const watching = formateur.watch({ signal: stop.signal, onChanges: (mailbox, rows) => seen.push(...rows) })
    const { dossier, id, secretariat } = await publish('0000045')
    await until(() => seen.some(({ json }) => JSON.parse(json).id === id))
    const response = new Client(formateur.profile.folder).respond(dossier, { text: 'Ja.\n' })
    await until(() => seen.some(({ json }) => JSON.parse(json).id === response))
    stop.abort()
    await watching
    await secretariat.sync()
    const receipt = (address) => secretariat.subjects().get(`receipt/${id}/${address}`)?.state.status
    assert.equal(receipt('gm0518/formateur'), 'delivered')
    assert.equal(receipt('gm0503/formateur'), undefined, 'who has not read it is not said to have it')
  })

  test('a watch whose connection is cut connects again, and misses nothing', async () => {
    const registry = await client('gm0518/registratuur')
    const { port } = registry.profile
    const proxy = await between(port)
    registry.profile.port = proxy.port
    const stop = new AbortController()
    const [seen, troubles] = [[], []]
    const watching = registry.watch({
      signal: stop.signal,
      onChanges: (mailbox, rows) => seen.push(...rows.map(({ json }) => JSON.parse(json).id)),
      onTrouble: ({ code }) => troubles.push(code),
    })
    const first = await publish('0000048')
    await until(() => seen.includes(first.id))
    proxy.hold()
    const second = await publish('0000049')
    await until(() => troubles.length > 0)
    registry.profile.port = port
    await until(() => seen.includes(second.id))
    stop.abort()
    await watching
    proxy.close()
    assert.ok(['cut-off', 'unreachable'].includes(troubles[0]), troubles[0])
    assert.equal(seen.filter((id) => id === first.id).length, 1)
  })

  test('a cursor of another history is answered by reading everything again', async () => {
    const griffie = await client('gm0503/griffie')
    await griffie.sync()
    const known = griffie.profile.mailboxes.own.rows().map(({ id }) => id)
    griffie.profile.mailboxes.own.store([], 'AQAAAAAAAAABAAAAAAAAAAcekE03r6QWot-15ZEpAi6oF8GZ0HDtqdlWF8S_wWx8pA')
    const again = new Client(griffie.profile.folder)
    await again.sync()
    const rows = again.profile.mailboxes.own.rows().map(({ id }) => id)
    assert.deepEqual(rows.slice(0, known.length), known)
    assert.equal(again.profile.mailboxes.own.reading, 1)
  })

  test('no secret goes to a server with another key, and no line to one of another authority', async () => {
    const line = invitation('gm0603/griffie')
    const other = join(folder, 'wrong')
    const pin = /[0-9a-f]{64}$/
    await assert.rejects(enrol(line.replace(pin, 'ab'.repeat(32)), other), { code: 'wrong-server', exit: 77 })
    const profile = await enrol(line, other)
    const college = await client('gm0503/college')
    const [read, root] = [profile.read.bind(profile), readFileSync(join(folder, 'gm0503-college', 'root.pem'), 'utf8')]
    assert.equal(read('root.pem'), root)
    const stranger = new Client(other)
    stranger.profile.host = '127.0.0.1'
    await assert.rejects(stranger.sync(), { code: 'wrong-server', message: /does not name 127\.0\.0\.1/ })
    assert.ok(college)
  })

  test('who was revoked is told so', async () => {
    const griffie = await client('gm0603/burgemeester')
    await griffie.sync()
    server.operate('revoke', 'gm0603/burgemeester')
    await assert.rejects(griffie.sync(), { code: 'revoked', exit: 77 })
  })

  test('files go before what cites them, go on where they were cut off, and only who sees that gets them', async () => {
    const { dossier, id } = await publish('0000047')
    const formateur = await client('gm0503/formateur')
    await formateur.sync()
    const plan = join(folder, 'plan.pdf')
    const bytes = Buffer.from(Array.from({ length: 2_500_000 }, (_, index) => index % 251))
    bytes.write('1 QUIT\r\n\0', 1000)
    writeFileSync(plan, bytes)
    formateur.respond(dossier, { text: 'Zie de bijlage.\n', attach: [plan] })
    const [file] = [...formateur.profile.outbox.entries().values()].at(-1).change.body.files

    const first = await formateur.connect()
    const { sha256, size } = file
    const piece = bytes.subarray(0, 1_000_000)
    assert.equal((await first.session.sendPiece({ sha256, size, offset: 0 }, piece)).offset, '1000000')
    await assert.rejects(first.session.sendPiece({ sha256, size, offset: 0 }, piece), { code: 'blob-offset' })
    await first.close()
    assert.deepEqual((await formateur.sync()).refused, [])

    const holder = await client('pv28/accounthouder-haagse-regio')
    await holder.sync()
    const { state } = holder.subjects().get(`response/${id}/gm0503`)
    assert.deepEqual(JSON.parse(JSON.stringify(state.content.files)), [file])
    const part = `${holder.blobs.path(sha256)}.part`
    mkdirSync(dirname(part), { recursive: true })
    writeFileSync(part, bytes.subarray(0, 300_000))
    const { session, close } = await holder.connect()
    await holder.blobs.fetch(session, file)
    assert.ok(readFileSync(holder.blobs.path(sha256)).equals(bytes))
    writeFileSync(part, 'not what it was')
    rmSync(holder.blobs.path(sha256))
    await assert.rejects(holder.blobs.fetch(session, file), { code: 'blob-mismatch' })
    await holder.blobs.fetch(session, file)
    await close()

    const stranger = await client('gm0518/griffie')
    const other = await stranger.connect()
    await assert.rejects(other.session.fetch({ sha256, offset: 0 }, () => {}), { code: 'blob-unknown' })
    await other.close()
  })

  test('the command: from an invitation to an answer', async () => {
    const { dossier } = await publish('0000046')
    const profile = join(folder, 'command')
    const say = async (...args) => {
      const lines = []
      await run([...args, '--profile', profile, '--json'], { print: (line) => lines.push(JSON.parse(line)) })
      return lines
    }
    assert.deepEqual(await say('enrol', invitation('gm0518/gemeentesecretaris')).then(([{ address }]) => address),
      'gm0518/gemeentesecretaris')
    await say('sync')
    assert.ok((await say('letters', '--open')).some((letter) => letter.dossier === dossier))
    const [{ id, state }] = await say('respond', dossier, '--text', 'Ja.', '--answer', '1=partly: de helft',
      '--support', 'finance')
    assert.equal(state, 'waiting')
    assert.deepEqual((await say('queue')).map((entry) => entry.id), [id])
    assert.deepEqual((await say('sync')).map(({ taken }) => taken), [[id]])
    assert.deepEqual((await say('letters')).find((letter) => letter.dossier === dossier).status, 'submitted')
    const [shown] = await say('show', dossier)
    assert.deepEqual(shown.answers.map(({ text }) => text), ['Ja.'])
    await assert.rejects(say('respond', 'DOS-2026-9999999', '--text', 'Ja.'), { code: 'letter-unknown' })
    await assert.rejects(say('briefing', '--size', '45'), { code: 'not-allowed', exit: 65 })
  })
})

async function until(isSo) {
  for (let tries = 0; !isSo(); tries += 1) {
    assert.ok(tries < 200, 'it did not come in ten seconds')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** What stands between a client and its server, and can keep the server's answers to itself: to be silent, or to cut
 * both off. */
async function between(port) {
  const sockets = []
  let [holds, held] = [false, 0]
  const proxy = createServer((near) => {
    const far = connectTCP(port, '127.0.0.1')
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => {})
    near.pipe(far)
    far.on('data', (bytes) => {
      if (!holds) return near.write(bytes)
      held += bytes.length
      if (holds === 'mute') return
      near.destroy()
      far.destroy()
    })
  })
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    port: proxy.address().port,
    hold: () => { holds = 'cut' },
    mute: () => { holds = 'mute' },
    held: () => held,
    close: () => [...sockets, proxy].forEach((end) => end.destroy?.() ?? end.close()),
  }
}
