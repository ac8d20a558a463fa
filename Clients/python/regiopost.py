"""A client of Regiopost, for scripts and as a library: one module, the standard library alone.

It was written from ``Protocol/specification.md``, the grammar and the vectors. Everything here follows the sections
named there. From the bottom to the top:

- **Lines** (section 4): :class:`LineFramer`, :func:`read_json`, the attributes of a line.
- **Messages** (5 to 7): :class:`Request`, :func:`read_message` and what it returns.
- **Changes** (8): :class:`Change`, which checks every field; the folds :class:`Letter`, :class:`Receipt`,
  :class:`Response`, :class:`Meeting`, :class:`Organisation`, :class:`Region`, and :class:`View`, which has them all.
- **Session** (6, 7): :class:`Session`, the client's side of a conversation without any input or output;
  :class:`Transport` and :class:`Connection`, lines and conversations over TLS.
- **Profile** (9, 10): :class:`Store`, the replica and the outbox on SQLite; :class:`Profile`, one address on this
  machine; :func:`enrol`, :func:`sync`, :func:`watch`.
- **Commands**: :func:`main`.

A short example::

    import regiopost

    profile = regiopost.Profile.open("griffie-delft")
    with profile.store() as store:
        regiopost.request_meeting(profile, store, kind="briefing", slots=["2026-06-02T19:30/21:30"], key="june")
        report = regiopost.sync(profile, store)
        print(report.pushed, "taken,", report.received, "new")

What was queued is on disk before a function returns, and stays there, byte for byte, until the server has given a
definite answer. Nothing here is a daemon, holds a password or trusts the system's certificates.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import contextlib
import dataclasses
import datetime
import errno
import hashlib
import json
import mimetypes
import os
import re
import secrets
import select
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time as clock
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NoReturn, TypeAlias, cast

__version__ = "0.1.0"

JSON: TypeAlias = "None | bool | int | str | list[JSON] | dict[str, JSON]"
"""What :func:`read_json` returns: there are no fractions in it."""

# ---------------------------------------------------------------------------------------------------------------------
# Limits and errors
# ---------------------------------------------------------------------------------------------------------------------

MAXIMUM_LINE = 1_048_576
"""The longest JSON in a line that any server may announce, in bytes."""
ENVELOPE = 1_024
"""How many bytes of a line may stand before its JSON."""
ENROL_LINE = 65_536
"""The longest ``line`` on ``regiopost-enrol/1``, in bytes."""
MAXIMUM_ATTRIBUTES = 32
MAXIMUM_NAME = 32
MAXIMUM_TAG = 32
MAXIMUM_DEPTH = 16
MAXIMUM_MEMBERS = 200
MAXIMUM_VALUES = 20_000
MAXIMUM_INTEGER = 2**53 - 1
MAXIMUM_LIST = 500
MAXIMUM_TEXT = 4_000
MAXIMUM_CERTIFICATE = 16_384

# sysexits.h, which every command ends with.
EX_OK, EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_UNAVAILABLE, EX_SOFTWARE = 0, 64, 65, 66, 69, 70
EX_IOERR, EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = 74, 75, 76, 77, 78


class RegiopostError(Exception):
    """Anything that this module refuses or that went wrong; ``exit_code`` is what a command ends with."""

    exit_code = EX_SOFTWARE


class UsageError(RegiopostError):
    """What was asked can't be: wrong input, or something that isn't there."""

    exit_code = EX_DATAERR


class NoProfile(RegiopostError):
    """There is no such profile, or it isn't enrolled."""

    exit_code = EX_CONFIG


class FramingError(RegiopostError):
    """A stream that can't be cut into lines any further. ``code`` is ``bad-byte`` or ``line-too-long``."""

    exit_code = EX_PROTOCOL

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JSONError(RegiopostError):
    """Text that isn't I-JSON within the bounds of section 4."""

    exit_code = EX_DATAERR


class MessageError(RegiopostError):
    """A line that is no message. ``field`` names the part that is wrong."""

    exit_code = EX_PROTOCOL

    def __init__(self, field: str) -> None:
        super().__init__(f"the part called {field} can't be read")
        self.field = field


@dataclass(frozen=True)
class Refusal:
    """Why the server won't do something (section 6): a stable code, when to try again, details, a text for people."""

    code: str
    retry: str
    text: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        details = "".join(f" {name}={value}" for name, value in self.details.items())
        return f"{self.code}{details}" + (f" ({self.text})" if self.text else "")


class Refused(RegiopostError):
    """The server answered NO."""

    exit_code = EX_DATAERR

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        if refusal.retry == "later":
            self.exit_code = EX_TEMPFAIL
        elif refusal.code in ("mandate-ended", "mandate-not-started", "organisation-abolished"):
            self.exit_code = EX_NOPERM


class ChangeError(RegiopostError):
    """A change that no server would take, whatever it knows: section 8.4.2, step 1."""

    exit_code = EX_DATAERR

    def __init__(self, code: str, field: str | None = None, expected: str | None = None) -> None:
        where = f" {field}" if field else ""
        super().__init__(f"{code}{where}" + (f": expected {expected}" if expected else ""))
        self.code = code
        self.field = field or None


class RequestError(RegiopostError):
    """A line from a client that is no request: what a server would answer, and under which tag."""

    def __init__(self, tag: str | None, code: str, field: str | None = None, *, ends: bool = False) -> None:
        super().__init__(f"{code} {field or ''}".rstrip())
        self.tag, self.code, self.field = tag, code, field
        self.ends = ends
        """Whether nobody can know how many counted bytes follow, so that the connection ends (section 6)."""


class Disconnected(RegiopostError):
    """The connection is over. What was under way may have been done or not.

    ``reason`` is one of ``unreachable``, ``not-let-in``, ``untrusted``, ``closed``, ``cut-off``, ``timed-out``,
    ``violation``, or the code of a BYE.
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {text}" if text else reason)
        self.reason = reason
        codes = {
            "unreachable": EX_UNAVAILABLE,
            "not-let-in": EX_NOPERM,
            "revoked": EX_NOPERM,
            "untrusted": EX_NOPERM,
            "violation": EX_PROTOCOL,
        }
        self.exit_code = codes.get(reason, EX_TEMPFAIL)


# ---------------------------------------------------------------------------------------------------------------------
# Lines (section 4)
# ---------------------------------------------------------------------------------------------------------------------


class LineFramer:
    """Cuts a stream into lines of at most ``limit`` bytes before their one LF. The result doesn't depend on how the
    stream was split. After an error nothing more is read: two readings of one stream are how requests get smuggled."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._buffer = bytearray()
        self._searched = 0
        self._failure: str | None = None

    @property
    def pending(self) -> int:
        """How many bytes of a line without its end are held."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the stream; after an error they are dropped."""
        if self._failure is None:
            self._buffer += data

    def next_line(self) -> bytes | None:
        """The next whole line without its LF, or ``None`` until more has come. Raises :class:`FramingError`."""
        if self._failure is not None:
            raise FramingError(self._failure)
        end = self._buffer.find(b"\n", self._searched)
        stop = end if end >= 0 else len(self._buffer)
        # Byte number limit + 1 makes a line too long, whatever it is; a bad byte before that comes first.
        fresh = self._buffer[self._searched : min(stop, self.limit)]
        if b"\r" in fresh or b"\0" in fresh:
            raise self._fail("bad-byte")
        if stop > self.limit:
            raise self._fail("line-too-long")
        if end < 0:
            self._searched = stop
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return line

    def take(self, count: int) -> bytes:
        """Up to ``count`` bytes as they are, for what is counted instead of ended by an LF."""
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._searched = 0
        return data

    def _fail(self, code: str) -> FramingError:
        self._failure = code
        self._buffer.clear()
        return FramingError(code)


_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]{0,15})(?![0-9.eE])")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_SPACE = re.compile(r"[ \t\n\r]*")
_HEX4 = re.compile(r"[0-9A-Fa-f]{4}")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_UNFIT = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]")


class _JSONReader:
    """A reader of I-JSON that knows its bounds while it reads, and not afterwards."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0
        self.values = 0

    def read(self) -> JSON:
        value = self.value(0)
        self.skip()
        if self.index != len(self.text):
            raise self.error("something stands after it")
        return value

    def error(self, why: str) -> JSONError:
        return JSONError(f"no I-JSON at character {self.index}: {why}")

    def skip(self) -> None:
        self.index = cast("re.Match[str]", _SPACE.match(self.text, self.index)).end()

    def peek(self) -> str:
        self.skip()
        return self.text[self.index : self.index + 1]

    def value(self, depth: int) -> JSON:
        self.values += 1
        if self.values > MAXIMUM_VALUES:
            raise self.error("too many values")
        first = self.peek()
        if first == "{":
            return self.object(depth + 1)
        if first == "[":
            return self.array(depth + 1)
        if first == '"':
            return self.string()
        words: tuple[tuple[str, JSON], ...] = (("true", True), ("false", False), ("null", None))
        for word, meaning in words:
            if self.text.startswith(word, self.index):
                self.index += len(word)
                return meaning
        number = _NUMBER.match(self.text, self.index)
        if number is None or number.group() == "-0" or int(number.group(2)) > MAXIMUM_INTEGER:
            raise self.error("no value, or a number in another form than whole and exact")
        self.index = number.end()
        return int(number.group())

    def enter(self, depth: int, closing: str) -> bool:
        """Steps over the opening bracket; whether nothing stands before the closing one."""
        if depth > MAXIMUM_DEPTH:
            raise self.error("too deep")
        self.index += 1
        if self.peek() != closing:
            return False
        self.index += 1
        return True

    def more(self, closing: str) -> bool:
        """After an element: whether another one follows."""
        character = self.peek()
        if character not in (",", closing) or not character:
            raise self.error(f"expected , or {closing}")
        self.index += 1
        return character == ","

    def object(self, depth: int) -> dict[str, JSON]:
        members: dict[str, JSON] = {}
        if self.enter(depth, "}"):
            return members
        while True:
            if self.peek() != '"':
                raise self.error("expected a name")
            name = self.string()
            if name in members:
                raise self.error(f"the name {name!r} stands twice")
            if len(members) == MAXIMUM_MEMBERS:
                raise self.error("too many members")
            if self.peek() != ":":
                raise self.error("expected :")
            self.index += 1
            members[name] = self.value(depth)
            if not self.more("}"):
                return members

    def array(self, depth: int) -> list[JSON]:
        elements: list[JSON] = []
        if self.enter(depth, "]"):
            return elements
        while True:
            elements.append(self.value(depth))
            if not self.more("]"):
                return elements

    def string(self) -> str:
        self.index += 1
        pieces: list[str] = []
        while True:
            plain = cast("re.Match[str]", _PLAIN.match(self.text, self.index))
            pieces.append(plain.group())
            self.index = plain.end()
            character = self.text[self.index : self.index + 1]
            self.index += 1
            if character == '"':
                break
            if character != "\\":
                raise self.error("a control in a text, or its end is missing")
            pieces.append(self.escape())
        text = "".join(pieces)
        if _UNFIT.search(text):
            raise self.error("a surrogate or a noncharacter")
        return text

    def escape(self) -> str:
        letter = self.text[self.index : self.index + 1]
        self.index += 1
        if letter != "u":
            if letter not in _ESCAPES or not letter:
                raise self.error("an escape that is none")
            return _ESCAPES[letter]
        code = self.hex4()
        if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.index):
            self.index += 2
            low = self.hex4()
            if not 0xDC00 <= low < 0xE000:
                raise self.error("an unpaired surrogate")
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        return chr(code)

    def hex4(self) -> int:
        digits = _HEX4.match(self.text, self.index)
        if digits is None:
            raise self.error("an escape that is none")
        self.index = digits.end()
        return int(digits.group(), 16)


def read_json(data: bytes) -> JSON:
    """Reads I-JSON (RFC 7493) strictly and within the bounds of section 4. Raises :class:`JSONError`."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JSONError(f"no UTF-8 at byte {error.start}") from None
    return _JSONReader(text).read()


def write_json(value: Mapping[str, Any]) -> bytes:
    """One line of compact JSON. Members that are ``None`` are left out."""
    present = {name: member for name, member in value.items() if member is not None}
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def to_base64url(data: bytes) -> str:
    """Base64 with the alphabet safe in URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes | None:
    """The bytes of ``text``; ``None`` for padding, other characters, or a spelling that isn't the one."""
    if re.fullmatch(r"[A-Za-z0-9_-]*", text) is None:
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return data if to_base64url(data) == text else None


_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_WORD = re.compile(rb"[\x21-\x7e]+(?=\x20|\Z)")
_TAG = re.compile(r"[A-Za-z0-9._-]{1,32}")
_ATTRIBUTE = re.compile(rb"(" + _NAME.encode() + rb")=([\x21-\x7e]*)(?=\x20|\Z)")
_ATTRIBUTE_NAME = re.compile(rb"(" + _NAME.encode() + rb")=")
_TEXT_CONTROL = re.compile("[\x00-\x1f\x7f]")


def is_name(text: str) -> bool:
    """Whether the text can be the name of an attribute, or a code."""
    return len(text) <= MAXIMUM_NAME and re.fullmatch(_NAME, text) is not None


def encode_value(text: str) -> str:
    """An attribute's value as a line has it."""
    return "".join(chr(b) if 0x21 <= b <= 0x7E and b != 0x25 else f"%{b:02X}" for b in text.encode())


