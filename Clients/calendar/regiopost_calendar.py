#!/usr/bin/env python3
"""Writes the confirmed meetings of a mailbox as an iCalendar feed (RFC 5545), for any calendar program to read.

It takes what `regiopost meetings --json` says, needs no connection, and changes nothing. The same meetings make the
same bytes. README.md beside it has the options and the exit statuses.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

# sysexits.h
OK, USAGE, DATA, NO_INPUT, CANNOT_CREATE, IO, CONFIG = 0, 64, 65, 66, 73, 74, 78

PRODUCT = "-//Regiopost//Calendar 1//"

# The rules of the zone since 1996. Always in the feed, because some programs shift events without it.
ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE""".split("\n")

# Above these levels of confidentiality a feed says that there is a meeting, and not what it is about.
OPEN_LEVELS = {"openbaar", "beperkt_openbaar", "intern"}

KINDS = {
    "conversation": ("Gesprek met de accounthouder", "Conversation with the account holder"),
    "briefing": ("Raadstoelichting", "Council briefing"),
    "knowledge-session": ("Kennissessie", "Knowledge session"),
    "expert-team": ("Expertteam", "Expert team"),
}


class Failure(Exception):
    """What ends the program: the status of sysexits.h, and a sentence in Dutch and English."""

    def __init__(self, status: int, dutch: str, english: str):
        super().__init__(english)
        self.status = status
        self.sentence = (dutch, english)


# MARK: iCalendar


def escaped(text: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11). Line ends become \\n; other controls can't stand in one and are left out."""
    text = re.sub("\r\n|[\r\n\u0085\u2028\u2029]", "\n", text)
    text = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", text)
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def parameter(text: str) -> str:
    """A parameter's value in quotes; what can't stand there is written as RFC 6868 says."""
    text = re.sub("[\x00-\x1f\x7f-\x9f]", " ", text)
    return '"' + text.replace("^", "^^").replace('"', "^'") + '"'


def folded(line: str) -> bytes:
    """A content line of any length as lines of at most 75 bytes (3.1), never cut within a character."""
    pieces, rest, room = [], line.encode(), 75
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(rest[:end])
        rest, room = rest[end:], 74
    return b"\r\n ".join(pieces + [rest]) + b"\r\n"


def unfolded(data: bytes) -> list[str]:
    """The content lines of a feed that this program wrote."""
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


# MARK: Dutch time


def last_sunday(year: int, month: int) -> date:
    """The last Sunday of a month of 31 days, on which the clocks change."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def existing(moment: datetime) -> datetime:
    """A local time that exists: one in the hour skipped in March is an hour later on the clock (RFC 5545, 3.3.5)."""
    skipped = moment.date() == last_sunday(moment.year, 3) and moment.hour == 2
    return moment + timedelta(hours=1) if skipped else moment


SLOT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/(\d\d:\d\d)")


def slot(text: str) -> tuple[datetime, datetime]:
    """When a slot (2026-05-12T19:30/21:00, Dutch time) begins and ends."""
    found = SLOT.fullmatch(text)
    try:
        start, end = (datetime.fromisoformat(f"{found[1]}T{found[part]}") for part in (2, 3))
    except (TypeError, ValueError):
        raise Failure(DATA, f"'{text}' is geen moment", f"'{text}' is no slot") from None
    if start >= end:
        raise Failure(DATA, f"'{text}' is geen moment", f"'{text}' is no slot")
    length = end - start
    start, end = existing(start), existing(end)
    # From 2:30 until 3:15 on the day in March: as long as it was meant to be.
    return (start, end) if start < end else (start, start + length)


# MARK: Events


@dataclass(frozen=True)
class Event:
    """One meeting as the feed has it. Times are local, places and texts not yet escaped."""

    uid: str
    stamp: str
    sequence: int
    is_cancelled: bool
    start: datetime
    end: datetime
    summary: str
    location: str
    description: str
    organizer: str
    organizer_name: str
    is_open: bool

    def lines(self) -> list[str]:
        """Its content lines, in an order that never changes."""
        found = [
            "BEGIN:VEVENT",
            f"UID:{self.uid}",
            f"DTSTAMP:{self.stamp}",
            f"SEQUENCE:{self.sequence}",
            f"STATUS:{'CANCELLED' if self.is_cancelled else 'CONFIRMED'}",
            f"DTSTART;TZID=Europe/Amsterdam:{self.start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Amsterdam:{self.end:%Y%m%dT%H%M%S}",
            f"SUMMARY:{escaped(self.summary)}",
        ]
        if self.location:
            found.append(f"LOCATION:{escaped(self.location)}")
        if not self.is_open:
            found.append("CLASS:CONFIDENTIAL")
        return found + [
            f"DESCRIPTION:{escaped(self.description)}",
            f"ORGANIZER;CN={parameter(self.organizer_name)}:urn:regiopost:address:{self.organizer}",
            f"TRANSP:{'TRANSPARENT' if self.is_cancelled else 'OPAQUE'}",
            "END:VEVENT",
        ]


def feed(events: list[Event], language: str, name: str) -> bytes:
    """The whole feed: events by date, so that the same ones always make the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *ZONE,
    ]
    for event in sorted(events, key=lambda event: (event.start, event.uid)):
        lines += event.lines()
    return b"".join(folded(line) for line in lines + ["END:VCALENDAR"])


