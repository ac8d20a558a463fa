// The command: arguments, what is done with them, what is printed.

import { constants, copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, parse } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, enrol } from '../regiopost.mjs'
import { RegiopostError, printable } from './errors.mjs'

const USAGE = `regiopost-node: letters, answers and meetings, by the Regiopost protocol

  regiopost-node enrol INVITATION         make a key, check the server, get a certificate
  regiopost-node sync                     send what waits, read what is new
  regiopost-node watch                    stay, and print what comes
  regiopost-node letters [--open]         the letters, and how each was answered
  regiopost-node show NUMBER              one letter, by its dossier or document number
  regiopost-node fetch NUMBER [--to FOLDER]
                                          the files of a letter and of the answers to it
  regiopost-node respond NUMBER --file ANSWER.txt [--answer "1=yes: from 2027"] [--support KINDS] [--reference R]
                                          [--attach PLAN.pdf] [--for gm0518, which became part of this municipality]
  regiopost-node briefing [--letter NUMBER] [--region] [--slot 2026-06-02T19:30/21:30] [--size 45] [--place P]
                          [--theme T] [--audience A] [--note N] [--key K]
  regiopost-node meeting [--kind conversation] …   the same for a conversation, knowledge-session or expert-team
  regiopost-node meetings                 the meetings, and how far each is
  regiopost-node queue                    what waits, and what was refused and why
  regiopost-node drop ID                  give up a change that was refused

  --profile FOLDER   else REGIOPOST_NODE_PROFILE, else ~/.regiopost-node
  --json             one JSON object a line

What is written is on disk before a command returns; "sync" sends it, as often as it takes. With --key the same is
asked once, however often the command runs. Exit statuses follow sysexits.h.`

const STRING = { type: 'string' }
const STRINGS = { type: 'string', multiple: true }
const FLAG = { type: 'boolean' }
const OPTIONS = {
  profile: STRING, json: FLAG, help: FLAG, open: FLAG, file: STRING, text: STRING, answer: STRINGS, support: STRING,
  reference: STRING, theme: STRINGS, letter: STRING, region: FLAG, slot: STRINGS, size: STRING, place: STRING,
  audience: STRING, note: STRING, key: STRING, kind: STRING, invite: STRINGS, online: FLAG, team: STRING,
  language: STRING, for: STRING, attach: STRINGS, to: STRING,
}

/** Runs a command line.
 * @param {string[]} args
 * @param {{ print?: (line: string) => void, signal?: AbortSignal }} [to]
 * @returns {Promise<void>} */
export async function run(args, { print = console.log, signal } = {}) {
  const { values: options, positionals: [command, ...words] } = parsed(args)
  if (options.help || command === undefined) return print(USAGE)
  const folder = options.profile ?? process.env.REGIOPOST_NODE_PROFILE ?? join(homedir(), '.regiopost-node')
  const show = (object, text) => print(options.json ? JSON.stringify(object) : printable(text))
  if (command === 'enrol') {
    const { address, host, port } = await enrol(one(words, 'an invitation'), folder)
    return show({ address, host, port }, `${address} at ${host}:${port}; the profile is ${folder}.`)
  }
  if (!Object.hasOwn(COMMANDS, command)) usage(`there is no command "${command}"; --help shows them`)
  return COMMANDS[command](new Client(folder), { options, words, show, signal })
}

function parsed(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    return usage(error.message)
  }
}

/** @returns {never} */
function usage(detail) {
  throw new RegiopostError('usage', { detail })
}

function one(words, what) {
  return words.length === 1 ? words[0] : usage(`it takes ${what}`)
}