def decode_value(raw: bytes) -> str | None:
    """An attribute's value; ``None`` for an escape that is none, or bytes that are no UTF-8."""
    if b"%" in raw:
        if re.search(rb"%(?![0-9A-F]{2})", raw):
            return None
        raw = re.sub(rb"%(..)", lambda match: bytes([int(match.group(1), 16)]), raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


class _Scanner:
    """Reads one line from left to right: words, then attributes, then JSON or a text."""

    def __init__(self, line: bytes) -> None:
        self.line = line
        self.index = 0
        self.attributes: dict[str, str] = {}
        self.json: bytes | None = None
        self.text: str | None = None

    def word(self, name: str) -> str:
        if self.index > 0:
            self.space()
        match = _WORD.match(self.line, self.index)
        if match is None:
            raise MessageError(name)
        self.index = match.end()
        return match.group().decode("ascii")

    def space(self) -> None:
        if self.line[self.index : self.index + 1] != b" ":
            raise MessageError("space")
        self.index += 1

    def tail(self) -> None:
        while self.index < len(self.line):
            self.space()
            first = self.line[self.index : self.index + 1]
            if not first:
                raise MessageError("space")
            if first == b"{":
                if self.index > ENVELOPE:
                    raise MessageError("envelope")
                self.json = self.line[self.index :]
                return
            if first == b":":
                try:
                    self.text = self.line[self.index + 1 :].decode("utf-8")
                except UnicodeDecodeError:
                    raise MessageError("text") from None
                if _TEXT_CONTROL.search(self.text):
                    raise MessageError("text")
                return
            self.attribute()

    def attribute(self) -> None:
        start = _ATTRIBUTE_NAME.match(self.line, self.index)
        if start is None or len(start.group(1)) > MAXIMUM_NAME:
            raise MessageError("attribute")
        name = start.group(1).decode("ascii")
        whole = _ATTRIBUTE.match(self.line, self.index)
        value = decode_value(whole.group(2)) if whole else None
        if whole is None or value is None or name in self.attributes:
            raise MessageError(name)
        if len(self.attributes) == MAXIMUM_ATTRIBUTES:
            raise MessageError("attribute")
        self.attributes[name] = value
        self.index = whole.end()


# ---------------------------------------------------------------------------------------------------------------------
# Values (sections 5, 8.4.1 and the grammar)
# ---------------------------------------------------------------------------------------------------------------------

MUNICIPAL_ROLES = ("formateur", "college", "gemeentesecretaris", "burgemeester", "griffie", "raadslid", "registratuur")
PROVINCIAL_ROLES = ("secretariaat", "secretaris", "voorzitter", "registratuur", "beheerder", "regiopostd")
SUPPORT = ("knowledge", "cooperation", "area-based", "innovation", "participation", "finance")
ANSWERS = ("yes", "partly", "no", "later")
CONFIDENTIALITY = (
    *("openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk"),
    *("vertrouwelijk", "confidentieel", "geheim", "zeer_geheim"),
)
"""The levels, the most open first; what names none is ``intern``."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "conversation": ("formateur", "college", "gemeentesecretaris"),
    "briefing": ("griffie",),
    "knowledge-session": ("college", "gemeentesecretaris", "griffie"),
    "expert-team": ("formateur", "college", "gemeentesecretaris"),
}
"""The kinds of meeting, and the roles that may ask for one."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ORGANISATION = re.compile(r"gm[0-9]{4}|pv[0-9]{2}")
_REGION = re.compile(r"(?=.{2,40}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?Z")
_SLOT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})/([0-9]{2}):([0-9]{2})")
_WHITE = re.compile("[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_COUNT = re.compile(r"[1-9][0-9]{0,14}")


def is_id(text: str) -> bool:
    """Whether the text is a UUID of RFC 9562 in its one spelling."""
    return _UUID.fullmatch(text) is not None


def is_organisation(text: str) -> bool:
    """Whether the text is the code of a municipality or a province."""
    return _ORGANISATION.fullmatch(text) is not None


def is_role(text: str) -> bool:
    """Whether the text is a role somewhere."""
    if text.startswith("accounthouder-"):
        return _REGION.fullmatch(text.removeprefix("accounthouder-")) is not None
    return text in MUNICIPAL_ROLES or text in PROVINCIAL_ROLES


def is_address(text: str) -> bool:
    """Whether the text is an organisation and a role that organisations of its sort have."""
    organisation, slash, role = text.partition("/")
    if not slash or not is_organisation(organisation) or not is_role(role):
        return False
    if organisation.startswith("gm"):
        return role in MUNICIPAL_ROLES
    return role in PROVINCIAL_ROLES or role.startswith("accounthouder-")


def is_date(text: str) -> bool:
    """Whether the text is a day that exists, from 1970 to 9999."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return False
    try:
        return datetime.date.fromisoformat(text).year >= 1970
    except ValueError:
        return False


def is_time(text: str) -> bool:
    """Whether the text is a moment in UTC, to the second or the millisecond."""
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    hour, minute, second = (int(match.group(index)) for index in (4, 5, 6))
    return is_date(text[:10]) and hour < 24 and minute < 60 and second < 60


def with_milliseconds(text: str) -> str:
    """A moment as lines have it: always with milliseconds."""
    return text if "." in text else text[:-1] + ".000Z"


def is_slot(text: str) -> bool:
    """Whether the text is a slot: on one day, ending after it starts."""
    match = _SLOT.fullmatch(text)
    if match is None or not is_date(match.group(1)):
        return False
    hours_and_minutes = [int(match.group(index)) for index in (2, 3, 4, 5)]
    if hours_and_minutes[0] > 23 or hours_and_minutes[2] > 23 or max(hours_and_minutes[1::2]) > 59:
        return False
    return hours_and_minutes[:2] < hours_and_minutes[2:]


def is_cursor(text: str) -> bool:
    """Whether the text can be a cursor; what it means only the server knows."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,128}", text) is not None


def _is_blank(text: str) -> bool:
    return _WHITE.search(text) is None


