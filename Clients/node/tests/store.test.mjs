// What stays on disk, whatever is cut off.

import assert from 'node:assert/strict'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { readInvitation, certificateRequest } from '../lib/enrolment.mjs'
import { REGISTRY, RegiopostError } from '../lib/errors.mjs'
import { parseJSON } from '../lib/json.mjs'
import { Outbox, Profile, Replica } from '../lib/store.mjs'
import { generateKeyPairSync } from 'node:crypto'
import { spawnSync } from 'node:child_process'

function inFolder(name, body) {
  test(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regiopost-node-'))
    try {
      await body(folder)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
}

const row = (position, id = `id-${position}`) =>
  ({ position, received: '2026-03-27T10:00:00.000Z', digest: '', json: JSON.stringify({ id, position }) })
const seen = (replica) => replica.rows().map(({ id, position }) => [id, position])

inFolder('changes without the cursor that covers them were never stored', (folder) => {
  const path = join(folder, 'own.jsonl')
  new Replica(path).store([row(1), row(2)], 'c2')
  appendFileSync(path, `${JSON.stringify(row(3))}\n{"position":4,"rec`)
  const replica = new Replica(path)
  assert.deepEqual([replica.cursor, replica.position, seen(replica)], ['c2', 2, [['id-1', 1], ['id-2', 2]]])
  replica.repair()
  replica.store([row(3)], 'c3')
  assert.deepEqual(seen(new Replica(path)), [['id-1', 1], ['id-2', 2], ['id-3', 3]])
})

inFolder('after a resync rows are replaced as they come again, and what does not come again stays, last', (folder) => {
  const path = join(folder, 'own.jsonl')
  const replica = new Replica(path)
  replica.store([row(1), row(2), row(3)], 'c3')
  replica.resync()
  assert.deepEqual([replica.cursor, replica.position, seen(replica).length], ['0', 0, 3])
  replica.store([row(1, 'id-3'), row(2, 'id-1')], 'd2')
  for (const read of [replica, new Replica(path)]) assert.deepEqual(seen(read), [['id-3', 1], ['id-1', 2], ['id-2', 2]])
})

inFolder('what was submitted is kept byte for byte, and a line cut off spoils nothing', (folder) => {
  const path = join(folder, 'outbox.jsonl')
  const outbox = new Outbox(path)
  const line = '{"id":"a", "text":"é\\u00e9"}'
  appendFileSync(path, '{"submit":"{\\"id\\":\\"never')
  outbox.submit(line)
  outbox.note('a', { state: 'taken', receipt: { position: '1' } })
  const [[id, entry], ...more] = new Outbox(path).entries()
  assert.deepEqual([id, entry.line, entry.state, more.length], ['a', line, 'taken', 0])
  assert.match(readFileSync(path, 'utf8'), /\n\{"submit"/)
})

inFolder('one program at a time, and the lock of one that is gone is taken over', async (folder) => {
  assert.throws(() => new Profile(folder), { code: 'no-profile', exit: 78 })
  writeFileSync(join(folder, 'profile.json'), '{"host":"localhost","port":1,"address":"gm0503/griffie"}')
  writeFileSync(join(folder, 'identity.pem'), '')
  const profile = new Profile(folder)
  const other = () => new Profile(folder).alone(async () => {})
  await profile.alone(() => assert.rejects(other(), { code: 'profile-busy', exit: 75 }))
  const { pid } = spawnSync('true')
  writeFileSync(join(folder, 'sync.lock'), `${pid}\n`)
  assert.equal(await profile.alone(async () => 7), 7)
  assert.equal(existsSync(join(folder, 'sync.lock')), false)
})

test('an invitation has one spelling', () => {
  const [secret, pin] = ['AAECAwQFBgcICQoLDA0ODw', 'ab'.repeat(32)]
  const line = (host = 'post.example.nl', port = '7443', address = 'gm0503/griffie', code = secret) =>
    `regiopost:1:${host}:${port}:${address}:${code}:${pin}`
  assert.deepEqual(readInvitation(line()),
    { host: 'post.example.nl', port: 7443, address: 'gm0503/griffie', secret, pin })
  assert.equal(readInvitation(line('[2001:db8::1]')).host, '2001:db8::1')
  for (const wrong of [line('2001:db8::1'), line('[post.example.nl]'), line('1.2.3'), line('a..b'), line(''),
    line('a b'), line(undefined, '07443'), line(undefined, '65536'), line(undefined, '0'),
    line(undefined, undefined, 'delft'),
    line(undefined, undefined, undefined, 'AAAA'), line(undefined, undefined, undefined, 'AAECAwQFBgcICQoLDA0ODx'),
    `${line()} `, line().replace('abab', 'ABAB'), line().replace(':1:', ':2:')]) {
    assert.throws(() => readInvitation(wrong), { code: 'usage' }, wrong)
  }
})

const noOpenSSL = spawnSync('openssl', ['version']).error && 'there is no openssl'

test('a certificate request is one that openssl reads and verifies', { skip: noOpenSSL }, () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { status, stderr } = spawnSync('openssl', ['req', '-inform', 'DER', '-verify', '-noout'],
    { input: certificateRequest(privateKey), encoding: 'utf8' })
  assert.deepEqual([status, /verify OK/.test(stderr)], [0, true])
})

test('I-JSON within bounds, and nothing else', () => {
  const nested = (levels) => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1)
  const members = (count) => `{${Array.from({ length: count }, (_, index) => `"${index}":0`).join()}}`
  const values = (count) => `{"a":[${Array(count - 2).fill(0).join()}]}`
  for (const [legal, illegal] of [[nested(16), nested(17)], [members(200), members(201)],
    [values(20_000), values(20_001)], ['{"a":9007199254740991}', '{"a":9007199254740992}'],
    ['{"a":"\\ud83d\\ude00"}', '{"a":"\\ude00\\ud83d"}'],
    ['{"a":"\\ufffd"}', '{"a":"\\ufffe"}'], ['{"__proto__":{}}', '{"a":1,"\\u0061":1}'], ['{"a":0}', '{"a":-0}'],
    ['{"a":-10}', '{"a":1e1}'], [' {}\t', '\u00a0{}'], ['{"a":"\u007f"}', '{"a":"\t"}']]) {
    parseJSON(legal)
    assert.throws(() => parseJSON(illegal), { code: 'bad-json' }, illegal.slice(0, 40))
  }
})

test('the codes are those of the registry in the specification', () => {
  const specification = readFileSync(new URL('../../../Protocol/specification.md', import.meta.url), 'utf8')
  const section = specification.split(/^## /m).find((part) => part.startsWith('14.'))
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \| ([a-z-]+) \| (.+) \|$/gm)].map(([, ...row]) => row)
  assert.deepEqual(Object.entries(REGISTRY).map(([code, [retry, text]]) => [code, retry, text]), rows)
})

test('errors are sentences with their code, and bring no controls to a terminal', () => {
  const said = { retry: 'later', text: 'Wait\u001b[2J', details: { field: 'a\u202e' } }
  const error = new RegiopostError('moon-phase', said)
  assert.equal(error.message, 'Wait\\u001b[2J (field: a\\u202e). [moon-phase]')
  assert.deepEqual([error.exit, new RegiopostError('conflict').exit, new RegiopostError('revoked').exit], [75, 65, 77])
})
