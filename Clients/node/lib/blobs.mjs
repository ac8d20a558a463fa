// Files (7.8, 7.9): kept in the profile by their digest, sent before what cites them, fetched when somebody wants them.

import { createHash } from 'node:crypto'
import {
  closeSync, existsSync, fsyncSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync, unlinkSync,
} from 'node:fs'
import { basename, extname, join } from 'node:path'
import { RegiopostError } from './errors.mjs'
import { syncFolder, writeAll, writeWhole } from './store.mjs'

/** A file as changes cite it.
 * @typedef {{ name: string, media: string, size: number, sha256: string }} File */

const MEDIA = {
  '.pdf': 'application/pdf', '.txt': 'text/plain', '.csv': 'text/csv', '.md': 'text/markdown', '.png': 'image/png',
  '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.zip': 'application/zip',
  '.odt': 'application/vnd.oasis.opendocument.text',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
const READ = 65_536

/** The files of a profile. */
export class Blobs {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder
  }

  /** Where a file's bytes are, or go. */
  path(sha256) {
    return join(this.folder, sha256)
  }

  has(sha256) {
    return existsSync(this.path(sha256))
  }

  /** Takes a copy of a file, so that the original may change or vanish. It is durable when this returns.
   * @param {string} path
   * @returns {File} */
  keep(path) {
    if (!existsSync(path)) throw new RegiopostError('usage', { detail: `there is no file ${path}` })
    const bytes = readFileSync(path)
    if (bytes.length === 0) throw new RegiopostError('usage', { detail: `${path} is empty` })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    if (!this.has(sha256)) writeWhole(this.path(sha256), bytes)
    const media = MEDIA[extname(path).toLowerCase()] ?? 'application/octet-stream'
    return { name: basename(path).normalize(), media, size: bytes.length, sha256 }
  }

  /** Sends a file, going on where the server has it. Nothing is sent where it has all of it.
   * @param {import('./session.mjs').Session} session
   * @param {File} file */
  async send(session, { sha256, size }) {
    const { blob, chunk } = session.greeting
    if (blob === undefined) throw new RegiopostError('unavailable', { detail: 'this server takes no files' })
    if (size > Number(blob)) throw new RegiopostError('blob-too-large', { details: { limit: blob } })
    const file = openSync(this.path(sha256), 'r')
    try {
      let { offset, complete } = await session.request('OFFER', { sha256, size })
      while (complete === 'no') {
        const piece = Buffer.alloc(Math.min(Number(chunk), size - Number(offset)))
        const read = readSync(file, piece, 0, piece.length, Number(offset))
        if (read < piece.length) throw new RegiopostError('blob-mismatch', { detail: 'the copy here is cut short' });
        ({ offset, complete } = await session.sendPiece({ sha256, size, offset }, piece))
      }
    } finally {
      closeSync(file)
    }
  }

  /** Fetches a file, going on where it was cut off, and checks it.
   * @param {import('./session.mjs').Session} session
   * @param {File} file */
  async fetch(session, { sha256, size }) {
    if (this.has(sha256)) return
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const part = `${this.path(sha256)}.part`
    const file = openSync(part, 'a', 0o600)
    try {
      let offset = fstatSync(file).size
      while (offset < size) {
        const reply = await session.fetch({ sha256, offset }, (piece) => writeAll(file, piece))
        if (Number(reply.size) !== size || Number(reply.offset) <= offset) {
          throw new RegiopostError('blob-mismatch', { detail: 'the file has another size than the change says' })
        }
        offset = Number(reply.offset)
      }
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    if (digestOf(part) !== sha256) {
      unlinkSync(part)
      throw new RegiopostError('blob-mismatch', { detail: sha256 })
    }
    renameSync(part, this.path(sha256))
    syncFolder(this.folder)
  }
}

/** The SHA-256 of a file, read in parts. */
function digestOf(path) {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  const part = Buffer.alloc(READ)
  try {
    for (let at = 0, read; (read = readSync(file, part, 0, READ, at)) > 0; at += read) {
      hash.update(part.subarray(0, read))
    }
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