const COMMANDS = {
  async sync(client, { show }) {
    const { taken, refused, later, read } = await client.sync()
    const wrong = refused.length > 0 ? `, ${refused.length} refused: see "queue"` : ''
    const waits = later.length > 0 ? `, ${later.length} still wait` : ''
    show({ taken, refused, later, read }, `${taken.length} sent, ${read} new here${wrong}${waits}.`)
    if (later.length > 0) process.exitCode = 75
    if (refused.length > 0) process.exitCode = 65
  },

  watch: (client, { show, signal }) => client.watch({
    signal,
    onTrouble: (error, wait) => process.stderr.write(`${printable(error.message)} Trying again in ${wait / 1000} s.\n`),
    onChanges: (mailbox, rows) => rows.forEach(({ position, received, json }) => {
      const { type, subject, author } = JSON.parse(json)
      show({ mailbox, position, received, change: JSON.parse(json) }, `${received}  ${type}  ${subject}  ${author}`)
    }),
  }),

  letters(client, { options, show }) {
    for (const { id, letter, open, due, waiting, answers } of client.letters()) {
      if (options.open && !open) continue
      const { dossier, document, date, title } = letter.content
      const status = letter.status === 'withdrawn' ? 'withdrawn' : open ? 'open'
        : answers.find(({ state }) => state)?.state.status ?? 'copy'
      const newer = letter.status === 'superseded' && 'there is a newer one'
      const more = [open && due && `due ${due}`, waiting && 'waits for sync', newer]
      show({ id, dossier, document, date, title, due, letter: letter.status, status, waiting },
        `${date}  ${dossier}  ${document}  ${title}  [${[status, ...more].filter(Boolean).join(', ')}]`)
    }
  },

  show(client, { words, show }) {
    const { id, letter, answers } = client.letter(one(words, 'a dossier or document number'))
    client.opened(id, letter)
    const { text, requests = [], ...rest } = letter.content
    const asked = requests.map((request, index) => `  ${index + 1}. ${request}`)
    const given = answers.map(({ subject, state }) => ({ subject, ...state })).filter(({ status }) => status)
    const head = [`${rest.dossier}  ${rest.document}  ${rest.date}`, `${rest.title}  [${letter.status}]`]
    const foot = given.map(({ author, status, text }) => `${author}, ${status}:\n\n${text}`)
    show({ id, status: letter.status, letter: letter.content, answers: given },
      [...head, `From ${letter.sender}`, '', text, ...asked, ...foot].join('\n'))
  },

  async fetch(client, { options, words, show }) {
    for (const { name, path } of await client.fetch(one(words, 'a dossier or document number'))) {
      const copy = options.to === undefined ? path : copied(path, options.to, name)
      show({ name, path: copy }, `${name}  ${copy}`)
    }
  },

  respond(client, { options, words, show }) {
    const number = one(words, 'a dossier or document number')
    const id = client.respond(number, {
      text: options.text ?? contentOf(options.file ?? usage('it takes --file or --text')),
      answers: options.answer?.map(answer), support: options.support?.split(','), themes: options.theme,
      reference: options.reference, attach: options.attach, organisation: options.for,
    })
    accepted(show, id)
  },

  briefing: (client, given) => request(client, 'briefing', given),
  meeting: (client, given) => request(client, given.options.kind ?? 'conversation', given),

  meetings(client, { show }) {
    for (const { subject, state, waiting } of client.meetings()) {
      const { status, slot, place, agreed, joined, common, content } = state
      const when = slot ?? (content.slots ?? ['any date']).join(', ')
      show({ subject, kind: content.kind, status, slot, place, agreed, joined, common, waiting },
        `${content.kind}  ${status}${waiting ? ' (waits for sync)' : ''}  ${when}  ${place ?? ''}  ${subject}`)
    }
  },

  queue(client, { show }) {
    for (const [id, { change, state, refusal }] of client.profile.outbox.entries()) {
      if (state === 'taken' || state === 'dropped') continue
      show({ id, state, type: change.type, subject: change.subject, refusal },
        `${id}  ${change.type}  ${change.subject}  ${refusal?.text ?? 'waits for sync'}`)
    }
  },

  drop(client, { words, show }) {
    const id = one(words, 'the id of a change')
    const state = client.profile.outbox.entries().get(id)?.state
    if (state !== 'refused') usage('only what the server refused can be dropped; anything else may have been taken')
    client.profile.outbox.note(id, { state: 'dropped' })
    show({ id, state: 'dropped' }, `${id} was dropped.`)
  },
}

function request(client, kind, { options, words, show }) {
  if (words.length > 0) usage(`"${words[0]}" belongs to no option`)
  const { key, letter, region, place, audience, note, team, language, online } = options
  if (options.size !== undefined && !/^[1-9]\d{0,4}$/.test(options.size)) usage('--size takes a number')
  const size = options.size === undefined ? undefined : Number(options.size)
  accepted(show, client.requestMeeting({
    kind, key, letter, region, invited: options.invite, themes: options.theme, slots: options.slot, place, online,
    language, team, audience, size, note,
  }))
}

function accepted(show, id) {
  show({ id, state: 'waiting' }, `Kept as ${id}; "sync" sends it.`)
}

/** `1=yes: from 2027`, as a response has it. */
function answer(written) {
  const [, request, given, text] = /^([1-9]\d*)=(yes|partly|no|later)(?::\s*(.+))?$/s.exec(written)
    ?? usage(`"${written}" is no answer; write --answer "1=yes: from 2027"`)
  return { request: Number(request), answer: given, text }
}

/** A copy of a file in a folder, under a name that nothing has there yet. */
function copied(path, folder, name) {
  mkdirSync(folder, { recursive: true })
  const { name: stem, ext } = parse(name)
  for (let number = 1; ; number += 1) {
    const copy = join(folder, number === 1 ? name : `${stem} (${number})${ext}`)
    try {
      copyFileSync(path, copy, constants.COPYFILE_EXCL)
      return copy
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (readFileSync(copy).equals(readFileSync(path))) return copy
    }
  }
}

function contentOf(file) {
  if (!existsSync(file)) usage(`there is no file ${file}`)
  return readFileSync(file, 'utf8')
}
