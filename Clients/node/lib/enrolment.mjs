// Enrolment (section 11): an invitation becomes a certificate.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, unlinkSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'
import { join } from 'node:path'
import { ALPN, connect, shownRoot } from './connection.mjs'
import { RegiopostError } from './errors.mjs'
import { Profile, writeWhole } from './store.mjs'
import { address as checkAddress } from './values.mjs'

/** @typedef {{ host: string, port: number, address: string, secret: string, pin: string }} Invitation */

const INVITATION = new RegExp('^regiopost:1:(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+):([1-9]\\d{0,4}):([^:]+):'
  + '([A-Za-z0-9_-]+):([0-9a-f]{64})$')

/** Reads an invitation: `regiopost:1:HOST:PORT:ADDRESS:SECRET:PIN`.
 * @param {string} line
 * @returns {Invitation}
 * @throws {RegiopostError} `usage` */
export function readInvitation(line) {
  const refuse = () => {
    throw new RegiopostError('usage', { detail: 'this is no invitation; it must be taken over whole' })
  }
  if (Buffer.byteLength(line) > 512) refuse()
  const [, host, port, address, secret, pin] = INVITATION.exec(line) ?? refuse()
  const bytes = Buffer.from(secret, 'base64url')
  const bare = host.replace(/^\[|\]$/g, '')
  const isHost = host === bare ? isIPv4(host) || isName(host) : isIPv6(bare)
  if (!isHost || Number(port) > 65_535 || bytes.length < 16 || bytes.length > 64) refuse()
  if (bytes.toString('base64url') !== secret) refuse()
  try {
    checkAddress(address, 'address')
  } catch {
    refuse()
  }
  return { host: bare, port: Number(port), address, secret, pin }
}

/** A DNS name: labels, the last of which isn't a number (else it would be an IPv4 address in another spelling). */
function isName(host) {
  const labels = host.split('.')
  return host.length <= 253 && labels.every((label) => /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label))
    && !/^\d+$/.test(labels.at(-1))
}

/** Makes a profile of an invitation, which may be used again until it expires: a lost reply burns nothing.
 * @param {string} line the invitation
 * @param {string} folder where the profile goes; one of the same address keeps what it has
 * @returns {Promise<Profile>} */
export async function enrol(line, folder) {
  const { host, port, address, secret, pin } = readInvitation(line.trim())
  Profile.prepare(folder)
  const about = join(folder, 'profile.json')
  if (existsSync(about) && JSON.parse(readFileSync(about, 'utf8')).address !== address) {
    throw new RegiopostError('usage', { detail: `${folder} is the profile of another address` })
  }
  const pending = join(folder, 'enrolling.pem')
  const key = durableKey(pending)
  const root = await shownRoot({ host, port })
  if (pinOf(root) !== pin) {
    throw new RegiopostError('wrong-server', { detail: `the key of ${host}:${port} is not the one in the invitation` })
  }
  const { session, close } = await connect({ host, port, root: root.toString(), alpn: ALPN.enrol })
  let reply
  try {
    reply = await session.request('ENROL', { address, secret, request: certificateRequest(key).toString('base64url') })
  } finally {
    await close()
  }
  const certificate = new X509Certificate(Buffer.from(reply.certificate, 'base64url'))
  if (!root.raw.equals(Buffer.from(reply.root, 'base64url')) || !certificate.checkPrivateKey(key)
    || !certificate.verify(root.publicKey)) {
    throw new RegiopostError('wrong-server', { detail: 'the certificate is for another key, or of another authority' })
  }
  writeWhole(about, `${JSON.stringify({ address, host, port }, null, 2)}\n`)
  writeWhole(join(folder, 'root.pem'), root.toString())
  writeWhole(join(folder, 'identity.pem'), readFileSync(pending, 'utf8') + certificate.toString())
  unlinkSync(pending)
  return new Profile(folder)
}

/** The SHA-256 of an authority's SubjectPublicKeyInfo.
 * @param {X509Certificate} root */
export function pinOf(root) {
  return createHash('sha256').update(root.publicKey.export({ type: 'spki', format: 'der' })).digest('hex')
}

/** The key in a file, made there first where it isn't: it must be durable before anybody is asked to certify it. */
function durableKey(path) {
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeWhole(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  }
  return createPrivateKey(readFileSync(path))
}

/** A certificate request (PKCS #10) with an empty subject: only the key counts.
 * @param {import('node:crypto').KeyObject} key
 * @returns {Buffer} DER */
export function certificateRequest(key) {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const info = der(0x30, der(0x02, [0]), der(0x30), spki, der(0xa0))
  const ecdsaWithSHA256 = der(0x30, der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
  return der(0x30, info, ecdsaWithSHA256, der(0x03, [0], sign('sha256', info, key)))
}

/** One element of DER. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content])
  const digits = content.length.toString(16)
  const length = Buffer.from(digits.padStart(digits.length + digits.length % 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 + length.length]), length, content])
}
