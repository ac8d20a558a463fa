// TLS 1.3 by the rules of section 3: the one authority that was pinned, the host's own name, one ALPN protocol.

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect as connectTLS } from 'node:tls'
import { RegiopostError } from './errors.mjs'
import { Session } from './session.mjs'

export const ALPN = { work: 'regiopost/1', enrol: 'regiopost-enrol/1' }
const GREETED_WITHIN = 10_000
const CLOSED_WITHIN = 1000
/** How long a client that waits for a reply hears nothing before it takes the connection for dead, in milliseconds. */
export const ANSWERED_WITHIN = 60_000

/** What every connection has in common. */
const tls = (host, port, alpn) => ({
  host,
  port,
  servername: isIP(host) ? '' : host,
  ALPNProtocols: [alpn],
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
})

/** Whether a certificate names a host among its alternative names; neither the subject nor a wildcard counts.
 * @param {X509Certificate} certificate
 * @param {string} host */
export function names(certificate, host) {
  return isIP(host)
    ? certificate.checkIP(host) !== undefined
    : certificate.checkHost(host, { subject: 'never', wildcards: false }) !== undefined
}

/** Opens a connection and waits for the greeting: before it a client isn't let in, whatever TLS says.
 * @param {{ host: string, port: number, root: string | Buffer, key?: string, cert?: string, alpn?: string,
 *   onBatch?: ConstructorParameters<typeof Session>[0]['onBatch'], patience?: number }} how
 * @returns {Promise<{ session: Session, close: () => Promise<void>, socket: import('node:tls').TLSSocket }>} */
export async function connect({ host, port, root, key, cert, alpn = ALPN.work, onBatch, patience = ANSWERED_WITHIN }) {
  const socket = connectTLS({
    ...tls(host, port, alpn), ca: [root], key, cert,
    checkServerIdentity: (_, peer) => names(new X509Certificate(peer.raw), host)
      ? undefined : new RegiopostError('wrong-server', { detail: `its certificate does not name ${host}` }),
  })
  const session = new Session({ write: (bytes) => socket.write(bytes), onBatch,
    longest: alpn === ALPN.enrol ? 65_536 : undefined })
  let secure = false
  socket.on('secureConnect', () => {
    secure = true
    if (socket.alpnProtocol === alpn) return
    session.end(new RegiopostError('wrong-server', { detail: `it does not speak ${alpn}` }))
  })
  let heard = Date.now()
  socket.on('data', (bytes) => {
    heard = Date.now()
    session.receive(bytes)
  })
  const listening = setInterval(() => {
    const since = Math.max(heard, session.asked)
    if (session.underWay.size > 0 && Date.now() - since > patience) session.end(new RegiopostError('timeout'))
  }, Math.min(1000, patience)).unref()
  socket.on('end', () => session.end())
  socket.on('error', (error) => session.end(reason(error, secure, session, `${host}:${port}`)))
  socket.on('close', () => session.end())
  session.closed.promise.then(() => {
    clearInterval(listening)
    socket.end() // with close_notify, where the connection still carries it
    setTimeout(() => socket.destroy(), CLOSED_WITHIN).unref()
  })
  const late = new RegiopostError('timeout', { detail: 'no greeting came' })
  const timer = setTimeout(() => session.end(late), GREETED_WITHIN)
  try {
    const { kind } = await session.greeted.promise
    if ((kind === 'greeting') !== (alpn === ALPN.work)) {
      session.end(new RegiopostError('protocol', { detail: 'the greeting is of another protocol' }))
      throw session.ended
    }
  } finally {
    clearTimeout(timer)
  }
  return { session, socket, close: () => quit(session, socket) }
}

/** Says goodbye, and waits for the end. */
async function quit(session, socket) {
  const closed = new Promise((resolve) => socket.destroyed ? resolve() : socket.once('close', resolve))
  if (!session.ended) await session.request('QUIT').catch(() => {})
  session.end()
  await closed
}

/** What a fault of the socket means. */
function reason(error, secure, session, where) {
  if (error instanceof RegiopostError) return error
  if (/^ERR_SSL_.*ALERT|SSL alert/.test(`${error.code} ${error.message}`)) {
    const detail = `${where} answered: ${error.code ?? error.message}`
    return new RegiopostError('not-let-in', { detail, cause: error })
  }
  if (!secure && /CERT|SELF_SIGNED|UNABLE_TO|ISSUER/.test(error.code ?? '')) {
    const detail = `${where} did not prove that it is known here (${error.code})`
    return new RegiopostError('wrong-server', { detail, cause: error })
  }
  const code = session.greeting ? 'cut-off' : 'unreachable'
  return new RegiopostError(code, { detail: `${where}: ${error.message}`, cause: error })
}

/** The root that a server shows in its chain, with nothing said to it.
 * @param {{ host: string, port: number }} where
 * @returns {Promise<X509Certificate>} */
export function shownRoot({ host, port }) {
  return new Promise((resolve, reject) => {
    const socket = connectTLS({ ...tls(host, port, ALPN.enrol), rejectUnauthorized: false, timeout: GREETED_WITHIN })
    const stop = (error) => {
      socket.destroy()
      reject(new RegiopostError('unreachable', { detail: `${host}:${port}: ${error.message}`, cause: error }))
    }
    socket.on('error', stop)
    socket.on('timeout', () => stop(new Error('no answer came')))
    socket.on('secureConnect', () => {
      let last = socket.getPeerCertificate(true)
      for (const seen = new Set(); last.issuerCertificate && !seen.has(last.fingerprint256);) {
        seen.add(last.fingerprint256)
        last = last.issuerCertificate
      }
      socket.end()
      resolve(new X509Certificate(last.raw))
    })
  })
}