def earlier_dates(data: bytes) -> dict[str, tuple[datetime, datetime, str]]:
    """When and where the meetings of the earlier feed were, by UID: a cancelled one no longer says so itself."""
    found, uid, where, times = {}, "", "", {}
    for line in unfolded(data):
        name, _, value = line.partition(":")
        name = name.partition(";")[0]
        if name == "BEGIN":
            uid, where, times = "", "", {}
        elif name == "UID":
            uid = value
        elif name == "LOCATION":
            where = re.sub(r"\\(.)", lambda escape: "\n" if escape[1] in "nN" else escape[1], value)
        elif name in ("DTSTART", "DTEND"):
            times[name] = value
        elif line == "END:VEVENT":
            start, end = (datetime.strptime(times[key], "%Y%m%dT%H%M%S") for key in ("DTSTART", "DTEND"))
            found[uid] = (start, end, where)
    return found


# MARK: Meetings


@dataclass(frozen=True)
class Reader:
    """Makes events of meetings as `regiopost meetings --json` says them."""

    language: str
    names: dict[str, str]
    earlier: dict[str, tuple[datetime, datetime, str]]

    def say(self, dutch: str, english: str) -> str:
        return dutch if self.language == "nl" else english

    def name(self, organisation: str) -> str:
        return self.names.get(organisation, organisation)

    def event(self, meeting: dict) -> Event | None:
        """The event of a meeting; None for one that was never confirmed, or that the server doesn't have yet."""
        status = text(meeting, "status")
        stamp = text(meeting, "changed") or text(meeting, "requested")
        if not stamp:
            return None
        holder = plain(text(meeting, "accounthouder", required=True))
        uid = f"{plain(text(meeting, 'id', required=True))}@{holder.partition('/')[0]}"
        date = self.date(meeting, status, uid)
        if date is None:
            return None
        start, end, place = date
        is_cancelled = status not in ("confirmed", "held")
        is_open = (text(meeting, "confidentiality") or "intern") in OPEN_LEVELS
        event = Event(
            uid, utc(stamp), number(meeting, "sequence"), is_cancelled, start, end, self.kind(meeting),
            place or (self.say("Online", "Online") if meeting.get("online") is True else ""), "", holder,
            self.name(holder.partition("/")[0]), is_open,
        )
        return replace(event, summary=self.summary(meeting, event), description=self.description(meeting, event))

    def date(self, meeting: dict, status: str, uid: str) -> tuple[datetime, datetime, str] | None:
        """When and where it is, or was to be when it was confirmed."""
        if status in ("confirmed", "held"):
            return (*slot(text(meeting, "slot", required=True)), text(meeting, "place"))
        before = text(meeting, "confirmedBefore")
        if uid in self.earlier and (status == "cancelled" or before):
            return self.earlier[uid]
        return (*slot(before), "") if before else None

    def kind(self, meeting: dict) -> str:
        return self.say(*KINDS.get(text(meeting, "kind"), ("Afspraak", "Meeting")))

    def requester(self, meeting: dict) -> str:
        return self.name(text(meeting, "requester", required=True).partition("/")[0])

    def summary(self, meeting: dict, event: Event) -> str:
        found = self.kind(meeting)
        if event.is_open:
            found += " " + self.requester(meeting)
            themes = texts(meeting, "themes")
            if themes:
                found += ": " + ", ".join(themes)
        if not event.is_cancelled:
            return found
        if text(meeting, "status") == "cancelled":
            return self.say("Vervallen: ", "Cancelled: ") + found
        return self.say("Wordt verzet: ", "Being moved: ") + found

    def description(self, meeting: dict, event: Event) -> str:
        """What somebody who goes there needs: no notes, no minutes, no names of people."""
        found = []
        if event.is_cancelled and text(meeting, "status") == "cancelled":
            found.append(self.say("Deze afspraak gaat niet door.", "This meeting is cancelled."))
        elif event.is_cancelled:
            found.append(self.say(
                "Deze afspraak wordt verzet; het nieuwe moment staat nog niet vast.",
                "This meeting is being moved; the new date isn't fixed yet."))
        elif meeting.get("accepted") is False and text(meeting, "status") == "confirmed" and event.is_open:
            found.append(self.say(
                f"{self.requester(meeting)} stemde nog niet in met dit moment.",
                f"{self.requester(meeting)} hasn't agreed with this date yet."))
        if event.is_open:
            joined = ", ".join(map(self.name, texts(meeting, "joined")))
            found += [
                f"{self.say(*label)}: {value}" for label, value in (
                    (("Aangevraagd door", "Requested by"), self.requester(meeting)),
                    (("Doen mee", "Joining"), joined),
                    (("Thema's", "Themes"), ", ".join(texts(meeting, "themes"))),
                    (("Dossier", "Dossier"), text(meeting, "dossier")),
                    (("Aantal", "How many"), str(number(meeting, "size") or "")),
                ) if value]
        handle = text(meeting, "handle") or text(meeting, "id")
        return "\n".join(found + [f"regiopost meetings show {handle}"])