def new_id() -> str:
    """A new UUID of version 7: 48 bits of time and 74 of chance."""
    number = int(clock.time() * 1000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    return _uuid(number & ~(3 << 62) | 2 << 62)


def id_for_key(address: str, key: str) -> str:
    """The id that ``address`` gives to what it calls ``key`` (8.4.10): asked for twice, it is the same."""
    return derived_id("regiopost key", address, key)


def derived_id(*texts: str) -> str:
    """A UUID of version 8 from the SHA-256 of the texts, with an LF between each two."""
    number = int.from_bytes(hashlib.sha256("\n".join(texts).encode()).digest()[:16], "big")
    number = number & ~(0xF << 76) | 8 << 76
    return _uuid(number & ~(3 << 62) | 2 << 62)


def _uuid(number: int) -> str:
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def today() -> str:
    """The day that it is in the Netherlands, or here where time zones aren't known."""
    try:
        return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Amsterdam")).date().isoformat()
    except zoneinfo.ZoneInfoNotFoundError:
        return datetime.date.today().isoformat()


def now() -> str:
    """This machine's time, as changes have it."""
    moment = datetime.datetime.now(datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


# ---------------------------------------------------------------------------------------------------------------------
# Messages (sections 5 to 7, 11)
# ---------------------------------------------------------------------------------------------------------------------

MAILBOXES = ("own", "directory")

_CHECKS: Mapping[str, Callable[[str], bool]] = {
    "mailbox": lambda text: text in MAILBOXES,
    "cursor": is_cursor,
    "limit": lambda text: _COUNT.fullmatch(text) is not None,
    "position": lambda text: _COUNT.fullmatch(text) is not None,
    "requests": lambda text: _COUNT.fullmatch(text) is not None,
    "page": lambda text: _COUNT.fullmatch(text) is not None,
    "idle": lambda text: _COUNT.fullmatch(text) is not None,
    "line": lambda text: _COUNT.fullmatch(text) is not None and int(text) <= MAXIMUM_LINE,
    "received": is_time,
    "time": is_time,
    "digest": lambda text: re.fullmatch(r"[0-9a-f]{64}", text) is not None,
    "epoch": lambda text: re.fullmatch(r"[0-9a-f]{16}", text) is not None,
    "id": is_id,
    "sha256": lambda text: re.fullmatch(r"[0-9a-f]{64}", text) is not None,
    "size": lambda text: _COUNT.fullmatch(text) is not None,
    "offset": lambda text: text == "0" or _COUNT.fullmatch(text) is not None,
    "count": lambda text: _COUNT.fullmatch(text) is not None,
    "blob": lambda text: _COUNT.fullmatch(text) is not None,
    "chunk": lambda text: _COUNT.fullmatch(text) is not None,
    "complete": lambda text: text in ("yes", "no"),
    "more": lambda text: text in ("yes", "no"),
    "repeat": lambda text: text in ("yes", "no"),
    "retry": lambda text: text in ("never", "later", "after-sync"),
    "server": is_organisation,
    "address": is_address,
    "cap": lambda text: True,
    "secret": lambda text: 16 <= len(from_base64url(text) or b"") <= 64,
    "request": lambda text: 1 <= len(from_base64url(text) or b"") <= MAXIMUM_CERTIFICATE,
    "certificate": lambda text: 1 <= len(from_base64url(text) or b"") <= MAXIMUM_CERTIFICATE,
    "root": lambda text: 1 <= len(from_base64url(text) or b"") <= MAXIMUM_CERTIFICATE,
}

_GREETING = ("server", "address", "epoch", "time", "line", "requests", "page", "idle", "cap")
_ENROL_GREETING = ("server", "time", "line")
_CHANGE = ("mailbox", "position", "received", "digest")
_PIECE_NAMES = ("sha256", "offset", "count")
_REQUESTS: Mapping[str, tuple[str, ...]] = {
    "PUSH": (),
    "PULL": ("mailbox", "cursor", "limit?"),
    "WATCH": ("mailbox", "cursor"),
    "UNWATCH": ("mailbox",),
    "STORED": ("mailbox", "cursor"),
    "OFFER": ("sha256", "size"),
    "BLOB": ("sha256", "size", "offset", "count"),
    "FETCH": ("sha256", "offset", "count?"),
    "PING": (),
    "QUIT": (),
    "ENROL": ("address", "secret", "request"),
}
_REPLIES: Mapping[str, tuple[str, ...]] = {
    "PUSH": ("id", "position", "received", "digest", "repeat?"),
    "PULL": ("mailbox", "cursor", "more"),
    "WATCH": ("mailbox", "cursor"),
    "UNWATCH": ("mailbox",),
    "STORED": ("mailbox",),
    "OFFER": ("sha256", "offset", "complete"),
    "BLOB": ("sha256", "offset", "complete"),
    "FETCH": ("sha256", "offset", "size"),
    "PING": (),
    "QUIT": (),
    "ENROL": ("certificate", "root"),
}


def _pick(attributes: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """The attributes asked for, checked; a name that ends in ``?`` may be absent. The others are ignored."""
    picked: dict[str, str] = {}
    for name in names:
        key = name.removesuffix("?")
        value = attributes.get(key)
        if value is None:
            if name.endswith("?"):
                continue
            raise MessageError(key)
        if not _CHECKS[key](value):
            raise MessageError(key)
        picked[key] = with_milliseconds(value) if key in ("received", "time") else value
    return picked


def _written(*parts: str, attributes: Mapping[str, str] | None = None, text: str | None = None) -> bytes:
    line = " ".join(parts) + "".join(f" {name}={encode_value(value)}" for name, value in (attributes or {}).items())
    if text is not None:
        line += " :" + _TEXT_CONTROL.sub(" ", text)
    return line.encode()


@dataclass(frozen=True)
class Request:
    """One line from a client. ``attributes`` are those that the verb has; ``json`` is what a PUSH carries."""

    tag: str
    verb: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    json: bytes | None = None

    @property
    def line(self) -> bytes:
        """The request as it is sent, without its LF."""
        head = _written(self.tag, self.verb, attributes=self.attributes)
        return head if self.json is None else head + b" " + self.json

    @classmethod
    def read(cls, line: bytes) -> Request:
        """Reads a line without its LF. Raises :class:`RequestError`. The JSON isn't looked into."""
        scanner = _Scanner(line)
        might_count = b"BLOB" in line[:ENVELOPE]
        try:
            tag = scanner.word("tag")
        except MessageError:
            tag = ""
        if _TAG.fullmatch(tag) is None:
            raise RequestError(None, "bad-request", "tag", ends=might_count)
        try:
            verb = scanner.word("verb")
            if re.fullmatch(r"[A-Z]{1,16}", verb) is None:
                raise MessageError("verb")
            might_count = verb == "BLOB"
            scanner.tail()
            if scanner.json is not None and verb != "PUSH":
                raise MessageError("json")
            if scanner.text is not None:
                raise MessageError("text")
            if verb not in _REQUESTS:
                raise RequestError(tag, "unknown-verb")
            if verb == "PUSH" and scanner.json is None:
                raise MessageError("json")
            if "mailbox" in _REQUESTS[verb] and scanner.attributes.get("mailbox", "own") not in MAILBOXES:
                raise RequestError(tag, "mailbox-unknown")
            picked = _pick(scanner.attributes, _REQUESTS[verb])
            if verb == "BLOB":
                _check_piece(picked)
            return cls(tag, verb, picked, scanner.json)
        except MessageError as error:
            raise RequestError(tag, "bad-request", error.field, ends=might_count) from None


def _check_piece(attributes: Mapping[str, str]) -> None:
    """A piece lies within its blob."""
    size, offset, count = (int(attributes[name]) for name in ("size", "offset", "count"))
    if offset >= size:
        raise MessageError("offset")
    if count > size - offset:
        raise MessageError("count")


@dataclass(frozen=True)
class Greeting:
    """The server's first line on ``regiopost/1``: who speaks to whom, from which history, within which limits."""

    server: str
    address: str
    epoch: str
    time: str
    line: int
    requests: int
    page: int
    idle: int
    capabilities: tuple[str, ...]
    blob: int | None = None
    """The largest blob, in bytes; ``None`` for a server without."""
    chunk: int | None = None
    """How many bytes one BLOB or FETCH carries at most."""

    def written(self) -> bytes:
        """The line, without its LF."""
        limits = (str(self.line), str(self.requests), str(self.page), str(self.idle))
        values = (self.server, self.address, self.epoch, self.time, *limits, ",".join(self.capabilities))
        attributes = dict(zip(_GREETING, values, strict=True))
        if self.blob is not None and self.chunk is not None:
            names = attributes.pop("cap")
            attributes |= {"blob": str(self.blob), "chunk": str(self.chunk), "cap": names}
        return _written("*", "REGIOPOST", "1", attributes=attributes)


@dataclass(frozen=True)
class EnrolGreeting:
    """The server's first line on ``regiopost-enrol/1``."""

    server: str
    time: str
    line: int

    def written(self) -> bytes:
        """The line, without its LF."""
        values = (self.server, self.time, str(self.line))
        return _written("*", "REGIOPOST-ENROL", "1", attributes=dict(zip(_ENROL_GREETING, values, strict=True)))


@dataclass(frozen=True)
class OK:
    """The reply to a request that was done; ``attributes`` are those that its verb has."""

    tag: str
    verb: str
    attributes: Mapping[str, str]

    def written(self) -> bytes:
        """The line, without its LF."""
        return _written(self.tag, "OK", self.verb, attributes=self.attributes)


@dataclass(frozen=True)
class NO:
    """The reply to a request that wasn't done; ``tag`` is ``None`` where the line's tag couldn't be read."""

    tag: str | None
    refusal: Refusal

    def written(self) -> bytes:
        """The line, without its LF."""
        attributes = {"retry": self.refusal.retry, **self.refusal.details}
        return _written(self.tag or "*", "NO", self.refusal.code, attributes=attributes, text=self.refusal.text)


@dataclass(frozen=True)
class Delivery:
    """A change in a mailbox that is pulled or watched: its place there, and its author's exact bytes."""

    mailbox: str
    position: int
    received: str
    digest: str
    line: bytes

    def written(self) -> bytes:
        """The line, without its LF."""
        values = (self.mailbox, str(self.position), self.received, self.digest)
        return _written("*", "CHANGE", attributes=dict(zip(_CHANGE, values, strict=True))) + b" " + self.line


@dataclass(frozen=True)
class Piece:
    """Bytes of a blob that is fetched. The line counts them; ``data`` has them once they have come."""

    sha256: str
    offset: int
    count: int
    data: bytes = b""

    def written(self) -> bytes:
        """The line, without its LF and without what follows it."""
        values = (self.sha256, str(self.offset), str(self.count))
        return _written("*", "BLOB", attributes=dict(zip(_PIECE_NAMES, values, strict=True)))


@dataclass(frozen=True)
class Reached:
    """Everything up to the cursor was sent."""

    mailbox: str
    cursor: str

    def written(self) -> bytes:
        """The line, without its LF."""
        return _written("*", "CURSOR", attributes={"mailbox": self.mailbox, "cursor": self.cursor})


@dataclass(frozen=True)
class Bye:
    """The server ends the connection."""

    code: str
    text: str

    def written(self) -> bytes:
        """The line, without its LF."""
        return _written("*", "BYE", self.code, text=self.text)


@dataclass(frozen=True)
class Unknown:
    """An announcement that this program doesn't know, and ignores."""

    def written(self) -> bytes:
        """A line that says as much, without its LF."""
        return b"* UNKNOWN"


Message: TypeAlias = Greeting | EnrolGreeting | OK | NO | Delivery | Piece | Reached | Bye | Unknown


def read_message(line: bytes) -> Message:
    """Reads one line from a server, without its LF. Raises :class:`MessageError`. A change isn't looked into."""
    scanner = _Scanner(line)
    tag = scanner.word("tag")
    kind = scanner.word("kind")
    if tag == "*":
        return _announcement(kind, scanner)
    if _TAG.fullmatch(tag) is None:
        raise MessageError("tag")
    if kind == "OK":
        verb = scanner.word("verb")
        scanner.tail()
        if scanner.json is not None:
            raise MessageError("json")
        picked = _pick(scanner.attributes, _REPLIES.get(verb, ()))
        if verb == "FETCH" and int(picked["offset"]) > int(picked["size"]):
            raise MessageError("offset")
        return OK(tag, verb, picked)
    if kind == "NO":
        return NO(tag, _refusal(scanner))
    raise MessageError("kind")


def _announcement(kind: str, scanner: _Scanner) -> Message:
    if kind in ("REGIOPOST", "REGIOPOST-ENROL"):
        if scanner.word("version") != "1":
            raise MessageError("version")
        scanner.tail()
        if kind == "REGIOPOST-ENROL":
            found = _pick(scanner.attributes, _ENROL_GREETING)
            return EnrolGreeting(found["server"], found["time"], int(found["line"]))
        found = _pick(scanner.attributes, _GREETING)
        names = tuple(name for name in found["cap"].split(",") if name)
        limits = _pick(scanner.attributes, ("blob", "chunk")) if "BLOB" in names else {}
        return Greeting(
            server=found["server"],
            address=found["address"],
            epoch=found["epoch"],
            time=found["time"],
            line=int(found["line"]),
            requests=int(found["requests"]),
            page=int(found["page"]),
            idle=int(found["idle"]),
            capabilities=names,
            blob=int(limits["blob"]) if limits else None,
            chunk=int(limits["chunk"]) if limits else None,
        )
    if kind == "CHANGE":
        scanner.tail()
        if scanner.json is None:
            raise MessageError("json")
        found = _pick(scanner.attributes, _CHANGE)
        return Delivery(found["mailbox"], int(found["position"]), found["received"], found["digest"], scanner.json)
    if kind == "BLOB":
        scanner.tail()
        found = _pick(scanner.attributes, _PIECE_NAMES)
        return Piece(found["sha256"], int(found["offset"]), int(found["count"]))
    if kind == "CURSOR":
        scanner.tail()
        found = _pick(scanner.attributes, ("mailbox", "cursor"))
        return Reached(found["mailbox"], found["cursor"])
    if kind == "NO":
        return NO(None, _refusal(scanner))
    if kind == "BYE":
        code = scanner.word("code")
        if not is_name(code):
            raise MessageError("code")
        scanner.tail()
        return Bye(code, scanner.text or "")
    return Unknown()


def _refusal(scanner: _Scanner) -> Refusal:
    code = scanner.word("code")
    if not is_name(code):
        raise MessageError("code")
    scanner.tail()
    if scanner.json is not None:
        raise MessageError("json")
    retry = _pick(scanner.attributes, ("retry",))["retry"]
    details = {name: value for name, value in scanner.attributes.items() if name != "retry"}
    return Refusal(code, retry, scanner.text or "", details)


# ---------------------------------------------------------------------------------------------------------------------
# Changes (section 8)
# ---------------------------------------------------------------------------------------------------------------------

Reader: TypeAlias = "Callable[[JSON, str], None]"
"""Checks one value of a body; the text is the path that an error names."""


def _wrong(path: str, expected: str) -> NoReturn:
    raise ChangeError("bad-field", path, expected)


def _text(maximum: int = MAXIMUM_TEXT) -> Reader:
    def read(value: JSON, path: str) -> None:
        if not isinstance(value, str) or len(value.encode()) > maximum or _is_blank(value):
            _wrong(path, f"text of 1 to {maximum} bytes")

    return read


def _value(expected: str, check: Callable[[str], bool]) -> Reader:
    def read(value: JSON, path: str) -> None:
        if not isinstance(value, str) or not check(value):
            _wrong(path, expected)

    return read


def _one_of(*words: str) -> Reader:
    return _value("|".join(words), lambda text: text in words)


def _number(lowest: int, highest: int) -> Reader:
    def read(value: JSON, path: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            _wrong(path, f"whole number from {lowest} to {highest}")

    return read


def _truth(value: JSON, path: str) -> None:
    if not isinstance(value, bool):
        _wrong(path, "true or false")


def _list(reader: Reader, least: int = 0, once: str | None = None, most: int = MAXIMUM_LIST) -> Reader:
    """A list; ``once`` names the member of its objects that no two may share."""

    def read(value: JSON, path: str) -> None:
        if not isinstance(value, list) or len(value) > most:
            _wrong(path, f"list of at most {most}")
        if len(value) < least:
            _wrong(path, "something in the list")
        seen: set[JSON] = set()
        for index, element in enumerate(value):
            reader(element, f"{path}[{index}]")
            if once is not None and isinstance(element, dict):
                member = cast("str", element[once])
                if member in seen:
                    _wrong(f"{path}[{index}].{once}", "each once")
                seen.add(member)

    return read


class _Object:
    """Checks the members of an object: each has a name, whether it is required, and a reader."""

    def __init__(self, *members: tuple[str, bool, Reader]) -> None:
        self.members = members

    def __call__(self, value: JSON, path: str) -> None:
        if not isinstance(value, dict):
            _wrong(path, "object")
        for name, required, reader in self.members:
            member = value.get(name)
            where = f"{path}.{name}" if path else name
            if member is not None:
                reader(member, where)
            elif required:
                raise ChangeError("missing-field", where)


_ID = _value("identifier", is_id)
_ADDRESS = _value("address", is_address)
_ROUTE = (("sender", True, _ADDRESS), ("region", True, _value("region", lambda t: _REGION.fullmatch(t) is not None)))
_REASON = _Object(("reason", True, _text()))
_NOTE = _Object(("note", False, _text()))
_SLOTS = _list(_value("YYYY-MM-DDTHH:MM/HH:MM", is_slot))
_ONE_SLOT = _value("YYYY-MM-DDTHH:MM/HH:MM", is_slot)
_DOSSIER = _value("DOS-YYYY-NNNNNNN", lambda text: re.fullmatch(r"DOS-[0-9]{4}-[0-9]{7}", text) is not None)
_DOCUMENT = _value(
    "PZH-YYYY-NNNNNNNNN", lambda text: re.fullmatch(r"(?!DOS-)[A-Z]{2,4}-[0-9]{4}-[0-9]{9}", text) is not None
)
_DATE = _value("YYYY-MM-DD", is_date)
_LANGUAGE = _value("language", lambda text: re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text) is not None)
_MEDIA_PART = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
_MEDIA = _value("type/subtype", lambda text: re.fullmatch(rf"{_MEDIA_PART}/{_MEDIA_PART}", text) is not None)
_DIGEST = _value("64 hexadecimal digits", lambda text: re.fullmatch(r"[0-9a-f]{64}", text) is not None)
_NO_FILE_NAME = re.compile("[/\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _is_file_name(text: str) -> bool:
    return (
        len(text.encode()) <= 255 and not _is_blank(text) and text not in (".", "..") and not _NO_FILE_NAME.search(text)
    )


_CITATION = _Object(("id", True, _ID), ("version", True, _ID), ("digest", True, _DIGEST))
_FILES = _list(
    _Object(
        ("name", True, _value("name of a file, 1 to 255 bytes", _is_file_name)),
        ("media", True, _MEDIA),
        ("size", True, _number(1, 1 << 40)),
        ("sha256", True, _DIGEST),
    ),
    once="name",
    most=50,
)
_SIGNATORY = _Object(("function", True, _text(200)), ("name", True, _text(200)))
_ANSWER = _Object(("request", True, _number(1, 500)), ("answer", True, _one_of(*ANSWERS)), ("text", False, _text()))
_APPOINTMENT = _Object(("slot", True, _ONE_SLOT), ("place", False, _text(500)), ("note", False, _text()))
_MEMBERSHIP = _Object(
    ("classification", True, _text(40)),
    ("region", True, _ROUTE[1][2]),
    ("from", False, _DATE),
    ("until", False, _DATE),
)
_CONFIDENTIALITY = _one_of(*CONFIDENTIALITY)
_TERM = (
    *_ROUTE,
    ("roles", True, _list(_value("role", is_role), least=1)),
    ("confidentiality", False, _CONFIDENTIALITY),
)


def _memberships(value: JSON, path: str) -> None:
    """A list of memberships, each classification once on any day."""
    _list(_MEMBERSHIP)(value, path)
    seen: list[Mapping[str, str]] = []
    for index, entry in enumerate(cast("list[Mapping[str, str]]", value)):
        first, last = entry.get("from") or "", entry.get("until") or "9999"
        if last < first:
            _wrong(f"{path}[{index}].until", "a day that isn't before the first")
        for other in seen:
            overlap = first <= (other.get("until") or "9999") and (other.get("from") or "") <= last
            if other["classification"] == entry["classification"] and overlap:
                _wrong(f"{path}[{index}].classification", "each once on any day")
        seen.append(entry)


def _is_account_holder(text: str) -> bool:
    return is_address(text) and "/accounthouder-" in text


@dataclass(frozen=True)
class ChangeType:
    """What section 8.4 says of one type: whether it is exact, the kind of its subject, its fields."""

    exact: bool
    subject: str
    body: _Object
    starts: bool = False
    """Whether its subject is named by its own id."""
    named_by: str | None = None
    """The field that its subject is named by."""

    @property
    def fields(self) -> list[str]:
        """The names of the fields that are known."""
        return [name for name, _, _ in self.body.members]


TYPES: Mapping[str, ChangeType] = {
    "letter.publish": ChangeType(
        True,
        "letter",
        _Object(
            ("dossier", True, _DOSSIER),
            ("document", True, _DOCUMENT),
            ("date", True, _DATE),
            ("title", True, _text(500)),
            ("region", True, _ROUTE[1][2]),
            ("yourReference", False, _text(200)),
            ("attachments", True, _number(0, 1000)),
            ("files", False, _FILES),
            ("themes", False, _list(_text(500))),
            ("requests", False, _list(_text())),
            ("signatories", False, _list(_SIGNATORY)),
            ("recipients", True, _list(_ADDRESS, least=1)),
            ("copies", False, _list(_ADDRESS)),
            ("due", False, _DATE),
            ("confidentiality", False, _CONFIDENTIALITY),
            ("supersedes", False, _ID),
            ("draft", False, _CITATION),
            ("text", True, _text(524_288)),
        ),
        starts=True,
    ),
    "letter.withdraw": ChangeType(True, "letter", _REASON),
    "letter.supersede": ChangeType(True, "letter", _Object(("by", True, _ID))),
    "receipt.delivered": ChangeType(False, "receipt", _Object(*_ROUTE)),
    "receipt.opened": ChangeType(False, "receipt", _Object(*_ROUTE)),
    "response.submit": ChangeType(
        True,
        "response",
        _Object(
            *_ROUTE,
            ("roles", True, _list(_value("role", is_role), least=1)),
            ("dossier", False, _DOSSIER),  # required, but its absence has a code of its own, which the rules give
            ("reference", False, _text(200)),
            ("confidentiality", False, _CONFIDENTIALITY),
            ("text", True, _text(262_144)),
            ("answers", False, _list(_ANSWER)),
            ("themes", False, _list(_text(500))),
            ("support", False, _list(_one_of(*SUPPORT))),
            ("draft", False, _CITATION),
            ("files", False, _FILES),
        ),
    ),
    "response.withdraw": ChangeType(True, "response", _REASON),
    "response.acknowledge": ChangeType(True, "response", _NOTE),
    "term.set": ChangeType(True, "term", _Object(*_TERM, ("due", True, _DATE), ("note", False, _text()))),
    "term.suspend": ChangeType(True, "term", _Object(*_TERM, ("from", True, _DATE), ("reason", True, _text()))),
    "term.resume": ChangeType(True, "term", _Object(("on", True, _DATE), ("note", False, _text()))),
    "term.remind": ChangeType(False, "term", _Object(*_TERM, ("note", False, _text()))),
    "meeting.request": ChangeType(
        True,
        "meeting",
        _Object(
            ("kind", True, _one_of(*KINDS)),
            ("accounthouder", True, _value("address of an account holder", _is_account_holder)),
            ("invited", False, _list(_value("organisation", is_organisation))),
            ("letter", False, _ID),
            ("dossier", False, _DOSSIER),
            ("themes", False, _list(_text(500))),
            ("slots", False, _SLOTS),
            ("place", False, _text(500)),
            ("online", False, _truth),
            ("language", False, _LANGUAGE),
            ("support", False, _list(_one_of(*SUPPORT))),
            ("team", False, _text(200)),
            ("audience", False, _text(500)),
            ("size", False, _number(1, 10_000)),
            ("note", False, _text()),
            ("confidentiality", False, _CONFIDENTIALITY),
        ),
        starts=True,
    ),
    "meeting.join": ChangeType(False, "meeting", _Object(("slots", False, _SLOTS), ("replaces", False, _list(_ID)))),
    "meeting.leave": ChangeType(False, "meeting", _Object(("replaces", True, _list(_ID, least=1)))),
    "meeting.propose": ChangeType(True, "meeting", _APPOINTMENT),
    "meeting.counter": ChangeType(
        True, "meeting", _Object(("slots", True, _list(_ONE_SLOT, least=1)), ("note", False, _text()))
    ),
    "meeting.accept": ChangeType(True, "meeting", _NOTE),
    "meeting.confirm": ChangeType(True, "meeting", _APPOINTMENT),
    "meeting.decline": ChangeType(True, "meeting", _REASON),
    "meeting.cancel": ChangeType(True, "meeting", _REASON),
    "meeting.reschedule": ChangeType(
        True,
        "meeting",
        _Object(
            ("slots", True, _list(_ONE_SLOT, least=1)), ("place", False, _text(500)), ("reason", True, _text())
        ),
    ),
    "meeting.hold": ChangeType(
        True,
        "meeting",
        _Object(
            ("minutes", True, _text(65_536)),
            ("present", False, _list(_value("organisation", is_organisation))),
            ("files", False, _FILES),
        ),
    ),
    "organisation.set": ChangeType(
        True,
        "organisation",
        _Object(
            ("code", True, _value("organisation", is_organisation)),
            ("name", True, _text(200)),
            ("shortName", True, _text(200)),
            ("regions", False, _memberships),
            ("until", False, _DATE),
            ("successor", False, _value("organisation", is_organisation)),
        ),
        named_by="code",
    ),
    "organisation.merge": ChangeType(
        True,
        "organisation",
        _Object(
            ("organisations", True, _list(_value("organisation", is_organisation), least=1)),
            ("into", True, _value("organisation", is_organisation)),
            ("from", True, _DATE),
        ),
        named_by="into",
    ),
    "region.set": ChangeType(
        True,
        "region",
        _Object(
            ("name", True, _ROUTE[1][2]),
            ("title", True, _text(200)),
            ("province", True, _value("organisation", is_organisation)),
            ("contactName", False, _text(200)),
            ("contactMail", False, _text(200)),
            ("contactPhone", False, _text(50)),
        ),
        named_by="name",
    ),
    "region.handover": ChangeType(
        True,
        "region",
        _Object(
            ("from", True, _DATE),
            ("contactName", True, _text(200)),
            ("contactMail", False, _text(200)),
            ("contactPhone", False, _text(50)),
        ),
    ),
    "mandate.set": ChangeType(
        True,
        "mandate",
        _Object(
            ("address", True, _ADDRESS),
            ("person", False, _text(200)),
            ("from", True, _DATE),
            ("until", False, _DATE),
            ("successor", True, _ADDRESS),
        ),
        named_by="address",
    ),
    "mandate.start": ChangeType(
        True, "mandate", _Object(("address", True, _ADDRESS), ("on", True, _DATE)), named_by="address"
    ),
    "mandate.end": ChangeType(
        True,
        "mandate",
        _Object(("address", True, _ADDRESS), ("on", True, _DATE), ("successor", True, _ADDRESS)),
        named_by="address",
    ),
}
"""The types that this module knows. Changes of others are kept, counted and passed over (8.1)."""


def is_subject(text: str) -> bool:
    """Whether the text can name a subject, of a kind that is known or not (8.2)."""
    kind, slash, name = text.partition("/")
    if not slash or not name:
        return False
    if kind in ("letter", "meeting"):
        return is_id(name)
    if kind in ("receipt", "response", "term"):
        letter, _, key = name.partition("/")
        return is_id(letter) and (is_address(key) if kind == "receipt" else is_organisation(key))
    if kind == "organisation":
        return is_organisation(name)
    if kind == "mandate":
        return is_address(name)
    if kind == "region":
        return _REGION.fullmatch(name) is not None
    return re.fullmatch(r"[a-z-]{1,40}/[\x21-\x7e]+", text) is not None and len(text) <= 200


@dataclass(frozen=True)
class Change:
    """One change, read from its exact bytes (8.1). ``body`` is what its type asks for, other members included."""

    line: bytes
    id: str
    type: str
    subject: str
    after: str | None
    needs: tuple[str, ...]
    author: str
    time: str
    taken_from: str | None
    body: Mapping[str, Any]
    understood: bool = True
    """Whether its body says what this module knows; a type that is known may get values that aren't."""

    @property
    def known(self) -> ChangeType | None:
        """What is known of its type; ``None`` for one from the future, and where the body isn't understood."""
        return TYPES.get(self.type) if self.understood else None

    @property
    def is_exact(self) -> bool:
        """Whether it is of an exact type that is known."""
        return self.known is not None and self.known.exact

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes."""
        return hashlib.sha256(self.line).hexdigest()

    @classmethod
    def read(cls, line: bytes) -> Change:
        """Reads a change from its line, without LF. Raises :class:`ChangeError`. A type that isn't known is no error;
        of its body nothing is checked."""
        if len(line) > MAXIMUM_LINE:
            raise ChangeError("line-too-long")
        try:
            value = read_json(line)
        except JSONError as error:
            raise ChangeError("bad-json", None, str(error)) from None
        if not isinstance(value, dict):
            raise ChangeError("bad-field", None, "object")
        _Object(("v", True, _number(1, 1000)))(value, "")
        if value["v"] != 1:
            raise ChangeError("unknown-version")
        _ENVELOPE(value, "")
        change = cls._of(line, cast("dict[str, Any]", value))
        if change.known is not None:
            change.known.body(value["body"], "body")
        change._check_subject()
        return change

    @classmethod
    def keep(cls, line: bytes) -> Change:
        """Reads a change that a server took. One that a later server knows more about than this module isn't refused
        but kept, with ``understood`` false: only its id, type and subject must be there. Raises
        :class:`ChangeError`."""
        try:
            return cls.read(line)
        except ChangeError:
            pass
        try:
            value = cast("dict[str, Any]", json.loads(line))
            names = (value["id"], value["type"], value["subject"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ChangeError("bad-json") from None
        if not all(isinstance(name, str) for name in names) or not is_id(names[0]):
            raise ChangeError("bad-field")
        return cls(line, *names, None, (), str(value.get("author")), str(value.get("time")), None, {}, False)

    @classmethod
    def stored(cls, line: bytes, understood: bool) -> Change:
        """Reads a change again that was read before, without checking it again."""
        if not understood:
            return cls.keep(line)
        return cls._of(line, json.loads(line))

    @classmethod
    def _of(cls, line: bytes, members: Mapping[str, Any]) -> Change:
        return cls(
            line=line,
            id=members["id"],
            type=members["type"],
            subject=members["subject"],
            after=members.get("after"),
            needs=tuple(members.get("needs") or ()),
            author=members["author"],
            time=members["time"],
            taken_from=members.get("takenFrom"),
            body={name: member for name, member in members["body"].items() if member is not None},
        )

    @classmethod
    def make(
        cls,
        type: str,
        subject: str | None,
        author: str,
        body: Mapping[str, Any],
        *,
        id: str | None = None,
        after: str | None = None,
        needs: Sequence[str] = (),
        time: str | None = None,
    ) -> Change:
        """Makes a change and checks it. ``subject`` is ``None`` for a type whose subject is named by its own id."""
        id = id or new_id()
        known = TYPES.get(type)
        if subject is None and known is not None and known.starts:
            subject = f"{known.subject}/{id}"
        members = {name: member for name, member in body.items() if member is not None and member != []}
        return cls.read(
            write_json(
                {
                    "v": 1,
                    "id": id,
                    "type": type,
                    "subject": subject,
                    "after": after,
                    "needs": list(needs) or None,
                    "author": author,
                    "time": time or now(),
                    "body": members,
                }
            )
        )

    def _check_subject(self) -> None:
        """A subject's name follows from what the change says; nobody chooses it."""
        if self.known is None:
            return
        kind, _, name = self.subject.partition("/")
        named = self.body[self.known.named_by] if self.known.named_by is not None else name
        if kind != self.known.subject or named != name or (self.known.starts and name != self.id):
            raise ChangeError("subject-mismatch")


_ENVELOPE = _Object(
    ("id", True, _ID),
    ("type", True, _text(100)),
    ("subject", True, _value("subject", is_subject)),
    ("after", False, _ID),
    ("needs", False, _list(_ID)),
    ("author", True, _ADDRESS),
    ("time", True, _value("moment in UTC", is_time)),
    ("takenFrom", False, _ID),
    ("body", True, _Object()),
)


# ---------------------------------------------------------------------------------------------------------------------
# What changes make together (section 8.4)
# ---------------------------------------------------------------------------------------------------------------------


class IllegalStep(RegiopostError):
    """A subject's state doesn't allow the step that a change would make. ``code`` is that of section 14."""

    exit_code = EX_DATAERR

    def __init__(self, code: str, state: str, step: str) -> None:
        super().__init__(f"{code}: {step} in {state}")
        self.code = code


@dataclass
class Letter:
    """A letter: ``published``, then perhaps ``superseded``, then perhaps ``withdrawn`` (8.4.3)."""

    id: str
    sender: str
    content: Mapping[str, Any]
    published: str | None
    withdrawn: str | None = None
    superseded_by: str | None = None
    """The id of the newer letter that takes its place."""

    @property
    def status(self) -> str:
        """The stable name of its state."""
        if self.withdrawn is not None:
            return "withdrawn"
        return "published" if self.superseded_by is None else "superseded"

    def roles(self, organisation: str) -> list[str]:
        """The roles at an organisation that got it: those addressed, then those with a copy, in the letter's order."""
        addresses = [*self.content["recipients"], *self.content.get("copies", ())]
        return [a.partition("/")[2] for a in addresses if a.partition("/")[0] == organisation]

    def supersede(self, newer: str) -> None:
        """Another letter takes its place."""
        if self.status != "published":
            raise IllegalStep("illegal-step", self.status, "supersede")
        self.superseded_by = newer

    def withdraw(self, reason: str) -> None:
        """The sender takes it back."""
        if self.withdrawn is not None:
            raise IllegalStep("illegal-step", self.status, "withdraw")
        self.withdrawn = reason


@dataclass
class Receipt:
    """How far a letter got with one address (8.4.4). The first change of a kind counts."""

    letter: str
    address: str
    delivered: str | None = None
    opened: str | None = None
    is_opened: bool = False

    @property
    def status(self) -> str:
        """The stable name of its state."""
        if self.is_opened:
            return "opened"
        return "available" if self.delivered is None else "delivered"


@dataclass(frozen=True)
class Version:
    """One submitted version of a response."""

    id: str
    author: str
    received: str | None
    content: Mapping[str, Any]


@dataclass
class Response:
    """An organisation's response to a letter (8.4.5). The newest of its versions counts."""

    letter: str
    organisation: str
    versions: list[Version]
    status: str = "submitted"
    note: str | None = None

    @property
    def current(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    def acknowledge(self, note: str | None) -> None:
        """The province has read it."""
        if self.status != "submitted":
            raise IllegalStep("illegal-step", self.status, "acknowledge")
        self.status, self.note = "acknowledged", note

    def withdraw(self, reason: str) -> None:
        """The organisation takes it back."""
        if self.status == "withdrawn":
            raise IllegalStep("illegal-step", self.status, "withdraw")
        self.status, self.note = "withdrawn", reason


def _slot_parts(slot: str) -> tuple[str, str, str]:
    return slot[:10], slot[11:16], slot[17:]


def _lies_within(slot: str, other: str) -> bool:
    (day, start, end), (other_day, other_start, other_end) = _slot_parts(slot), _slot_parts(other)
    return day == other_day and other_start <= start and end <= other_end


def longest_slots(slots: Iterable[str]) -> list[str]:
    """Slots in order, without those that lie within others."""
    all_slots = sorted(set(slots))
    return [slot for slot in all_slots if not any(o != slot and _lies_within(slot, o) for o in all_slots)]


def common_slots(lists: Sequence[Sequence[str]]) -> list[str]:
    """What lists of slots have in common, slot by slot."""
    common = longest_slots(lists[0]) if lists else []
    for slots in lists[1:]:
        found: list[str] = []
        for day, start, end in map(_slot_parts, common):
            for other_day, other_start, other_end in map(_slot_parts, slots):
                first, last = max(start, other_start), min(end, other_end)
                if day == other_day and first < last:
                    found.append(f"{day}T{first}/{last}")
        common = longest_slots(found)
    return common


@dataclass
class Participation:
    """What one organisation that is invited says about taking part. A join stands until a join or leave of the same
    organisation names it, which may have come before it."""

    joins: dict[str, list[str]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)

    @property
    def takes_part(self) -> bool:
        """Whether a join of its own stands."""
        return not self.joins.keys() <= self.replaced

    @property
    def slots(self) -> list[str] | None:
        """What suits it; ``None`` where anything does."""
        named = [slots for id, slots in self.joins.items() if id not in self.replaced and slots]
        return common_slots(named) if named else None


@dataclass
class Meeting:
    """A conversation, a briefing, a knowledge session or an expert team that was asked for (8.4.6)."""

    id: str
    requester: str
    content: Mapping[str, Any]
    requested: str | None
    status: str = "requested"
    slot: str | None = None
    """The slot that stands: proposed, accepted, confirmed or held."""
    place: str | None = None
    countered: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    """The slots that the requester's side named last."""
    participations: dict[str, Participation] = field(default_factory=dict)
    agreed: bool = False
    confirmed_before: tuple[str, str | None] | None = None
    """The date and the place that were confirmed before it was rescheduled."""
    sequence: int = 0
    minutes: str | None = None
    present: list[str] = field(default_factory=list)
    reason: str | None = None
    note: str | None = None

    @property
    def organisation(self) -> str:
        """The organisation that asked."""
        return self.requester.partition("/")[0]

    @property
    def is_open(self) -> bool:
        """Whether the two sides are still looking for a date."""
        return self.status in ("requested", "proposed", "countered", "accepted")

    @property
    def joined(self) -> list[str]:
        """The organisations that take part besides the requester's, by code."""
        return sorted(code for code, said in self.participations.items() if said.takes_part)

    @property
    def parties(self) -> list[str]:
        """Whose meeting it became: the requester's organisation, and those that were there."""
        return sorted({self.organisation, *(self.present or self.joined)})

    @property
    def common(self) -> list[str] | None:
        """The slots that suit all who take part; ``None`` where nobody named any."""
        lists = [self.wanted] if self.wanted else []
        for code in self.joined:
            slots = self.participations[code].slots
            if slots is not None:
                lists.append(slots)
        return common_slots(lists) if lists else None

    def apply(self, step: str, change: Change) -> None:
        """Makes a step: ``join``, ``propose`` and so on. Raises :class:`IllegalStep`."""
        by_account_holder = change.author == self.content["accounthouder"]
        if not self._may(step, by_account_holder):
            raise IllegalStep("illegal-step", self.status, step)
        before = (self.status, self.slot, self.place, self.countered)
        self._make(step, change, by_account_holder)
        if before != (self.status, self.slot, self.place, self.countered):
            self.sequence += 1

    def _may(self, step: str, by_account_holder: bool) -> bool:
        is_confirmed = self.status == "confirmed"
        match step:
            case "counter":
                return self.status == "proposed"
            case "accept":
                return self.status == "proposed" or is_confirmed and not self.agreed
            case "cancel":
                return is_confirmed or self.is_open and not by_account_holder
            case "reschedule" | "hold":
                return is_confirmed
            case "leave":
                return self.is_open or is_confirmed
            case _:
                return self.is_open

    def _make(self, step: str, change: Change, by_account_holder: bool) -> None:
        body, organisation = change.body, change.author.partition("/")[0]
        if step in ("join", "leave"):
            said = self.participations.setdefault(organisation, Participation())
            said.replaced.update(body.get("replaces", ()))
            if step == "join":
                said.joins[change.id] = list(body.get("slots", ()))
            return
        if step not in ("decline", "cancel", "hold"):
            self.note = body.get("note", body.get("reason"))
        match step:
            case "propose":
                self._stands("proposed", body["slot"], body.get("place", self.content.get("place")))
                self.agreed = False
            case "counter":
                self._counter(body["slots"])
            case "accept":
                self.status, self.agreed = ("accepted" if self.status == "proposed" else self.status), True
            case "confirm":
                self._confirm(body["slot"], body.get("place"))
            case "reschedule":
                self._reschedule(body, by_account_holder)
            case "hold":
                self.status, self.minutes, self.present = "held", body["minutes"], list(body.get("present", ()))
            case "decline" | "cancel":
                self._stands({"decline": "declined", "cancel": "cancelled"}[step], None, None)
                self.reason = body["reason"]

    def _stands(self, status: str, slot: str | None, place: str | None) -> None:
        self.status, self.slot, self.place, self.countered = status, slot, place, []

    def _counter(self, slots: Sequence[str]) -> None:
        self._stands("countered", None, None)
        self.countered = self.wanted = list(slots)

    def _confirm(self, slot: str, place: str | None) -> None:
        common = self.common
        if self.status in ("proposed", "accepted"):
            is_known = slot == self.slot
            known_place = self.place
        else:
            choice = self.countered if self.status == "countered" else common
            is_known = choice is None or any(_lies_within(slot, other) for other in choice)
            before = self.confirmed_before[1] if self.confirmed_before else None
            known_place = before or self.content.get("place")
        if not is_known:
            raise IllegalStep("slot-unknown", self.status, "confirm")
        self.agreed = self.agreed or any(_lies_within(slot, other) for other in self.wanted)
        self._stands("confirmed", slot, place or known_place)

    def _reschedule(self, body: Mapping[str, Any], by_account_holder: bool) -> None:
        before = (cast("str", self.slot), self.place)
        if not by_account_holder:
            self._counter(body["slots"])
        elif len(body["slots"]) == 1:
            self._stands("proposed", body["slots"][0], body.get("place", self.place))
        else:
            raise IllegalStep("bad-field", self.status, "reschedule")
        self.confirmed_before, self.agreed = before, False


@dataclass
class Organisation:
    """An organisation in the directory (8.4.7)."""

    code: str
    name: str
    short_name: str
    memberships: Sequence[Mapping[str, str]]
    """Each with ``classification`` and ``region``, and perhaps ``from`` and ``until``."""
    merged: tuple[str, str] | None = None
    """The first day on which another organisation has taken over, and which."""

    def region(self, day: str, classification: str = "bestuurlijk") -> str | None:
        """The name of its region by a classification on a day."""
        for entry in self.memberships:
            if entry["classification"] == classification:
                if entry.get("from", "") <= day <= entry.get("until", "9999"):
                    return entry["region"]
        return None


@dataclass
class Region:
    """A region in the directory (8.4.7)."""

    name: str
    title: str
    province: str
    contact: Mapping[str, str]

    @property
    def account_holder(self) -> str:
        """The address of its account holder."""
        return f"{self.province}/accounthouder-{self.name}"


@dataclass
class Mandate:
    """From when until when an address has a holder (8.4.7): ``planned``, ``running`` or ``ended``."""

    address: str
    status: str
    plan: Mapping[str, Any]
    successor: str


class View:
    """The fold of changes, in the order in which they are given: what a replica says, with an outbox on top.

    ``last`` has the last exact change on each subject, which the next one names in ``after``; ``unknown`` counts
    changes of types that this module doesn't know, by type; ``frozen`` are the subjects on which it therefore must
    not write anything exact (8.1).
    """

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.receipts: dict[tuple[str, str], Receipt] = {}
        self.responses: dict[tuple[str, str], Response] = {}
        self.meetings: dict[str, Meeting] = {}
        self.organisations: dict[str, Organisation] = {}
        self.regions: dict[str, Region] = {}
        self.mandates: dict[str, Mandate] = {}
        self.last: dict[str, str] = {}
        self.unknown: dict[str, int] = {}
        self.frozen: set[str] = set()
        self.misfits: list[str] = []
        """The ids of changes that didn't fit on what came before them."""
        self._seen: set[str] = set()

    def add(self, change: Change, received: str | None) -> bool:
        """Takes one more change; ``received`` is ``None`` for one that is still in an outbox. Says whether it fits;
        one that was there before fits and has no effect."""
        if change.id in self._seen:
            return True
        self._seen.add(change.id)
        if change.known is None:
            self.unknown[change.type] = self.unknown.get(change.type, 0) + 1
            self.frozen.add(change.subject)
            return True
        is_exact = change.is_exact
        if is_exact and change.subject not in self.frozen and change.after != self.last.get(change.subject):
            self.misfits.append(change.id)
            return False
        try:
            self._fold(change, received)
        except (IllegalStep, KeyError):
            self.misfits.append(change.id)
            return False
        if is_exact:
            self.last[change.subject] = change.id
        return True

    def _fold(self, change: Change, received: str | None) -> None:
        _, _, name = change.subject.partition("/")
        kind, _, step = change.type.partition(".")
        body = change.body
        if change.type == "letter.publish":
            self.letters[name] = Letter(name, change.author, body, received)
        elif change.type == "letter.withdraw":
            self.letters[name].withdraw(body["reason"])
        elif change.type == "letter.supersede":
            self.letters[name].supersede(body["by"])
        elif kind == "receipt":
            self._receipt(name, step, received)
        elif kind == "response":
            self._response(change, step, received)
        elif change.type == "meeting.request":
            wanted = list(body.get("slots", ()))
            self.meetings[name] = Meeting(
                name, change.author, body, received, wanted=wanted, note=body.get("note")
            )
        elif kind == "meeting":
            self.meetings[name].apply(step, change)
        elif kind == "mandate":
            self._mandate(name, step, body)
        else:
            self._entry(change.type, name, body)

    def _entry(self, type: str, name: str, body: Mapping[str, Any]) -> None:
        contact = {key: body[key] for key in ("contactName", "contactMail", "contactPhone") if key in body}
        if type == "organisation.set":
            merged = self.organisations[name].merged if name in self.organisations else None
            self.organisations[name] = Organisation(
                name, body["name"], body["shortName"], body.get("regions", ()), merged
            )
        elif type == "organisation.merge":
            for code in body["organisations"]:
                self.organisations[code].merged = (body["from"], body["into"])
        elif type == "region.set":
            self.regions[name] = Region(name, body["title"], body["province"], contact)
        elif type == "region.handover":
            self.regions[name].contact = contact

    def _mandate(self, address: str, step: str, body: Mapping[str, Any]) -> None:
        known = self.mandates.get(address)
        if step == "set":
            status = known.status if known is not None else "planned"
            self.mandates[address] = Mandate(address, status, body, body["successor"])
        elif step == "start":
            self.mandates[address].status = "running"
        elif known is None:
            self.mandates[address] = Mandate(address, "ended", {}, body["successor"])
        else:
            known.status, known.successor = "ended", body["successor"]

    def _receipt(self, name: str, step: str, received: str | None) -> None:
        letter, _, address = name.partition("/")
        receipt = self.receipts.setdefault((letter, address), Receipt(letter, address))
        if step == "delivered":
            receipt.delivered = receipt.delivered or received
        else:
            receipt.is_opened = True
            receipt.opened = receipt.opened or received

    def _response(self, change: Change, step: str, received: str | None) -> None:
        letter, _, organisation = change.subject.partition("/")[2].partition("/")
        key = (letter, organisation)
        if step == "submit":
            version = Version(change.id, change.author, received, change.body)
            if key in self.responses:
                response = self.responses[key]
                response.versions.append(version)
                response.status, response.note = "submitted", None
            else:
                self.responses[key] = Response(letter, organisation, [version])
        elif step == "acknowledge":
            self.responses[key].acknowledge(change.body.get("note"))
        else:
            self.responses[key].withdraw(change.body["reason"])

    def find_letter(self, text: str) -> Letter:
        """The letter with that dossier, document number or id, or the beginning of one. Raises :class:`UsageError`."""
        found = [
            letter
            for letter in self.letters.values()
            if text in (letter.content["dossier"], letter.content["document"]) or letter.id.startswith(text)
        ]
        if len(found) != 1:
            reason = "there is no letter" if not found else f"there are {len(found)} letters"
            raise UsageError(f"{reason} called {text}")
        return found[0]

    def account_holder(self, organisation: str) -> str:
        """Who looks after an organisation: of its region by the classification ``bestuurlijk``, today."""
        entry = self.organisations.get(organisation)
        region = self.regions.get(entry.region(today()) or "") if entry else None
        if region is None:
            raise UsageError(f"the directory has no region for {organisation}: sync first")
        return region.account_holder


# ---------------------------------------------------------------------------------------------------------------------
# Session: the client's side of a conversation, without input or output (sections 5 to 7)
# ---------------------------------------------------------------------------------------------------------------------


class Session:
    """What a client knows of one connection: it makes the requests, and checks that what comes may come.

    Everything that a server must not send raises :class:`Disconnected` with the reason ``violation``; the connection
    must then be closed.
    """

    def __init__(self, *, enrolment: bool = False) -> None:
        self.greeting: Greeting | None = None
        self.enrol_greeting: EnrolGreeting | None = None
        self.under_way: dict[str, Request] = {}
        self._enrolment = enrolment
        self._number = 0
        self._position: dict[str, int | None] = {}
        self._watched: set[str] = set()
        self._fetching: dict[str, tuple[int, int]] = {}
        """Where each blob that is fetched goes on, and where it ends at the latest."""

    @property
    def may_ask(self) -> bool:
        """Whether one more request may be under way."""
        allowed = self.greeting.requests if self.greeting else 1
        return len(self.under_way) < allowed

    def request(self, verb: str, *, json: bytes | None = None, tag: str | None = None, **attributes: str) -> Request:
        """Makes a request. Its line is to be sent, with an LF."""
        if self.greeting is None and self.enrol_greeting is None:
            raise UsageError("nothing may be asked before the greeting")
        if not self.may_ask:
            raise UsageError("too many requests are under way")
        longest = self.greeting.line if self.greeting else ENROL_LINE
        if json is not None and len(json) > longest:
            details = {"limit": str(longest)}
            raise Refused(Refusal("line-too-long", "never", "The line is longer than the limit", details))
        if json is not None and (not json.startswith(b"{") or re.search(rb"[\n\r\0]", json)):
            raise UsageError("a change is one line of JSON")
        self._number += 1
        request = Request(tag or str(self._number), verb, attributes, json)
        if request.tag in self.under_way:
            raise UsageError("this tag is under way")
        if verb == "FETCH":
            self._fetch(attributes)
        self.under_way[request.tag] = request
        if verb in ("PULL", "WATCH"):
            self._position.setdefault(attributes["mailbox"], None)
        return request

    def _fetch(self, attributes: Mapping[str, str]) -> None:
        chunk = self.greeting.chunk if self.greeting else None
        if chunk is None:
            raise UsageError("this server has no files")
        if attributes["sha256"] in self._fetching:
            raise UsageError("this file is being fetched")
        offset = int(attributes["offset"])
        self._fetching[attributes["sha256"]] = (offset, offset + min(chunk, int(attributes.get("count", chunk))))

    def receive(self, line: bytes) -> Message:
        """Takes one line from the server, without its LF, and returns what it says. After a :class:`Piece` its bytes
        must be read before the next line."""
        try:
            message = read_message(line)
        except MessageError as error:
            raise Disconnected("violation", str(error)) from None
        if isinstance(message, (Bye, Unknown)):
            return message
        if self.greeting is None and self.enrol_greeting is None:
            return self._greeted(message)
        if isinstance(message, (OK, NO)):
            self._replied(message)
        elif isinstance(message, Delivery):
            self._came(message)
        elif isinstance(message, Piece):
            self._piece(message)
        elif isinstance(message, Reached):
            if message.mailbox not in self._position:
                raise Disconnected("violation", "a cursor of a mailbox that nobody reads")
        else:
            raise Disconnected("violation", "a second greeting")
        return message

    def _greeted(self, message: Message) -> Message:
        if isinstance(message, EnrolGreeting) and self._enrolment:
            self.enrol_greeting = message
        elif isinstance(message, Greeting) and not self._enrolment:
            self.greeting = message
        else:
            raise Disconnected("violation", "no greeting")
        return message

    def _replied(self, reply: OK | NO) -> None:
        if reply.tag is None:
            raise Disconnected("violation", f"the server couldn't read a tag: {reply.refusal}")
        request = self.under_way.pop(reply.tag, None)
        if request is None:
            raise Disconnected("violation", "a reply to nothing")
        mailbox = request.attributes.get("mailbox")
        if isinstance(reply, OK):
            if reply.verb != request.verb or reply.attributes.get("mailbox") != mailbox:
                raise Disconnected("violation", "a reply to something else")
            if reply.attributes.get("sha256") != request.attributes.get("sha256"):
                raise Disconnected("violation", "a reply about another file")
            if reply.verb == "FETCH":
                reached, _ = self._fetching[request.attributes["sha256"]]
                if int(reply.attributes["offset"]) != reached:
                    raise Disconnected("violation", "bytes of a file are missing")
            if reply.verb == "WATCH":
                self._watched.add(cast("str", mailbox))
            elif reply.verb == "UNWATCH":
                self._watched.discard(cast("str", mailbox))
        if request.verb == "FETCH":
            del self._fetching[request.attributes["sha256"]]
        if mailbox is not None and mailbox not in self._watched and not self._awaits(mailbox):
            self._position.pop(mailbox, None)

    def _awaits(self, mailbox: str) -> bool:
        waiting = self.under_way.values()
        return any(r.verb in ("PULL", "WATCH") and r.attributes["mailbox"] == mailbox for r in waiting)

    def _piece(self, piece: Piece) -> None:
        """A piece goes on where the last one ended, and no further than was asked: its bytes are bounded."""
        expected, end = self._fetching.get(piece.sha256, (-1, -1))
        if piece.offset != expected or piece.offset + piece.count > end:
            raise Disconnected("violation", "bytes of a file that nobody asked for")
        self._fetching[piece.sha256] = (expected + piece.count, end)

    def _came(self, delivery: Delivery) -> None:
        if delivery.mailbox not in self._position:
            raise Disconnected("violation", "a change in a mailbox that nobody reads")
        last = self._position[delivery.mailbox]
        if last is not None and delivery.position != last + 1:
            raise Disconnected("violation", f"a gap before position {delivery.position}")
        self._position[delivery.mailbox] = delivery.position


# ---------------------------------------------------------------------------------------------------------------------
# Connection: a session over TLS (sections 3 and 12)
# ---------------------------------------------------------------------------------------------------------------------

STALL = 30.0
"""Seconds that a connection may stand still while something is due."""
ALPN = "regiopost/1"
ALPN_ENROL = "regiopost-enrol/1"
_PIECE = 65_536


def tls_context(root: str, alpn: str, identity: Path | None = None) -> ssl.SSLContext:
    """What section 3 asks for: TLS 1.3 alone, one ALPN name, one root (PEM) and none of the system's. ``identity`` is a
    file with a private key and its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.hostname_checks_common_name = False
    context.load_verify_locations(cadata=root)
    context.set_alpn_protocols([alpn])
    if identity is not None:
        context.load_cert_chain(identity)
    return context


class Transport:
    """Lines over TLS. Both directions move at once, so that neither side waits for the other to read."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, limit: int = MAXIMUM_LINE) -> None:
        """Connects and shakes hands; JSON in a line has at most ``limit`` bytes. Raises :class:`Disconnected`."""
        self._host = host
        self._framer = LineFramer(limit + ENVELOPE)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._unsent = bytearray()
        self._is_open = False
        self._end: Disconnected | None = None
        try:
            self._socket = socket.create_connection((host, port), timeout=10)
        except OSError as error:
            raise Disconnected("unreachable", f"{host} port {port}: {error.strerror or error}") from None
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._shake_hands()
        except BaseException:
            self._socket.close()
            raise

    @property
    def protocol(self) -> str | None:
        """The name by ALPN that both sides agreed on."""
        return self._tls.selected_alpn_protocol()

    @property
    def unsent(self) -> int:
        """How many bytes wait to be sent."""
        return len(self._unsent) + self._outgoing.pending

    def send(self, data: bytes) -> None:
        """Queues bytes; :meth:`line` sends them."""
        try:
            self._tls.write(data)
        except (ssl.SSLError, OSError) as error:
            raise _tls_failure(error) from None

    def line(self, timeout: float) -> bytes | None:
        """The next line without its LF, or ``None`` when none came within ``timeout`` seconds. Raises
        :class:`Disconnected` at the end of the stream, once what came before was read."""
        deadline = clock.monotonic() + timeout
        while True:
            try:
                line = self._framer.next_line()
            except FramingError as error:
                raise Disconnected("violation", error.code) from None
            if line is not None:
                return line
            if self._end is not None:
                raise self._end
            if not self._pump(deadline):
                return None

    def counted(self, count: int, timeout: float) -> bytes:
        """Exactly ``count`` bytes as they are. Raises :class:`Disconnected` where they don't come in time."""
        deadline = clock.monotonic() + timeout
        data = bytearray(self._framer.take(count))
        while len(data) < count:
            if self._end is not None:
                raise self._end
            if not self._pump(deadline):
                raise Disconnected("timed-out", "counted bytes didn't come")
            data += self._framer.take(count - len(data))
        return bytes(data)

    def finish(self) -> None:
        """Says that nothing more will be sent (``close_notify``), and goes on reading."""
        with contextlib.suppress(ssl.SSLError, OSError):
            self._tls.unwrap()

    def close(self) -> None:
        """Closes the connection, without waiting."""
        self.finish()
        with contextlib.suppress(OSError):
            self._socket.send(bytes(self._unsent) + self._outgoing.read())
        self._socket.close()

    def _shake_hands(self) -> None:
        deadline = clock.monotonic() + 10
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if not self._pump(deadline):
                    raise Disconnected("timed-out", "no handshake") from None
            except ssl.SSLCertVerificationError as error:
                raise Disconnected("untrusted", error.verify_message) from None
            except (ssl.SSLError, OSError) as error:
                raise _tls_failure(error) from None
        self._check_name()
        self._is_open = True
        self._decrypt()

    def _check_name(self) -> None:
        """The certificate names the host itself: that a wildcard would cover it isn't enough."""
        found = self._tls.getpeercert() or {}
        names = cast("tuple[tuple[str, str], ...]", found.get("subjectAltName", ()))
        is_literal = ":" in self._host or re.fullmatch(r"[0-9.]+", self._host) is not None
        if not is_literal and ("DNS", self._host.lower()) not in [(kind, name.lower()) for kind, name in names]:
            raise Disconnected("untrusted", f"the server's certificate doesn't name {self._host}")

    def _pump(self, deadline: float) -> bool:
        """Moves bytes in both directions once; whether anything moved before the deadline."""
        self._unsent += self._outgoing.read()
        left = max(0.0, deadline - clock.monotonic())
        readable, writable, _ = select.select([self._socket], [self._socket] if self._unsent else [], [], left)
        try:
            if writable:
                del self._unsent[: self._socket.send(self._unsent[:_PIECE])]
            if readable:
                data = self._socket.recv(_PIECE)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
        except (BlockingIOError, InterruptedError):
            return True
        except OSError as error:
            self._end = Disconnected("cut-off", error.strerror or str(error))
            return True
        if readable and self._is_open:
            self._decrypt()
        return bool(readable or writable)

    def _decrypt(self) -> None:
        """Hands on what can be read. The end is only told once the whole lines before it were read: they count."""
        try:
            while data := self._tls.read(_PIECE):
                self._framer.feed(data)
            self._end = Disconnected("closed", "the server closed the connection")
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._end = Disconnected("closed", "the server closed the connection")
        except (ssl.SSLError, OSError) as error:
            self._end = _tls_failure(error)


class Connection:
    """A :class:`Session` over a :class:`Transport`."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, enrolment: bool = False) -> None:
        """Connects, and waits for the greeting. Raises :class:`Disconnected`."""
        self.session = Session(enrolment=enrolment)
        self.transport = Transport(host, port, context, limit=ENROL_LINE if enrolment else MAXIMUM_LINE)
        try:
            if self.transport.protocol != (ALPN_ENROL if enrolment else ALPN):
                raise Disconnected("violation", "the server agreed on no protocol")
            message = self.receive(10)
            if isinstance(message, Bye):
                raise Disconnected(message.code, message.text)
            if message is None:
                raise Disconnected("timed-out", "the server didn't greet")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def greeting(self) -> Greeting:
        """What the server said first."""
        if self.session.greeting is None:
            raise UsageError("this connection is for enrolment")
        return self.session.greeting

    def ask(self, verb: str, *, json: bytes | None = None, data: bytes = b"", **attributes: str) -> Request:
        """Queues a request; :meth:`receive` sends it, and brings the reply. ``data`` are the bytes that a BLOB
        counts."""
        request = self.session.request(verb, json=json, **attributes)
        self.transport.send(request.line + b"\n" + data)
        return request

    def receive(self, timeout: float) -> Message | None:
        """The next message, or ``None`` when none came within ``timeout`` seconds. Announcements that aren't known
        are passed over. Raises :class:`Disconnected` at the end of the connection."""
        deadline = clock.monotonic() + timeout
        while (line := self.transport.line(max(0.0, deadline - clock.monotonic()))) is not None:
            message = self.session.receive(line)
            if isinstance(message, Piece):
                return dataclasses.replace(message, data=self.transport.counted(message.count, STALL))
            if not isinstance(message, Unknown):
                return message
        return None

    def reply(self, request: Request, timeout: float = STALL) -> OK:
        """Waits for the reply to a request, with nothing else under way. Raises :class:`Refused`."""
        while True:
            message = self.receive(timeout)
            if message is None:
                raise Disconnected("timed-out", f"no reply to {request.verb}")
            if isinstance(message, Bye):
                raise Disconnected(message.code, message.text)
            if isinstance(message, NO) and message.tag == request.tag:
                raise Refused(message.refusal)
            if isinstance(message, OK) and message.tag == request.tag:
                return message

    def quit(self) -> None:
        """Says goodbye, and closes. What goes wrong with that changes nothing any more."""
        with contextlib.suppress(RegiopostError, OSError):
            self.reply(self.ask("QUIT"), 5)
        self.close()

    def close(self) -> None:
        """Closes the connection, without waiting."""
        self.transport.close()


def _tls_failure(error: Exception) -> Disconnected:
    reason = getattr(error, "reason", None) or str(error)
    if "ALERT" in reason:
        return Disconnected("not-let-in", reason.lower().replace("_", " "))
    if "EOF" in type(error).__name__.upper() or "EOF" in reason:
        return Disconnected("cut-off", "the stream ended without a goodbye")
    return Disconnected("violation", reason.lower().replace("_", " "))


# ---------------------------------------------------------------------------------------------------------------------
# Store: the replica and the outbox of one profile (sections 9 and 10)
# ---------------------------------------------------------------------------------------------------------------------

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mailbox (
    name TEXT PRIMARY KEY, cursor TEXT NOT NULL, position INTEGER NOT NULL, history INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS change (
    mailbox TEXT NOT NULL, id TEXT NOT NULL, history INTEGER NOT NULL, position INTEGER NOT NULL,
    received TEXT NOT NULL, digest TEXT NOT NULL, understood INTEGER NOT NULL, line BLOB NOT NULL,
    PRIMARY KEY (mailbox, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS change_order ON change (mailbox, history DESC, position);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, line BLOB NOT NULL, queued TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting',
    code TEXT, retry TEXT, text TEXT, details TEXT, position INTEGER, received TEXT, digest TEXT);
"""
_ARRIVING = """
CREATE TEMP TABLE arriving (
    mailbox TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, received TEXT NOT NULL, digest TEXT NOT NULL,
    understood INTEGER NOT NULL, line BLOB NOT NULL)
"""


def _asked(change: Change) -> tuple[str, str, dict[str, Any]]:
    """What a change asks for, without what a program fills in by itself."""
    body = {name: member for name, member in change.body.items() if name != "accounthouder"}
    return change.type, change.subject, body


@dataclass(frozen=True)
class Queued:
    """One row of the outbox. ``state`` is ``waiting``, ``taken`` or ``refused``; ``sent`` says whether its bytes may
    have reached the server, so that it mustn't be rewritten or dropped without a definite NO."""

    change: Change
    queued: str
    sent: bool
    state: str
    refusal: Refusal | None
    position: int | None
    received: str | None


class Store:
    """The replica and the outbox, on SQLite. What a method wrote is durable when it returns (``synchronous=FULL``).

    Changes and the cursor that covers them come in by one transaction. After a resync rows are replaced only as their
    changes come again; the outbox is never touched by it.
    """

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=10, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(_SCHEMA)
        self._database.execute(_ARRIVING)
        with self._transaction():
            for name in MAILBOXES:
                self._database.execute("INSERT OR IGNORE INTO mailbox VALUES (?, '0', 0, 0)", (name,))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    # The replica

    def cursor(self, mailbox: str) -> str:
        """Where to go on reading."""
        return cast("str", self._mailbox(mailbox)["cursor"])

    def position(self, mailbox: str) -> int:
        """The position of the last change that the cursor covers."""
        return cast("int", self._mailbox(mailbox)["position"])

    def _mailbox(self, mailbox: str) -> sqlite3.Row:
        return cast("sqlite3.Row", self._database.execute("SELECT * FROM mailbox WHERE name=?", (mailbox,)).fetchone())

    def arrive(self, delivery: Delivery) -> Change:
        """Takes a change in, apart until :meth:`cover`. Raises :class:`Disconnected` for one that can't be."""
        if hashlib.sha256(delivery.line).hexdigest() != delivery.digest:
            raise Disconnected("violation", "a change has another digest than it should")
        try:
            change = Change.keep(delivery.line)
        except ChangeError:
            raise Disconnected("violation", "a change that is none") from None
        row = (delivery.mailbox, change.id, delivery.position, delivery.received, delivery.digest)
        understood = change.known is not None
        self._database.execute("INSERT INTO arriving VALUES (?,?,?,?,?,?,?)", (*row, understood, delivery.line))
        return change

    def cover(self, mailbox: str, cursor: str) -> int:
        """Keeps what arrived and the cursor after it, in one transaction; says how many changes that were."""
        with self._transaction():
            rows = self._database.execute("SELECT position FROM arriving WHERE mailbox=?", (mailbox,)).fetchall()
            last = self.position(mailbox)
            if [row["position"] for row in rows] != list(range(last + 1, last + 1 + len(rows))):
                raise Disconnected("violation", f"a gap after position {last} in the mailbox {mailbox}")
            self._database.execute(
                "INSERT OR REPLACE INTO change SELECT mailbox, id, "
                "(SELECT history FROM mailbox WHERE name=arriving.mailbox), "
                "position, received, digest, understood, line FROM arriving WHERE mailbox=?",
                (mailbox,),
            )
            self._database.execute(
                "UPDATE mailbox SET cursor=?, position=? WHERE name=?", (cursor, last + len(rows), mailbox)
            )
        self._database.execute("DELETE FROM arriving WHERE mailbox=?", (mailbox,))
        return len(rows)

    def forget_arriving(self) -> None:
        """Drops what arrived without a cursor: the connection ended before it came."""
        self._database.execute("DELETE FROM arriving")

    def resync(self, mailbox: str) -> None:
        """Starts again from 0. Rows stay until their changes come again, and after those that did."""
        with self._transaction():
            self._database.execute(
                "UPDATE mailbox SET cursor='0', position=0, history=history+1 WHERE name=?", (mailbox,)
            )

    def changes(self, mailbox: str) -> Iterator[tuple[Change, str]]:
        """The changes of a mailbox with the time at which the server received each, in order."""
        rows = self._database.execute(
            "SELECT line, understood, received FROM change WHERE mailbox=? ORDER BY history DESC, position", (mailbox,)
        )
        for row in rows:
            yield Change.stored(row["line"], bool(row["understood"])), row["received"]

    def view(self, outbox: bool = True) -> View:
        """The fold of the replica, with what waits in the outbox on top."""
        view = View()
        for mailbox in ("directory", "own"):
            for change, received in self.changes(mailbox):
                view.add(change, received)
        if outbox:
            for item in self.outbox():
                if item.state != "refused":
                    view.add(item.change, item.received)
        return view

    # The outbox

    def put(self, change: Change) -> Change:
        """Puts a change into the outbox, on disk before this returns. One with an id that is there already must ask for
        the same; then the first one is returned and nothing is written. Raises :class:`UsageError`."""
        with self._transaction():
            known = self._known(change.id)
            if known is None:
                self._insert(change)
                return change
        if _asked(known) != _asked(change):
            raise UsageError("this key was used for something else, and that stands")
        return known

    def _known(self, id: str) -> Change | None:
        for query in ("SELECT line FROM outbox WHERE id=?", "SELECT line FROM change WHERE mailbox='own' AND id=?"):
            row = self._database.execute(query, (id,)).fetchone()
            if row is not None:
                return Change.keep(row["line"])
        return None

    def _insert(self, change: Change) -> None:
        self._database.execute(
            "INSERT INTO outbox (id, line, queued) VALUES (?,?,?)", (change.id, change.line, now())
        )

    def outbox(self, state: str | None = None) -> list[Queued]:
        """The outbox in the order in which it was filled; what was taken stays, as a record of the receipts."""
        rows = self._database.execute("SELECT * FROM outbox WHERE ? IS NULL OR state=? ORDER BY number", (state, state))
        items: list[Queued] = []
        for row in rows:
            refusal = None
            if row["code"] is not None:
                refusal = Refusal(row["code"], row["retry"], row["text"], json.loads(row["details"]))
            items.append(
                Queued(
                    Change.stored(row["line"], True),
                    row["queued"],
                    bool(row["sent"]),
                    row["state"],
                    refusal,
                    row["position"],
                    row["received"],
                )
            )
        return items

    def find(self, text: str) -> Queued:
        """The item that hasn't been taken whose id is, or begins or ends with, ``text``. Raises :class:`UsageError`."""
        items = [item for item in self.outbox() if item.state != "taken"]
        found = [i for i in items if i.change.id.startswith(text) or i.change.id.endswith(text)]
        if len(found) != 1:
            raise UsageError(f"{'nothing' if not found else 'more than one change'} in the queue is called {text}")
        return found[0]

    def mark_sent(self, ids: Iterable[str]) -> None:
        """Remembers that these bytes may reach the server from now on."""
        with self._transaction():
            self._database.executemany("UPDATE outbox SET sent=1 WHERE id=?", [(id,) for id in ids])

    def answered(self, id: str, answer: OK | NO) -> None:
        """Keeps the definite answer to a change. ``later`` is none: the same bytes go again."""
        with self._transaction():
            if isinstance(answer, OK):
                values = answer.attributes
                self._database.execute(
                    "UPDATE outbox SET state='taken', position=?, received=?, digest=?, "
                    "code=NULL, retry=NULL, text=NULL, details=NULL WHERE id=?",
                    (int(values["position"]), values["received"], values["digest"], id),
                )
            else:
                refusal = answer.refusal
                state = "waiting" if refusal.retry == "later" else "refused"
                details = json.dumps(dict(refusal.details))
                self._database.execute(
                    "UPDATE outbox SET state=?, code=?, retry=?, text=?, details=? WHERE id=?",
                    (state, refusal.code, refusal.retry, refusal.text, details, id),
                )

    def retry(self, item: Queued) -> None:
        """Lets a refused change go again as it is."""
        with self._transaction():
            query = "UPDATE outbox SET state='waiting' WHERE id=? AND state='refused'"
            self._database.execute(query, (item.change.id,))

    def replace(self, old: Sequence[str], new: Sequence[Change]) -> None:
        """Puts changes in the place of others, which the server has refused or never seen. In one transaction."""
        with self._transaction():
            for id in old:
                done = self._database.execute(
                    "DELETE FROM outbox WHERE id=? AND (state='refused' OR state='waiting' AND sent=0)", (id,)
                )
                if done.rowcount != 1:
                    raise UsageError("this change may be at the server: it can't be changed before a definite NO")
            for change in new:
                self._insert(change)


class Files:
    """The files of a profile by their digests: what is to be sent, and what was fetched. A file is there whole, flushed
    and under its digest, or not at all; one that is being fetched ends in ``.part``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file is, if it is there."""
        return self._folder / sha256

    def keep(self, source: Path, name: str | None = None, media: str | None = None) -> dict[str, Any]:
        """Copies a file in, on disk before this returns, and says what a change says of it (8.4.1)."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        beside = self._folder / f".{secrets.token_hex(8)}"
        try:
            with source.open("rb") as file, beside.open("xb") as copy:
                while data := file.read(1 << 20):
                    digest.update(data)
                    size += len(data)
                    copy.write(data)
                copy.flush()
                os.fsync(copy.fileno())
            if size == 0:
                raise UsageError(f"{source}: the file is empty")
            os.replace(beside, self.path(digest.hexdigest()))
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        _sync_folder(self._folder)
        guessed = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
        name = name or source.name
        return {"name": name, "media": media or guessed, "size": size, "sha256": digest.hexdigest()}

    def partial(self, sha256: str) -> Path:
        """Where a file is while it is being fetched."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder / f"{sha256}.part"

    def finish(self, sha256: str) -> Path:
        """Makes a fetched file whole, where its digest is right; else drops it. Raises :class:`Disconnected`."""
        partial = self.partial(sha256)
        with partial.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        if digest != sha256:
            partial.unlink()
            raise Disconnected("violation", "a file came with another digest")
        os.replace(partial, self.path(sha256))
        _sync_folder(self._folder)
        return self.path(sha256)


def cited_files(change: Change) -> list[dict[str, Any]]:
    """The files that a change cites."""
    return list(change.body.get("files", ()))


def depends(change: Change, others: set[str]) -> bool:
    """Whether a change waits for one of the others, in the same outbox (8.3)."""
    starts = change.subject.partition("/")[2].partition("/")[0]
    return change.after in others or starts in others - {change.id} or not others.isdisjoint(change.needs)


def redo(store: Store, item: Queued) -> list[Change]:
    """Writes a refused change again, as a new change on what is there now, and with it all that waited for it."""
    if item.state != "refused":
        raise UsageError("only what was refused can be written again")
    view = store.view(outbox=False)
    renamed: dict[str, str] = {}
    rewritten: list[Change] = []
    for other in store.outbox():
        change = other.change
        if other.state == "taken" or not (change.id == item.change.id or depends(change, set(renamed))):
            if other.state != "refused":
                view.add(change, other.received)
            continue
        renamed[change.id] = new_id()
        kind, _, name = change.subject.partition("/")
        head, slash, rest = name.partition("/")
        subject = f"{kind}/{renamed.get(head, head)}{slash}{rest}"
        again = Change.make(
            change.type,
            subject,
            change.author,
            change.body,
            id=renamed[change.id],
            after=view.last.get(subject) if change.is_exact else None,
            needs=[renamed.get(need, need) for need in change.needs],
        )
        view.add(again, None)
        rewritten.append(again)
    store.replace(list(renamed), rewritten)
    return rewritten


def drop(store: Store, item: Queued) -> list[str]:
    """Gives up a change that was refused or never sent, and all that waited for it; returns their ids."""
    gone = {item.change.id}
    for other in store.outbox():
        if other.state != "taken" and depends(other.change, gone):
            gone.add(other.change.id)
    ordered = [other.change.id for other in store.outbox() if other.change.id in gone]
    store.replace(ordered, [])
    return ordered


# ---------------------------------------------------------------------------------------------------------------------
# Profile and enrolment (section 11)
# ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invitation:
    """``regiopost:1:HOST:PORT:ADDRESS:SECRET:PIN``, one spelling of each."""

    host: str
    port: int
    address: str
    secret: str
    pin: str

    @classmethod
    def read(cls, text: str) -> Invitation:
        """Reads an invitation. Raises :class:`UsageError`."""
        where = r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([1-9][0-9]{0,4})"
        pattern = rf"regiopost:1:{where}:([^:]+):([A-Za-z0-9_-]+):([0-9a-f]{{64}})"
        match = re.fullmatch(pattern, text) if len(text.encode()) <= 512 else None
        if match is not None:
            host, port, address, secret, pin = match.groups()
            fits = int(port) < 65_536 and is_address(address) and _CHECKS["secret"](secret)
            if fits and _is_host(host):
                return cls(host.strip("[]"), int(port), address, secret, pin)
        raise UsageError("this is no invitation: copy the whole line, from regiopost:1: to its end")


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_literal(socket.AF_INET6, host[1:-1])
    if re.fullmatch(r"[0-9.]+", host):
        return _is_literal(socket.AF_INET, host)
    labels = host.split(".")
    return len(host) <= 253 and all(re.fullmatch(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", label) for label in labels)


def _is_literal(family: socket.AddressFamily, text: str) -> bool:
    try:
        socket.inet_pton(family, text)
    except OSError:
        return False
    return True


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes a file that is there whole, or not at all, whatever happens to the power."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def home() -> Path:
    """The folder that profiles are in: ``REGIOPOST_PY_HOME``, else one in the user's home."""
    chosen = os.environ.get("REGIOPOST_PY_HOME")
    return Path(chosen) if chosen else Path.home() / ".local" / "share" / "regiopost-py"


@dataclass(frozen=True)
class Profile:
    """One address on this machine: a folder with ``profile.json`` (who, where, and the server's root), ``identity.pem``
    (the private key and its certificate) and ``store.sqlite``."""

    folder: Path
    address: str
    host: str
    port: int
    root: str = field(repr=False)

    @classmethod
    def open(cls, name: str = "default", folder: Path | None = None) -> Profile:
        """The profile of that name. Raises :class:`NoProfile`."""
        folder = folder or _profile_folder(name)
        try:
            values = json.loads((folder / "profile.json").read_bytes())
            return cls(folder, values["address"], values["host"], values["port"], values["root"])
        except FileNotFoundError:
            raise NoProfile(f"there is no profile {name}: enrol first") from None
        except (ValueError, KeyError, TypeError):
            raise NoProfile(f"the profile {name} can't be read") from None

    @property
    def organisation(self) -> str:
        """The organisation that the address is at."""
        return self.address.partition("/")[0]

    @property
    def role(self) -> str:
        """The role that the address has there."""
        return self.address.partition("/")[2]

    def store(self) -> Store:
        """Its replica and its outbox."""
        return Store(self.folder / "store.sqlite")

    @property
    def files(self) -> Files:
        """Its files: what is to be sent, and what was fetched."""
        return Files(self.folder / "files")

    def connect(self) -> Connection:
        """A connection to its server, greeted. Raises :class:`Disconnected`."""
        context = tls_context(self.root, ALPN, self.folder / "identity.pem")
        connection = Connection(self.host, self.port, context)
        if connection.greeting.address != self.address:
            connection.close()
            raise Disconnected("violation", f"the server takes this for {connection.greeting.address}")
        return connection

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the profile's lock: one process at a time enrols or syncs. Raises :class:`UsageError`."""
        with _lock(self.folder):
            yield


def _profile_folder(name: str) -> Path:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name) is None:
        raise UsageError("a profile's name is made of letters, digits, dots and hyphens")
    return home() / name


class Busy(RegiopostError):
    """Another process works with the profile."""

    exit_code = EX_TEMPFAIL


@contextlib.contextmanager
def _lock(folder: Path) -> Iterator[None]:
    import fcntl  # here, since the rest of the module doesn't need Unix

    with open(folder / "lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                raise
            raise Busy("another process is enrolling or syncing this profile") from None
        yield


def _openssl(*arguments: str, data: bytes = b"") -> bytes:
    """What the command ``openssl`` says. Bounded in time; raises :class:`RegiopostError`."""
    try:
        done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=20, check=False)
    except FileNotFoundError:
        raise RegiopostError("the command openssl isn't installed, which enrolling needs") from None
    except subprocess.TimeoutExpired:
        raise Disconnected("timed-out", "openssl didn't end") from None
    if done.returncode != 0 and arguments[0] != "s_client":
        raise RegiopostError(f"openssl {arguments[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _key_digest(certificate: str) -> str:
    """The SHA-256 of a certificate's SubjectPublicKeyInfo."""
    public = _openssl("x509", "-noout", "-pubkey", data=certificate.encode())
    return hashlib.sha256(_openssl("pkey", "-pubin", "-outform", "DER", data=public)).hexdigest()


def _pinned_root(invitation: Invitation) -> str:
    """The root with the pinned key that the server shows, as PEM. Nothing secret is sent for it."""
    host = f"[{invitation.host}]" if ":" in invitation.host else invitation.host
    is_literal = ":" in host or re.fullmatch(r"[0-9.]+", host)
    name = ["-noservername"] if is_literal else ["-servername", host]
    shown = _openssl(
        *("s_client", "-connect", f"{host}:{invitation.port}", "-tls1_3", "-alpn", ALPN_ENROL, "-showcerts"), *name
    )
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----\n"
    pems = re.findall(rf"{begin}[A-Za-z0-9+/=\s]+{end}", shown.decode("latin-1"))
    if not pems:
        raise Disconnected("unreachable", f"no certificate came from {host} port {invitation.port}")
    for pem in pems[1:]:
        if _key_digest(pem) == invitation.pin:
            return cast("str", pem)
    raise Disconnected("untrusted", "this isn't the server that the invitation names: nothing was sent to it")


def enrol(text: str, name: str = "default") -> Profile:
    """Turns an invitation into a profile. Interrupted, the same call goes on where it was: the key that was made first
    is used again, so the server gives the same certificate. A new invitation for the same address goes on with the same
    profile, its replica and its queue."""
    invitation = Invitation.read(text)
    folder = _profile_folder(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(folder):
        with contextlib.suppress(NoProfile):
            known = Profile.open(name)
            if known.address != invitation.address:
                raise UsageError(f"the profile {name} is {known.address}: take another name")
        key = _key_for(folder, invitation)
        root = _pinned_root(invitation)
        request = _openssl("req", "-new", "-key", str(key), "-subj", "/CN=Regiopost", "-outform", "DER")
        context = tls_context(root, ALPN_ENROL)
        with Connection(invitation.host, invitation.port, context, enrolment=True) as connection:
            reply = connection.reply(
                connection.ask(
                    "ENROL", address=invitation.address, secret=invitation.secret, request=to_base64url(request)
                )
            )
            connection.quit()
        _install(folder, invitation, key, root, reply.attributes)
        return Profile.open(name)


def _key_for(folder: Path, invitation: Invitation) -> Path:
    """The key for an invitation, on disk and flushed: made once, and used again when the invitation comes again."""
    purpose = hashlib.sha256(invitation.secret.encode()).hexdigest()[:16]
    key = folder / f"key-{purpose}.pem"
    if not key.exists():
        made = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        write_durably(key, made)
    return key


def _install(folder: Path, invitation: Invitation, key: Path, root: str, given: Mapping[str, str]) -> None:
    """Checks what the server gave, and makes it the profile."""
    certificate, its_root = (ssl.DER_cert_to_PEM_cert(from_base64url(given[n]) or b"") for n in ("certificate", "root"))
    if _key_digest(its_root) != invitation.pin:
        raise Disconnected("untrusted", "the server gave another root than the one pinned")
    ours = _openssl("pkey", "-in", str(key), "-pubout", "-outform", "DER")
    if _key_digest(certificate) != hashlib.sha256(ours).hexdigest():
        raise Disconnected("violation", "the server gave a certificate for another key")
    write_durably(folder / "identity.pem", key.read_bytes() + certificate.encode())
    values = {"address": invitation.address, "host": invitation.host, "port": invitation.port, "root": root}
    write_durably(folder / "profile.json", write_json(values) + b"\n")
    for other in folder.glob("key-*.pem"):
        if other != key:
            other.unlink()


# ---------------------------------------------------------------------------------------------------------------------
# Sync and watch (sections 7, 9 and 10)
# ---------------------------------------------------------------------------------------------------------------------

PAGE = 200
"""How many changes a PULL asks for at most, so that one page fits in memory whatever the server allows."""
_ENOUGH = 1 << 20

News: TypeAlias = "Callable[[str, Change, str], None]"
"""What is called for each change that came: its mailbox, the change, when the server received it."""


@dataclass
class Report:
    """What a sync did."""

    pushed: list[str] = field(default_factory=list)
    """The ids of changes that the server took, or had."""
    refused: dict[str, Refusal] = field(default_factory=dict)
    later: dict[str, Refusal] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    """The ids of changes that wait for one that wasn't taken."""
    received: int = 0
    resynced: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """What a command ends with: wrong input outranks what time mends."""
        if self.refused:
            return EX_DATAERR
        return EX_TEMPFAIL if self.later else EX_OK


class _Exchange:
    """Moves changes over one connection, both ways, and keeps what came of it."""

    def __init__(
        self, store: Store, connection: Connection, report: Report, news: News | None, files: Files
    ) -> None:
        self.store, self.connection, self.report, self.files = store, connection, report, files
        self.news = news
        self.pending: dict[str, Queued] = {}
        self.replies: dict[str, OK | NO] = {}
        self._arrived: dict[str, list[tuple[Change, str]]] = {name: [] for name in MAILBOXES}
        self._tried: set[str] = set()
        store.forget_arriving()

    def step(self, timeout: float) -> bool:
        """Takes one message; whether there was one in time."""
        message = self.connection.receive(timeout)
        if message is None:
            return False
        if isinstance(message, Bye):
            raise Disconnected(message.code, message.text)
        if isinstance(message, Delivery):
            change = self.store.arrive(message)
            self._arrived[message.mailbox].append((change, message.received))
        elif isinstance(message, Piece):
            self._fetched(message)
        elif isinstance(message, Reached):
            self.cover(message.mailbox, message.cursor)
        elif isinstance(message, (OK, NO)) and message.tag is not None:
            item = self.pending.pop(message.tag, None)
            if item is not None:
                self._answered(item, message)
            else:
                self.replies[message.tag] = message
        return True

    def wait(self, request: Request) -> OK:
        """Goes on until a request has its reply. Raises :class:`Refused`."""
        while request.tag not in self.replies:
            if not self.step(STALL):
                raise Disconnected("timed-out", f"no reply to {request.verb}")
        reply = self.replies.pop(request.tag)
        if isinstance(reply, NO):
            raise Refused(reply.refusal)
        return reply

    def cover(self, mailbox: str, cursor: str) -> int:
        """Everything up to the cursor came: it is kept, and then told."""
        count = self.store.cover(mailbox, cursor)
        self.report.received += count
        arrived, self._arrived[mailbox] = self._arrived[mailbox], []
        for change, received in arrived:
            if self.news is not None:
                self.news(mailbox, change, received)
        return count

    def push(self) -> None:
        """Sends what waits in the outbox, in its order. What depends on something without an OK is held back."""
        while ready := self._ready():
            self.store.mark_sent(item.change.id for item in ready)
            for item in ready:
                self._tried.add(item.change.id)
                if not self._send_files(item):
                    continue
                while not self.connection.session.may_ask or self.connection.transport.unsent > _ENOUGH:
                    self._must_step("no reply to PUSH")
                self._send(item)
            while self.pending:
                self._must_step("no reply to PUSH")
        waiting = self.store.outbox("waiting")
        self.report.held = [i.change.id for i in waiting if i.change.id not in self._tried]

    def _must_step(self, what: str) -> None:
        if not self.step(STALL):
            raise Disconnected("timed-out", what)

    def _ready(self) -> list[Queued]:
        open_items = [item for item in self.store.outbox() if item.state != "taken"]
        unsettled = {item.change.id for item in open_items}
        return [
            item
            for item in open_items
            if item.state == "waiting"
            and item.change.id not in self._tried
            and not depends(item.change, unsettled - {item.change.id})
        ]

    def _send_files(self, item: Queued) -> bool:
        """Sends the files that a change cites and that are here; whether the change may follow."""
        try:
            for cited in cited_files(item.change):
                path = self.files.path(cited["sha256"])
                if path.exists() and self.connection.greeting.chunk is not None:
                    self._upload(path, cited["sha256"], cited["size"])
        except Refused as refused:
            self._answered(item, NO(None, refused.refusal))
            return False
        return True

    def _upload(self, path: Path, sha256: str, size: int) -> None:
        """Sends a file, from where the server has it. Raises :class:`Refused`."""
        chunk = min(cast("int", self.connection.greeting.chunk), _ENOUGH)
        reply = self.wait(self.connection.ask("OFFER", sha256=sha256, size=str(size)))
        with path.open("rb") as file:
            while reply.attributes["complete"] == "no":
                offset = int(reply.attributes["offset"])
                file.seek(offset)
                data = file.read(chunk)
                if not data:
                    raise Disconnected("violation", "the server wants more of a file than there is")
                request = self.connection.ask(
                    "BLOB", data=data, sha256=sha256, size=str(size), offset=str(offset), count=str(len(data))
                )
                reply = self.wait(request)
                if int(reply.attributes["offset"]) <= offset and reply.attributes["complete"] == "no":
                    raise Disconnected("violation", "a file doesn't get on")

    def fetch(self, sha256: str) -> Path:
        """Brings a file, from where it stopped before, and returns where it is. Raises :class:`Refused`."""
        partial = self.files.partial(sha256)
        while True:
            offset = partial.stat().st_size if partial.exists() else 0
            reply = self.wait(self.connection.ask("FETCH", sha256=sha256, offset=str(offset)))
            reached, size = int(reply.attributes["offset"]), int(reply.attributes["size"])
            if reached == size:
                return self.files.finish(sha256)
            if reached <= offset:
                raise Disconnected("violation", "a file doesn't get on")

    def _fetched(self, piece: Piece) -> None:
        with self.files.partial(piece.sha256).open("ab") as file:
            file.write(piece.data)

    def _send(self, item: Queued) -> None:
        try:
            request = self.connection.ask("PUSH", json=item.change.line)
        except Refused as refused:
            self._answered(item, NO(None, refused.refusal))
        else:
            self.pending[request.tag] = item

    def _answered(self, item: Queued, answer: OK | NO) -> None:
        change = item.change
        if isinstance(answer, NO):
            kept = self.report.later if answer.refusal.retry == "later" else self.report.refused
            kept[change.id] = answer.refusal
        elif answer.attributes["id"] != change.id or answer.attributes["digest"] != change.digest:
            raise Disconnected("violation", "a receipt for something else")
        else:
            self.report.pushed.append(change.id)
        self.store.answered(change.id, answer)

    def pull(self, mailbox: str) -> None:
        """Reads a mailbox to its end."""
        page = str(min(PAGE, self.connection.greeting.page))
        while True:
            cursor = self.store.cursor(mailbox)
            try:
                reply = self.wait(self.connection.ask("PULL", mailbox=mailbox, cursor=cursor, limit=page))
            except Refused as refused:
                self._resync(mailbox, cursor, refused)
                continue
            count = self.cover(mailbox, reply.attributes["cursor"])
            if reply.attributes["more"] == "no":
                break
            if count == 0:
                raise Disconnected("violation", "more should come, and nothing comes")
        self.wait(self.connection.ask("STORED", mailbox=mailbox, cursor=self.store.cursor(mailbox)))

    def watch(self, mailbox: str) -> None:
        """Reads a mailbox to its end, and lets what comes in come."""
        while True:
            cursor = self.store.cursor(mailbox)
            try:
                reply = self.wait(self.connection.ask("WATCH", mailbox=mailbox, cursor=cursor))
            except Refused as refused:
                self._resync(mailbox, cursor, refused)
                continue
            self.cover(mailbox, reply.attributes["cursor"])
            return

    def _resync(self, mailbox: str, cursor: str, refused: Refused) -> None:
        if refused.refusal.code != "resync" or cursor == "0":
            raise refused
        self.store.resync(mailbox)
        self.report.resynced.append(mailbox)


def sync(profile: Profile, store: Store, news: News | None = None) -> Report:
    """Sends the queue and reads what is new. Raises :class:`Disconnected`; what was done until then is kept."""
    report = Report()
    with profile.alone(), profile.connect() as connection:
        exchange = _Exchange(store, connection, report, news, profile.files)
        exchange.push()
        for mailbox in ("directory", "own"):
            exchange.pull(mailbox)
        connection.quit()
    return report


def fetch(profile: Profile, store: Store, sha256: str) -> Path:
    """Brings a file that a change cites, unless it is here; returns where it is. Cut off, the same call goes on where
    it stopped. Raises :class:`Refused` and :class:`Disconnected`."""
    path = profile.files.path(sha256)
    if path.exists():
        return path
    with profile.alone(), profile.connect() as connection:
        if connection.greeting.chunk is None:
            raise UsageError("this server has no files")
        path = _Exchange(store, connection, Report(), None, profile.files).fetch(sha256)
        connection.quit()
    return path


def watch(
    profile: Profile,
    store: Store,
    news: News | None = None,
    *,
    until: Callable[[], bool] = lambda: False,
    ready: Callable[[], None] | None = None,
) -> Report:
    """Stays connected: what comes in is kept and told at once, and what is queued meanwhile goes out within a second.
    Ends within a second after ``until`` says so, and raises :class:`Disconnected` where the connection ends. ``ready``
    is called once everything that was there has come."""
    report = Report()
    with profile.alone(), profile.connect() as connection:
        exchange = _Exchange(store, connection, report, news, profile.files)
        exchange.push()
        for mailbox in ("directory", "own"):
            exchange.watch(mailbox)
        if ready is not None:
            ready()
        told = {mailbox: store.cursor(mailbox) for mailbox in MAILBOXES}
        for mailbox in MAILBOXES:
            exchange.wait(connection.ask("STORED", mailbox=mailbox, cursor=told[mailbox]))
        quiet_since = clock.monotonic()
        while not until():
            exchange.step(1.0)
            exchange.push()
            for mailbox in MAILBOXES:
                if told[mailbox] != store.cursor(mailbox):
                    told[mailbox] = store.cursor(mailbox)
                    exchange.wait(connection.ask("STORED", mailbox=mailbox, cursor=told[mailbox]))
                    quiet_since = clock.monotonic()
            if clock.monotonic() - quiet_since > connection.greeting.idle / 3:
                exchange.wait(connection.ask("PING"))
                quiet_since = clock.monotonic()
        connection.quit()
    return report


# ---------------------------------------------------------------------------------------------------------------------
# What people do
# ---------------------------------------------------------------------------------------------------------------------


def _writable(view: View, subject: str) -> None:
    if subject in view.frozen:
        raise UsageError(f"a newer program wrote on {subject}: this one mustn't change it")


def respond(
    profile: Profile,
    store: Store,
    letter: str,
    text: str,
    *,
    reference: str | None = None,
    answers: Sequence[Mapping[str, Any]] = (),
    themes: Sequence[str] = (),
    support: Sequence[str] = (),
    files: Sequence[Path] = (),
    key: str | None = None,
) -> Change:
    """Queues an answer to a letter, or a newer version of one. ``letter`` is a dossier, a document or an id; ``files``
    are copied into the profile at once. With a ``key``, asking again for the same writes once. Raises
    :class:`UsageError` and :class:`ChangeError`."""
    view = store.view()
    found = view.find_letter(letter)
    roles = found.roles(profile.organisation)
    if not roles:
        raise UsageError("not-addressed: the letter wasn't sent to this organisation")
    if profile.role not in ("college", "gemeentesecretaris") and profile.address not in found.content["recipients"]:
        raise UsageError("not-allowed: the college, the gemeentesecretaris or the addressee answers")
    if found.withdrawn is not None:
        raise UsageError(f"letter-withdrawn: {found.withdrawn}")
    _check_answers(found, answers)
    subject = f"response/{found.id}/{profile.organisation}"
    _writable(view, subject)
    body = {
        "sender": found.sender,
        "region": found.content["region"],
        "roles": roles,
        "dossier": found.content["dossier"],
        "reference": reference,
        "text": text,
        "answers": list(answers),
        "themes": list(themes),
        "support": list(support),
        "files": [profile.files.keep(path) for path in files],
    }
    id = id_for_key(profile.address, key) if key is not None else None
    return store.put(
        Change.make("response.submit", subject, profile.address, body, id=id, after=view.last.get(subject))
    )


def _check_answers(letter: Letter, answers: Sequence[Mapping[str, Any]]) -> None:
    requests = letter.content.get("requests", [])
    numbers = [answer.get("request") for answer in answers]
    for number in numbers:
        if not isinstance(number, int) or not 1 <= number <= len(requests):
            raise UsageError(f"the letter makes {len(requests)} requests, and none with the number {number}")
    if len(set(numbers)) != len(numbers):
        raise UsageError("a request is answered once")


def request_meeting(
    profile: Profile,
    store: Store,
    kind: str,
    *,
    slots: Sequence[str] = (),
    letter: str | None = None,
    invited: Sequence[str] = (),
    themes: Sequence[str] = (),
    place: str | None = None,
    audience: str | None = None,
    size: int | None = None,
    note: str | None = None,
    key: str | None = None,
) -> Change:
    """Queues the request for a meeting with the region's account holder. ``invited`` are codes of organisations. With a
    ``key``, asking again for the same writes once. Raises :class:`UsageError` and :class:`ChangeError`."""
    if profile.role not in KINDS.get(kind, ()):
        raise UsageError(f"not-allowed: a {kind} is asked for by {', '.join(KINDS.get(kind, ())) or 'nobody'}")
    view = store.view()
    found = view.find_letter(letter) if letter is not None else None
    body = {
        "kind": kind,
        "accounthouder": view.account_holder(profile.organisation),
        "invited": list(invited),
        "letter": found.id if found else None,
        "dossier": found.content["dossier"] if found else None,
        "themes": list(themes),
        "slots": list(slots),
        "place": place,
        "audience": audience,
        "size": size,
        "note": note,
    }
    id = id_for_key(profile.address, key) if key is not None else None
    return store.put(Change.make("meeting.request", None, profile.address, body, id=id))


def opened(profile: Profile, store: Store, letter: Letter) -> Change | None:
    """Queues that somebody at this address opened a letter, where that is new and this address has a receipt."""
    receipt = store.view().receipts.get((letter.id, profile.address))
    addressed = [*letter.content["recipients"], *letter.content.get("copies", ())]
    if profile.address not in addressed or (receipt is not None and receipt.is_opened):
        return None
    body = {"sender": letter.sender, "region": letter.content["region"]}
    subject = f"receipt/{letter.id}/{profile.address}"
    return store.put(Change.make("receipt.opened", subject, profile.address, body))


# ---------------------------------------------------------------------------------------------------------------------
# Commands
# ---------------------------------------------------------------------------------------------------------------------

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text of somebody else's as a terminal may show it: controls are escaped (section 13)."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


class _Output:
    """One JSON object a line for programs, or text for people."""

    def __init__(self, as_json: bool, stream: IO[str]) -> None:
        self.as_json, self.stream = as_json, stream

    def say(self, values: Mapping[str, Any], text: str) -> None:
        if self.as_json:
            self.stream.write(json.dumps(values, ensure_ascii=False) + "\n")
        elif text:
            self.stream.write(printable(text) + "\n")
        self.stream.flush()


def _letter_values(view: View, letter: Letter, organisation: str, address: str) -> dict[str, Any]:
    receipt = view.receipts.get((letter.id, address))
    response = view.responses.get((letter.id, organisation))
    return {
        "id": letter.id,
        "dossier": letter.content["dossier"],
        "document": letter.content["document"],
        "date": letter.content["date"],
        "title": letter.content["title"],
        "region": letter.content["region"],
        "sender": letter.sender,
        "due": letter.content.get("due"),
        "status": letter.status,
        "supersededBy": letter.superseded_by,
        "published": letter.published,
        "receipt": receipt.status if receipt else "available",
        "response": response.status if response else None,
    }


def _meeting_values(meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "kind": meeting.content["kind"],
        "requester": meeting.requester,
        "accounthouder": meeting.content["accounthouder"],
        "status": meeting.status,
        "slot": meeting.slot,
        "place": meeting.place,
        "slots": meeting.content.get("slots", []),
        "common": meeting.common or [],
        "countered": meeting.countered,
        "joined": meeting.joined,
        "agreed": meeting.agreed,
        "sequence": meeting.sequence,
        "minutes": meeting.minutes,
        "requested": meeting.requested,
        "note": meeting.note,
        "reason": meeting.reason,
    }


def _queued_values(item: Queued) -> dict[str, Any]:
    refusal = item.refusal
    return {
        "id": item.change.id,
        "type": item.change.type,
        "subject": item.change.subject,
        "state": item.state,
        "queued": item.queued,
        "position": item.position,
        "received": item.received,
        "code": refusal.code if refusal else None,
        "retry": refusal.retry if refusal else None,
        "details": dict(refusal.details) if refusal else {},
    }


def _queued_text(item: Queued) -> str:
    text = f"{item.state:8} {item.change.id[-12:]}  {item.change.type}  {item.change.subject}"
    if item.refusal is not None:
        text += f"\n         {item.refusal}"
    return text + (f"\n         received by the server {item.received}" if item.received else "")


def _news(output: _Output) -> News:
    def tell(mailbox: str, change: Change, received: str) -> None:
        values = {"mailbox": mailbox, "received": received, "id": change.id, "type": change.type}
        values |= {"subject": change.subject, "author": change.author}
        text = "" if mailbox == "directory" else f"{received}  {change.type}  {change.subject}  by {change.author}"
        output.say(values, text)

    return tell


def _say_report(output: _Output, report: Report, store: Store) -> int:
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


def _enrol_command(options: argparse.Namespace, output: _Output) -> int:
    text = sys.stdin.readline().strip() if options.invitation == "-" else options.invitation
    profile = enrol(text, options.profile)
    values = {"address": profile.address, "host": profile.host, "port": profile.port}
    output.say(values, f"enrolled as {profile.address}")
    return EX_OK


def _sync_command(options: argparse.Namespace, output: _Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        report = sync(profile, store, None if output.as_json else _news(output))
        return _say_report(output, report, store)


def _watch_command(options: argparse.Namespace, output: _Output) -> int:
    profile = Profile.open(options.profile)
    end = clock.monotonic() + (options.seconds if options.seconds is not None else float("inf"))
    pause = 1.0
    with profile.store() as store:
        while True:
            started = clock.monotonic()
            try:
                return watch(profile, store, _news(output), until=lambda: clock.monotonic() > end).exit_code
            except Disconnected as error:
                if error.exit_code == EX_NOPERM:
                    raise
                sys.stderr.write(f"regiopost-py: {printable(str(error))}; trying again\n")
            # A connection that stood for a while starts the waiting anew; one that failed at once waits longer.
            pause = 1.0 if clock.monotonic() - started > 60 else min(60.0, pause * 2)
            if clock.monotonic() + pause > end:
                return EX_UNAVAILABLE
            clock.sleep(pause * (0.5 + secrets.randbelow(1000) / 1000))


def _letters_command(options: argparse.Namespace, output: _Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        for letter in view.letters.values():
            values = _letter_values(view, letter, profile.organisation, profile.address)
            state = ", ".join(filter(None, (letter.status, values["receipt"], values["response"])))
            output.say(values, f"{values['dossier']}  {values['date']}  {values['title']}  ({state})")
    return EX_OK


def _show_command(options: argparse.Namespace, output: _Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        view = store.view()
        meetings = [m for m in view.meetings.values() if options.reference in (m.id, m.id[-12:])]
        if meetings:
            values = _meeting_values(meetings[0])
            text = "\n".join(f"{name}: {value}" for name, value in values.items() if value not in (None, [], {}))
            output.say(values, text)
            return EX_OK
        letter = view.find_letter(options.reference)
        if not options.unopened:
            opened(profile, store, letter)
        values = _letter_values(view, letter, profile.organisation, profile.address)
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


def _fetch_command(options: argparse.Namespace, output: _Output) -> int:
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


def _respond_command(options: argparse.Namespace, output: _Output) -> int:
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


def _request_command(options: argparse.Namespace, output: _Output) -> int:
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


def _queue_command(options: argparse.Namespace, output: _Output) -> int:
    profile = Profile.open(options.profile)
    with profile.store() as store:
        if options.do is None:
            for item in store.outbox():
                if options.all or item.state != "taken":
                    output.say(_queued_values(item), _queued_text(item))
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

    def command(name: str, run: Callable[[argparse.Namespace, _Output], int], help: str) -> argparse.ArgumentParser:
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
    output = _Output(options.json, sys.stdout)
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
