"""Commands."""

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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, cast

from ._version import __version__
from .changes import Change
from .enrolment import enrol
from .errors import (
    EX_DATAERR,
    EX_IOERR,
    EX_NOINPUT,
    EX_OK,
    EX_UNAVAILABLE,
    EX_USAGE,
    Disconnected,
    RegiopostError,
    UsageError,
)
from .exchange import News, Report
from .outbox import drop, redo
from .profile import Profile
from .shown import Output, letter_values, meeting_values, printable, queued_text, queued_values
from .store import Store
from .sync import fetch, sync, watch
from .values import KINDS, SUPPORT, is_slot
from .work import opened, request_meeting, respond


def _news(output: Output) -> News:
    def tell(mailbox: str, change: Change, received: str) -> None:
        values = {"mailbox": mailbox, "received": received, "id": change.id, "type": change.type}
        values |= {"subject": change.subject, "author": change.author}
        text = "" if mailbox == "directory" else f"{received}  {change.type}  {change.subject}  by {change.author}"
        output.say(values, text)

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
    lines = [f"{len(report.pushed)} sent, {report.received} received"]
    lines += [f"refused: {id}: {refusal}" for id, refusal in report.refused.items()]
    lines += [f"later: {id}: {refusal}" for id, refusal in report.later.items()]
    lines += [f"waits for one that wasn't taken: {id}" for id in report.held]
    lines += [f"read again from the start: {mailbox}" for mailbox in report.resynced]
    if unknown:
        counts = ", ".join(f"{name} {count}" for name, count in sorted(unknown.items()))
        lines.append(f"kept, of types that this program doesn't know: {counts}")
    output.say(values, "\n".join(lines))
    return report.exit_code


def _enrol_command(options: argparse.Namespace, output: Output) -> int:
    text = sys.stdin.readline().strip() if options.invitation == "-" else options.invitation
    profile = enrol(text, options.profile)
    values = {"address": profile.address, "host": profile.host, "port": profile.port}
    output.say(values, f"enrolled as {profile.address}")
    return EX_OK