def wrong(member: str) -> Failure:
    return Failure(DATA, f"'{member}' klopt niet in de JSON", f"'{member}' isn't right in the JSON")


def text(value: dict, member: str, required: bool = False) -> str:
    """A member that is a text; empty where there is none."""
    found = value.get(member)
    if found is None and not required:
        return ""
    if not isinstance(found, str) or any("\ud800" <= character <= "\udfff" for character in found):
        raise wrong(member)
    return found


def texts(value: dict, member: str) -> list[str]:
    found = value.get(member) or []
    if not isinstance(found, list):
        raise wrong(member)
    return [text({member: item}, member, required=True) for item in found]


def number(value: dict, member: str) -> int:
    found = value.get(member, 0)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**31:
        raise wrong(member)
    return found


def utc(moment: str) -> str:
    """2026-03-27T10:00:00.250Z as iCalendar has it."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z", moment)
    if not found:
        raise wrong(moment)
    return "{}{}{}T{}{}{}Z".format(*found.groups()[:6])


# What addresses and ids are made of; neither may bring anything else into a property's value.
def plain(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9/-]+", value):
        raise wrong(value)
    return value


def make(meetings: object, directory: object, language: str, name: str, earlier: bytes = b"") -> bytes:
    """The feed of meetings, with names from the directory, after an earlier feed; all as `regiopost` says them."""
    if not isinstance(meetings, list) or not all(isinstance(meeting, dict) for meeting in meetings):
        raise Failure(DATA, "dit is geen lijst van afspraken", "this is no list of meetings")
    organisations = directory.get("organisations") if isinstance(directory, dict) else None
    names = {
        text(entry, "code"): text(entry, "shortName") for entry in organisations or [] if isinstance(entry, dict)}
    try:
        reader = Reader(language, names, earlier_dates(earlier))
    except (KeyError, ValueError):
        raise Failure(CANNOT_CREATE, "de agenda die er staat is beschadigd; verwijder haar",
                      "the feed that is there is damaged; remove it") from None
    events = [event for event in map(reader.event, meetings) if event]
    return feed(events, language, name)


# MARK: Files and programs


def read_earlier(path: str) -> bytes:
    """The feed that is there; nothing where there is none. Any other file is left alone."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Failure(IO, f"{path} kan niet worden gelezen: {error.strerror}",
                      f"{path} can't be read: {error.strerror}") from None
    if data and PRODUCT.encode() not in data:
        raise Failure(CANNOT_CREATE, f"{path} is geen agenda van dit programma", f"{path} is no feed of this program's")
    return data


