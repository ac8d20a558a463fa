// Errors, with the stable codes of section 14 of the specification and a sentence for people.

const NEVER = 'never', LATER = 'later', SYNC = 'after-sync'

/** The registry of codes: when the same thing can succeed, and what it means.
 * @type {Record<string, [('never' | 'later' | 'after-sync'), string]>} */
export const REGISTRY = {
  'bad-json': [NEVER, 'The change is not I-JSON'],
  'bad-field': [NEVER, "A field has a value it can't have"],
  'missing-field': [NEVER, 'A field is missing'],
  'unknown-type': [NEVER, "The server doesn't know this type of change"],
  'unknown-version': [NEVER, "The server doesn't know this version of the envelope"],
  'subject-mismatch': [NEVER, 'The subject is not the one this change must be about'],
  'author-mismatch': [NEVER, 'The author is not the address of the certificate'],
  'not-allowed': [NEVER, 'This address may not do that'],
  'not-addressed': [NEVER, 'The letter is not addressed to this organisation'],
  'not-invited': [NEVER, 'This organisation is not invited'],
  'not-cleared': [NEVER, 'An address that is named may not read what is so confidential'],
  'mandate-not-started': [LATER, "The address's mandate has not begun"],
  'mandate-ended': [NEVER, "The address's mandate is over, and another has its work"],
  'organisation-abolished': [NEVER, 'The organisation was abolished, and another has its work'],
  'conflict': [SYNC, 'Another change came first'],
  'predecessor-missing': [SYNC, "The change builds on one the server doesn't have"],
  'needs-missing': [SYNC, 'A change that this one needs is not there'],
  'id-taken': [NEVER, 'The id belongs to a change with other bytes'],
  'subject-unknown': [SYNC, 'There is no such subject'],
  'illegal-step': [NEVER, "The subject's state doesn't allow that"],
  'letter-unknown': [SYNC, 'There is no such letter'],
  'letter-withdrawn': [NEVER, 'The letter was withdrawn'],
  'dossier-missing': [NEVER, 'The dossier is missing'],
  'dossier-mismatch': [NEVER, "The dossier is not the letter's"],
  'bsn-found': [NEVER, 'A text seems to hold a citizen service number (BSN)'],
  'not-adopted': [NEVER, "The draft isn't signed by all who have to"],
  'text-changed': [SYNC, 'The text is not the newest one of the draft'],
  'signature-missing': [NEVER, "A signature that is needed isn't there"],
  'signatures-changed': [SYNC, 'The signatures are not those of the draft'],
  'slot-unknown': [NEVER, 'That slot was not proposed'],
  'unknown-organisation': [NEVER, 'The directory has no such organisation'],
  'unknown-region': [NEVER, 'The directory has no such region'],
  'blob-missing': [LATER, 'A file that the change cites was not uploaded'],
  'blob-unknown': [NEVER, 'There is no such file'],
  'blob-mismatch': [NEVER, "The bytes don't have that digest; what was uploaded is dropped"],
  'blob-too-large': [NEVER, 'The file is larger than the limit'],
  'blob-offset': [NEVER, "The bytes don't begin where those that are there end"],
  'chunk-too-long': [NEVER, 'More bytes were announced than the limit'],
  'uploads-full': [LATER, 'Too much was uploaded that no change cites yet'],
  'bad-request': [NEVER, "The request can't be read"],
  'unknown-verb': [NEVER, 'There is no such verb here'],
  'line-too-long': [NEVER, 'The line is longer than the limit'],
  'bad-byte': [NEVER, 'A line holds a carriage return or a NUL'],
  'too-many-requests': [LATER, 'Too many requests are under way'],
  'resync': [SYNC, "The cursor is not of this server's history; start again from 0"],
  'mailbox-unknown': [NEVER, 'There is no such mailbox'],
  'mailbox-busy': [LATER, 'The mailbox is being read or watched already'],
  'unavailable': [LATER, "The server can't do that now"],
  'stopping': [LATER, 'The server is stopping'],
  'idle': [LATER, 'Nothing was heard for too long'],
  'too-many-failures': [LATER, 'Too many attempts failed'],
  'too-many-connections': [LATER, 'Newer connections use the same certificate'],
  'recovering': [LATER, 'The server was restored from a backup and takes nothing new yet'],
  'not-recovering': [SYNC, 'The server takes nothing back now'],
  'receipt-invalid': [NEVER, "The receipt is not this server's for that change in that mailbox"],
  'invitation-unknown': [NEVER, 'There is no such invitation'],
  'invitation-expired': [NEVER, 'The invitation has expired'],
  'invitation-used': [NEVER, 'The invitation was used with another key'],
  'bad-certificate-request': [NEVER, "The certificate request can't be used"],
  'revoked': [NEVER, 'The certificate was revoked'],
  'certificate-expired': [NEVER, 'The certificate has expired'],
}

/** What this client finds out by itself; these codes never stand on the wire. */
const LOCAL = {
  'unreachable': [LATER, "The server can't be reached"],
  'cut-off': [LATER, 'The connection ended before everything was answered'],
  'timeout': [LATER, 'The server did not answer in time'],
  'not-let-in': [NEVER, 'The server does not let this certificate in'],
  'wrong-server': [NEVER, 'This is not the server that was meant'],
  'protocol': [NEVER, "The server says something that the protocol doesn't allow"],
  'no-profile': [NEVER, 'There is no profile here; enrol with an invitation first'],
  'profile-busy': [LATER, 'Another program is synchronising this profile'],
  'usage': [NEVER, 'The command is not written as it should be'],
}

const EXITS = {
  usage: 64, unreachable: 69, 'wrong-server': 77, 'not-let-in': 77, revoked: 77, 'certificate-expired': 77, protocol: 76,
  'no-profile': 78,
}

/** Anything that went wrong, whether the server said it or this client found it. */
export class RegiopostError extends Error {
  /** @param {string} code a code of the registry or one of this client's own
   * @param {{ detail?: string, details?: Record<string, string>, retry?: string, text?: string,
   *   cause?: unknown }} [more] */
  constructor(code, { detail, details = {}, retry, text, cause } = {}) {
    const known = REGISTRY[code] ?? LOCAL[code]
    const said = known?.[1] ?? printable(text ?? '') ?? code
    const where = Object.entries(details).map(([name, value]) => `${name}: ${printable(value)}`).join(', ')
    const parts = [said || 'The server refuses this', where && ` (${where})`, detail && `: ${printable(detail)}`]
    super(`${parts.filter(Boolean).join('')}. [${code}]`, { cause })
    this.code = code
    /** When the same thing can succeed. A code that isn't known and says nothing else is worth another try. */
    this.retry = retry ?? known?.[0] ?? LATER
    this.details = details
  }

  /** The exit status, after sysexits.h. */
  get exit() {
    return EXITS[this.code] ?? (this.retry === LATER ? 75 : 65)
  }
}

/** Text of others, safe for a terminal: controls are shown as escapes (section 13). */
export function printable(text) {
  return String(text).replace(/[\p{Cc}\p{Bidi_Control}]/gu, (c) =>
    c === '\n' ? c : `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}`)
}