def _sync_command(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        report = sync(profile, store, None if output.as_json else _news(output))
        return _say_report(output, report, store)


def _watch_command(options: argparse.Namespace, output: Output) -> int:
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
                sys.stderr.write(f"regiopost-py: {printable(str(error))}; trying again\n")
            # A connection that stood for a while starts the waiting anew; one that failed at once waits longer.
            pause = 1.0 if clock.monotonic() - started > 60 else min(60.0, pause * 2)
            if clock.monotonic() + pause > end:
                return EX_UNAVAILABLE
            clock.sleep(pause * (0.5 + secrets.randbelow(1000) / 1000))


def _letters_command(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        for letter in view.letters.values():
            values = letter_values(view, letter, profile.organisation, profile.address)
            state = ", ".join(filter(None, (letter.status, values["receipt"], values["response"])))
            output.say(values, f"{values['dossier']}  {values['date']}  {values['title']}  ({state})")
    return EX_OK


def _show_command(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        meetings = [m for m in view.meetings.values() if options.reference in (m.id, m.id[-12:])]
        if meetings:
            values = meeting_values(meetings[0])
            text = "\n".join(f"{name}: {value}" for name, value in values.items() if value not in (None, [], {}))
            output.say(values, text)
            return EX_OK
        letter = view.find_letter(options.reference)
        if not options.unopened:
            opened(profile, store, letter)
        values = letter_values(view, letter, profile.organisation, profile.address)
        responses = [r for r in view.responses.values() if r.letter == letter.id]
        values["content"] = dict(letter.content)
        values["responses"] = [
            {"organisation": r.organisation, "status": r.status, "versions": len(r.versions), **r.current.content}
            for r in responses
        ]
        lines = [f"{values['dossier']}  {values['document']}  {values['date']}", values["title"], ""]
        lines += [letter.content["text"]]
        for response in responses:
            lines += [f"-- {response.organisation}, {response.status}:", response.current.content["text"]]
        output.say(values, "\n".join(lines))
    return EX_OK


def _fetch_command(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        letter = view.find_letter(options.letter)
        cited = list(letter.content.get("files", ()))
        for response in view.responses.values():
            if response.letter == letter.id:
                cited += response.current.content.get("files", ())
        folder = Path(options.to)
        for file in cited:
            # The name is somebody else's: it was checked to be one of a file, and nothing that is there is replaced.
            target = folder / file["name"]
            if target.exists():
                target = folder / f"{file['sha256'][:12]}-{file['name']}"
            data = fetch(profile, store, file["sha256"])
            if not target.exists():
                target.write_bytes(data.read_bytes())
            output.say({**file, "path": str(target)}, f"{file['size']:>12}  {target}")
    return EX_OK


def _answer(text: str) -> dict[str, Any]:
    """``2=partly:because …`` as the specification has it."""
    match = re.fullmatch(r"([1-9][0-9]{0,2})=(yes|partly|no|later)(?::(.+))?", text, re.DOTALL)
    if match is None:
        raise UsageError(f"{text}: an answer is written 2=partly, or 2=partly:why")
    answer: dict[str, Any] = {"request": int(match.group(1)), "answer": match.group(2)}
    return answer if match.group(3) is None else {**answer, "text": match.group(3)}


def _respond_command(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    text = options.text
    if text is None:
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8")
    with profile.store() as store:
        change = respond(
            profile,
            store,
            options.letter,
            text,
            reference=options.reference,
            answers=[_answer(answer) for answer in options.answer],
            themes=options.theme,
            support=options.support,
            files=[Path(path) for path in options.attach],
            key=options.key,
        )
    output.say({"id": change.id, "subject": change.subject}, f"queued: {change.type} {change.id}")
    return EX_OK


def _slot(text: str) -> str:
    """A slot as people type it, ``2026-06-02 19:30-21:30``, or as the specification has it."""
    typed = re.sub(r"^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})-(\d{2}:\d{2})$", r"\1T\2/\3", text)
    if not is_slot(typed):
        raise UsageError(f"{text}: a slot is written 2026-06-02 19:30-21:30")
    return typed


def _request_command(options: argparse.Namespace, output: Output) -> int:
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
    output.say({"id": change.id, "subject": change.subject}, f"queued: {change.type} {change.id}")
    return EX_OK


def _queue_command(options: argparse.Namespace, output: Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        if options.do is None:
            for item in store.outbox():
                if options.all or item.state != "taken":
                    output.say(queued_values(item), queued_text(item))
            return EX_OK
        if options.id is None:
            raise UsageError("which one? regiopost-py queue shows the ids")
        item = store.find(options.id)
        if options.do == "retry":
            store.retry(item)
            output.say({"id": item.change.id}, f"goes again: {item.change.id}")
        elif options.do == "redo":
            for change in redo(store, item):
                output.say({"id": change.id, "type": change.type}, f"written again: {change.type} {change.id}")
        else:
            for id in drop(store, item):
                output.say({"id": id}, f"dropped: {id}")
    return EX_OK


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EX_USAGE, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument(
        "--profile",
        default=os.environ.get("REGIOPOST_PROFILE", "default"),
        help="the profile's name; one profile is one address (also: REGIOPOST_PROFILE)",
    )
    common.add_argument("--json", action="store_true", help="one JSON object a line, for programs")
    parser = _Parser(prog="regiopost-py", description="Letters and meetings between province and municipalities.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def command(name: str, run: Callable[[argparse.Namespace, Output], int], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, parents=[common], help=help, description=help)
        made.set_defaults(run=run)
        return made

    made = command("enrol", _enrol_command, "Turns an invitation into a profile.")
    made.add_argument("invitation", help="regiopost:1:…, or - to read it from the standard input")
    command("sync", _sync_command, "Sends the queue and fetches what is new.")
    made = command("watch", _watch_command, "Stays connected; what comes in is shown at once.")
    made.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="stop after so long")
    command("letters", _letters_command, "Shows letters.")
    made = command("show", _show_command, "Shows a letter and the responses to it, or a meeting.")
    made.add_argument("reference", help="a dossier, a document, an id, or the last twelve digits of a meeting's id")
    made.add_argument("--unopened", action="store_true", help="don't tell the sender that the letter was opened")
    made = command("fetch", _fetch_command, "Brings the files of a letter and of the responses to it.")
    made.add_argument("letter", help="a dossier, a document or an id")
    made.add_argument("--to", default=".", metavar="FOLDER", help="where to put them (.)")
    made = command("respond", _respond_command, "Answers a letter.")
    made.add_argument("letter", help="a dossier, a document or an id")
    text = made.add_mutually_exclusive_group(required=True)
    text.add_argument("--text")
    text.add_argument("--file", help="the answer's text in UTF-8; - is the standard input")
    made.add_argument("--reference", help="this organisation's own reference")
    made.add_argument("--answer", action="append", default=[], metavar="N=yes|partly|no|later[:TEXT]")
    made.add_argument("--theme", action="append", default=[])
    made.add_argument("--support", action="append", default=[], choices=SUPPORT)
    made.add_argument("--attach", action="append", default=[], metavar="FILE")
    made.add_argument("--key", help="asked again with this key, it is written once")
    made = command("request", _request_command, "Asks for a meeting with the region's account holder.")
    made.add_argument("kind", choices=list(KINDS))
    made.add_argument("--slot", action="append", default=[], metavar="'2026-06-02 19:30-21:30'")
    made.add_argument("--letter", help="the letter that gave rise to it")
    made.add_argument("--invite", action="append", default=[], metavar="CODE", help="an organisation that may join")
    made.add_argument("--theme", action="append", default=[])
    made.add_argument("--place")
    made.add_argument("--audience")
    made.add_argument("--size", type=int)
    made.add_argument("--note")
    made.add_argument("--key", help="asked again with this key, it is written once")
    made = command("queue", _queue_command, "Shows what hasn't arrived yet, and decides about what was refused.")
    made.add_argument("do", nargs="?", choices=["retry", "redo", "drop"])
    made.add_argument("id", nargs="?", help="an id, or how it begins or ends")
    made.add_argument("--all", action="store_true", help="what has arrived too")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; returns an exit status of sysexits.h."""
    options = _parser().parse_args(arguments)
    output = Output(options.json, sys.stdout)
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return cast("int", options.run(options, output))
    except RegiopostError as error:
        code, message = error.exit_code, str(error)
    except FileNotFoundError as error:
        code, message = EX_NOINPUT, f"{error.filename}: {error.strerror}"
    except (OSError, sqlite3.Error) as error:
        code, message = EX_IOERR, str(error)
    except UnicodeDecodeError:
        code, message = EX_DATAERR, "the text is no UTF-8"
    except KeyboardInterrupt:
        return 130
    sys.stderr.write(f"regiopost-py: {printable(message)}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