def write(path: str, data: bytes) -> None:
    """Puts a feed in the place of another, whole or not at all and on disk at once. A new one has mode 600."""
    folder = os.path.dirname(os.path.abspath(path))
    try:
        mode = os.stat(path).st_mode & 0o777 if os.path.exists(path) else 0o600
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".calendar-", delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
                os.rename(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Failure(IO, f"{path} kan niet worden geschreven: {error.strerror}",
                      f"{path} can't be written: {error.strerror}") from None


def regiopost(arguments: argparse.Namespace, *command: str, seconds: int = 60) -> str:
    """What the command-line client says, as JSON. Its complaints go where ours go; its status becomes ours."""
    program = os.environ.get("REGIOPOST", "regiopost")
    words = [program, *command, "--json", "--language", arguments.language]
    for option in ("profile", "home"):
        if getattr(arguments, option):
            words += [f"--{option}", getattr(arguments, option)]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=seconds, check=False)
    except OSError:
        raise Failure(CONFIG, f"'{program}' is niet te vinden; zet REGIOPOST",
                      f"'{program}' can't be found; set REGIOPOST") from None
    except subprocess.TimeoutExpired:
        raise Failure(75, f"'{program}' duurde te lang", f"'{program}' took too long") from None
    if done.returncode != 0:
        status = done.returncode if 64 <= done.returncode <= 78 else 70
        said = f"{program} {command[0]}: {done.returncode}"
        raise Failure(status, said, said)
    return done.stdout.decode()


def parsed(source: str) -> object:
    try:
        return json.loads(source)
    except (ValueError, RecursionError) as error:
        raise Failure(DATA, f"dit is geen JSON: {error}", f"this is no JSON: {error}") from None


def from_file(path: str) -> object:
    try:
        with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
            return parsed(file.read())
    except OSError as error:
        raise Failure(NO_INPUT, f"{path}: {error.strerror}", f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Failure(DATA, f"{path} is geen UTF-8", f"{path} isn't UTF-8") from None


class Parser(argparse.ArgumentParser):
    """Ends as sysexits.h says."""

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def options(words: list[str]) -> argparse.Namespace:
    locale = next((os.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(key)), "")
    parser = Parser(prog="regiopost-calendar", description="Writes the confirmed meetings of a mailbox as iCalendar.")
    parser.add_argument("output", metavar="FILE", help="the feed, such as delft.ics; - for standard output")
    parser.add_argument("--profile", help="the profile of regiopost whose meetings these are")
    parser.add_argument("--home", help="the folder that profiles are in (also: REGIOPOST_HOME)")
    parser.add_argument("--sync", action="store_true", help="sync first; where that fails, make the feed all the same")
    parser.add_argument("--meetings", metavar="FILE", help="what 'regiopost meetings --json' said, instead of asking")
    parser.add_argument("--directory", metavar="FILE", help="what 'regiopost directory --json' said")
    parser.add_argument("--name", help="the calendar's name")
    parser.add_argument("--language", choices=("nl", "en"), default="nl" if locale.lower().startswith("nl") else "en",
                        help="language; otherwise that of the environment")
    return parser.parse_args(words)


def complain(failure: Failure, language: str) -> int:
    print("regiopost-calendar: " + failure.sentence[0 if language == "nl" else 1], file=sys.stderr)
    return failure.status


def run(arguments: argparse.Namespace) -> int:
    status = OK
    if arguments.sync:
        try:
            regiopost(arguments, "sync", seconds=300)
        except Failure as failure:
            status = complain(failure, arguments.language)
    if arguments.meetings:
        meetings = from_file(arguments.meetings)
        directory = from_file(arguments.directory) if arguments.directory else {}
    else:
        meetings = parsed(regiopost(arguments, "meetings"))
        directory = parsed(regiopost(arguments, "directory"))
    name = arguments.name or "Regiopost" + (f" {arguments.profile}" if arguments.profile else "")
    earlier = b"" if arguments.output == "-" else read_earlier(arguments.output)
    data = make(meetings, directory, arguments.language, name, earlier)
    if arguments.output == "-":
        sys.stdout.buffer.write(data)
    elif data != earlier:
        write(arguments.output, data)
    return status


def main(words: list[str] | None = None) -> int:
    arguments = options(sys.argv[1:] if words is None else words)
    try:
        return run(arguments)
    except Failure as failure:
        return complain(failure, arguments.language)


if __name__ == "__main__":
    sys.exit(main())
