"""Commands: what each does. Their arguments are in ``arguments``, what they show in ``shown``."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import secrets
import signal
import sqlite3
import sys
import time as clock
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .arguments import Command, parser
from .changes import Change
from .enrolment import enrol
from .errors import (
    EX_DATAERR,
    EX_IOERR,
    EX_NOINPUT,
    EX_OK,
    EX_UNAVAILABLE,
    Disconnected,
    RegiopostError,
    UsageError,
)
from .exchange import News, Report
from .letters import Letter
from .outbox import drop, redo
from .profile import Profile
from .shown import (
    Output,
    agreement_text,
    agreement_values,
    draft_lines,
    draft_text,
    draft_values,
    handle,
    joint_lines,
    joint_values,
    letter_text,
    letter_values,
    meeting_text,
    meeting_values,
    printable,
    programme_text,
    programme_values,
    queued_text,
    queued_values,
    response_values,
)
from .store import Store
from .sync import fetch, sync, watch
from .texts import preferred, text
from .values import is_slot
from .view import View
from .work import opened, request_meeting, respond


def _news(output: Output) -> News:
    def tell(mailbox: str, change: Change, received: str) -> None:
        values = {"mailbox": mailbox, "received": received, "id": change.id, "type": change.type}
        values |= {"subject": change.subject, "author": change.author}
        output.say(values, "" if mailbox == "directory" else output.text("news", **values))

    return tell


def _say_report(output: Output, report: Report, store: Store) -> int:
    unknown = store.view(outbox=False).unknown
    values = {
        "pushed": report.pushed,
        "received": report.received,
        "refused": {id: {"code": r.code, "retry": r.retry, **r.details} for id, r in report.refused.items()},
        "later": {id: r.code for id, r in report.later.items()},
        "held": report.held,
        "resynced": report.resynced,
        "unknown": unknown,
    }
    lines = [output.text("report", sent=len(report.pushed), received=report.received)]
    for key, refusals in (("report-refused", report.refused), ("report-later", report.later)):
        lines += [output.text(key, id=id, why=refusal.said(output.language)) for id, refusal in refusals.items()]
    lines += [output.text("report-held", id=id) for id in report.held]
    lines += [output.text("report-resync", mailbox=mailbox) for mailbox in report.resynced]
    if unknown:
        counts = ", ".join(f"{name} {count}" for name, count in sorted(unknown.items()))
        lines.append(output.text("report-unknown", counts=counts))
    output.say(values, "\n".join(lines))
    return report.exit_code


def _enrol(options: argparse.Namespace, output: Output) -> int:
    invitation = sys.stdin.readline().strip() if options.invitation == "-" else options.invitation
    profile = enrol(invitation, options.profile)
    output.tell({"address": profile.address, "host": profile.host, "port": profile.port}, "enrolled")
    return EX_OK


def _sync(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        report = sync(profile, store, None if output.as_json else _news(output))
        return _say_report(output, report, store)


def _watch(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    end = clock.monotonic() + (options.seconds if options.seconds is not None else float("inf"))
    pause = 1.0
    with profile.store() as store:
        while True:
            started = clock.monotonic()
            try:
                return watch(profile, store, _news(output), until=lambda: clock.monotonic() > end).exit_code
            except Disconnected as error:
                if not error.connects_again:
                    raise
                what = output.text("trying-again", what=error.said(output.language))
                sys.stderr.write(f"regiopost-py: {printable(what)}\n")
            # A connection that stood for a while starts the waiting anew; one that failed at once waits longer.
            pause = 1.0 if clock.monotonic() - started > 60 else min(60.0, pause * 2)
            if clock.monotonic() + pause > end:
                return EX_UNAVAILABLE
            clock.sleep(pause * (0.5 + secrets.randbelow(1000) / 1000))


def _letters(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        for letter in view.letters.values():
            values = letter_values(view, letter, profile.organisation, profile.address)
            output.say(values, letter_text(output, values))
    return EX_OK


def _list(options: argparse.Namespace, output: Output) -> int:
    """Meetings, agreements, programmes or drafts, a line each."""
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        match options.what:
            case "meetings":
                for meeting in view.meetings.values():
                    output.say(meeting_values(meeting), meeting_text(output, meeting))
            case "agreements":
                for agreement in view.agreements.values():
                    output.say(agreement_values(agreement), agreement_text(output, agreement))
            case "programmes":
                for programme in view.programmes.values():
                    output.say(programme_values(view, programme), programme_text(output, programme))
            case _:
                for draft in view.drafts.values():
                    output.say(draft_values(draft), draft_text(output, draft))
    return EX_OK


def _show(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        if not _show_by_id(options.reference, view, output):
            letter = view.find_letter(options.reference)
            if not options.unopened:
                opened(profile, store, letter)
            _show_letter(letter, view, profile, output)
    return EX_OK


def _show_by_id(reference: str, view: View, output: Output) -> bool:
    """Shows what has that id, or one that ends so, where it is no letter; whether there is such a thing."""

    def named(id: str) -> bool:
        return reference in (id, handle(id))

    for id, meeting in view.meetings.items():
        if named(id):
            values = meeting_values(meeting)
            known = {name: value for name, value in values.items() if value not in (None, [], {})}
            output.say(values, "\n".join(f"{name}: {value}" for name, value in known.items()))
            return True
    for id, agreement in view.agreements.items():
        if named(id):
            lines = [agreement_text(output, agreement)]
            for entry in agreement.entries:
                said = entry.body.get("note", entry.body.get("reason", ""))
                lines.append(f"  {entry.received or ''}  {entry.step}  {entry.author}  {said}")
            output.say(agreement_values(agreement), "\n".join(lines))
            return True
    for id, programme in view.programmes.items():
        if named(id):
            seen = [view.agreements[id] for id in programme.agreements if id in view.agreements]
            lines = [programme_text(output, programme), *(f"  {agreement_text(output, one)}" for one in seen)]
            output.say(programme_values(view, programme), "\n".join(lines))
            return True
    for id, draft in view.drafts.items():
        if named(id):
            output.say(draft_values(draft), "\n".join(draft_lines(output, draft)))
            return True
    return False


def _show_letter(letter: Letter, view: View, profile: Profile, output: Output) -> None:
    values = letter_values(view, letter, profile.organisation, profile.address)
    responses = [response for response in view.responses.values() if response.letter == letter.id]
    joints = [joint for joint in view.joints.values() if joint.letter == letter.id]
    term = view.terms.get((letter.id, profile.organisation))
    lines = [letter_text(output, values), f"{values['document']}", ""]
    if term is not None and term.reminders:
        lines.insert(2, output.text("reminded", count=term.reminders, by=term.reminded_by))
    lines += [letter.content["text"]]
    for response in responses:
        status = output.word(response.status)
        lines.append(output.text("answered-by", organisation=response.organisation, status=status))
        lines.append(response.current.content["text"])
    for joint in joints:
        lines += joint_lines(output, joint)
    values |= {
        "content": dict(letter.content),
        "responses": [response_values(response) for response in responses],
        "joints": [joint_values(joint) for joint in joints],
    }
    output.say(values, "\n".join(lines))


def _fetch(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        folder = Path(options.to)
        for file in _cited(options.reference, store.view()):
            # The name is somebody else's: it was checked to be one of a file, and nothing that is there is replaced.
            target = folder / file["name"]
            if target.exists():
                target = folder / f"{file['sha256'][:12]}-{file['name']}"
            data = fetch(profile, store, file["sha256"])
            if not target.exists():
                target.write_bytes(data.read_bytes())
            output.say({**file, "path": str(target)}, f"{file['size']:>12}  {target}")
    return EX_OK


def _cited(reference: str, view: View) -> list[Mapping[str, Any]]:
    """The files of what has that id, or of a letter and the answers to it."""
    for meeting in view.meetings.values():
        if reference in (meeting.id, handle(meeting.id)):
            return list(meeting.files)
    for draft in view.drafts.values():
        if reference in (draft.id, handle(draft.id)):
            return list(draft.current.content["content"].get("files", ()))
    letter = view.find_letter(reference)
    answers = [response.current.content for response in view.responses.values() if response.letter == letter.id]
    answers += [joint.content for joint in view.joints.values() if joint.letter == letter.id]
    return [file for content in (letter.content, *answers) for file in content.get("files", ())]


def _answer(typed: str) -> dict[str, Any]:
    """``2=partly:because …`` as the specification has it."""
    match = re.fullmatch(r"([1-9][0-9]{0,2})=(yes|partly|no|later)(?::(.+))?", typed, re.DOTALL)
    if match is None:
        raise UsageError("answer-form", text=typed)
    answer: dict[str, Any] = {"request": int(match.group(1)), "answer": match.group(2)}
    return answer if match.group(3) is None else {**answer, "text": match.group(3)}


def _respond(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    answer = options.text
    if answer is None:
        answer = sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8")
    with profile.store() as store:
        change = respond(
            profile,
            store,
            options.letter,
            answer,
            reference=options.reference,
            answers=[_answer(answer) for answer in options.answer],
            themes=options.theme,
            support=options.support,
            files=[Path(path) for path in options.attach],
            organisation=options.organisation,
            key=options.key,
        )
    output.say({"id": change.id, "subject": change.subject}, output.text("queued", type=change.type, id=change.id))
    return EX_OK


def _slot(typed: str) -> str:
    """A slot as people type it, ``2026-06-02 19:30-21:30``, or as the specification has it."""
    slot = re.sub(r"^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})-(\d{2}:\d{2})$", r"\1T\2/\3", typed)
    if not is_slot(slot):
        raise UsageError("slot-form", text=typed)
    return slot


def _request(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        change = request_meeting(
            profile,
            store,
            options.kind,
            slots=[_slot(slot) for slot in options.slot],
            letter=options.letter,
            invited=options.invite,
            themes=options.theme,
            place=options.place,
            audience=options.audience,
            size=options.size,
            note=options.note,
            key=options.key,
        )
    output.say({"id": change.id, "subject": change.subject}, output.text("queued", type=change.type, id=change.id))
    return EX_OK


def _queue(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        if options.do is None:
            for item in store.outbox():
                if options.all or item.state != "taken":
                    output.say(queued_values(item), queued_text(output, item))
            return EX_OK
        if options.id is None:
            raise UsageError("queue-which")
        item = store.find(options.id)
        if options.do == "retry":
            store.retry(item)
            output.tell({"id": item.change.id}, "goes-again")
        elif options.do == "redo":
            for change in redo(store, item):
                output.tell({"id": change.id, "type": change.type}, "rewritten")
        else:
            for id in drop(store, item):
                output.tell({"id": id}, "gone")
    return EX_OK


COMMANDS: dict[str, Command] = {
    "enrol": _enrol,
    "sync": _sync,
    "watch": _watch,
    "letters": _letters,
    "meetings": _list,
    "agreements": _list,
    "programmes": _list,
    "drafts": _list,
    "show": _show,
    "fetch": _fetch,
    "respond": _respond,
    "request": _request,
    "queue": _queue,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns an exit status of sysexits.h."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = preferred(given, os.environ)
    options = parser(COMMANDS, language).parse_args(given)
    output = Output(options.json, sys.stdout, language)
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return COMMANDS[options.what](options, output)
    except RegiopostError as error:
        code, message = error.exit_code, error.said(language)
    except FileNotFoundError as error:
        code, message = EX_NOINPUT, f"{error.filename}: {error.strerror}"
    except (OSError, sqlite3.Error) as error:
        code, message = EX_IOERR, str(error)
    except UnicodeDecodeError:
        code, message = EX_DATAERR, text("no-utf8", language)
    except KeyboardInterrupt:
        return 130
    sys.stderr.write(f"regiopost-py: {printable(message)}\n")
    return code
