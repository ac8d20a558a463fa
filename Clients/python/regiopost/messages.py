"""Messages: requests, replies and announcements (sections 5 to 7 and 11)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from .errors import ENVELOPE, MAXIMUM_CERTIFICATE, MAXIMUM_LINE, MessageError, Refusal, RequestError
from .lines import TAG, TEXT_CONTROL, Scanner, encode_value, from_base64url, is_name
from .values import COUNT, is_address, is_cursor, is_id, is_organisation, is_time, with_milliseconds

MAILBOXES = ("own", "directory")

CHECKS: Mapping[str, Callable[[str], bool]] = {
    "mailbox": lambda text: text in MAILBOXES,
    "cursor": is_cursor,
    "limit": lambda text: COUNT.fullmatch(text) is not None,
    "position": lambda text: COUNT.fullmatch(text) is not None,
    "requests": lambda text: COUNT.fullmatch(text) is not None,
    "page": lambda text: COUNT.fullmatch(text) is not None,
    "idle": lambda text: COUNT.fullmatch(text) is not None,
    "line": lambda text: COUNT.fullmatch(text) is not None and int(text) <= MAXIMUM_LINE,
    "received": is_time,
    "time": is_time,
    "receipt": is_cursor,
    "digest": lambda text: re.fullmatch(r"[0-9a-f]{64}", text) is not None,
    "epoch": lambda text: re.fullmatch(r"[0-9a-f]{16}", text) is not None,
    "id": is_id,
    "sha256": lambda text: re.fullmatch(r"[0-9a-f]{64}", text) is not None,
    "size": lambda text: COUNT.fullmatch(text) is not None,
    "offset": lambda text: text == "0" or COUNT.fullmatch(text) is not None,
    "count": lambda text: COUNT.fullmatch(text) is not None,
    "blob": lambda text: COUNT.fullmatch(text) is not None,
    "chunk": lambda text: COUNT.fullmatch(text) is not None,
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
_CHANGE = ("mailbox", "position", "received", "digest", "receipt?")
_PIECE_NAMES = ("sha256", "offset", "count")
_REQUESTS: Mapping[str, tuple[str, ...]] = {
    "PUSH": (),
    "PULL": ("mailbox", "cursor", "limit?"),
    "WATCH": ("mailbox", "cursor"),
    "UNWATCH": ("mailbox",),
    "STORED": ("mailbox", "cursor"),
    "HEAD": ("mailbox",),
    "RETURN": ("mailbox", "received", "receipt"),
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
    "HEAD": ("mailbox", "position?", "digest?"),
    "RETURN": ("digest", "repeat?"),
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
        if not CHECKS[key](value):
            raise MessageError(key)
        picked[key] = with_milliseconds(value) if key in ("received", "time") else value
    return picked


def written_line(*parts: str, attributes: Mapping[str, str] | None = None, text: str | None = None) -> bytes:
    line = " ".join(parts) + "".join(f" {name}={encode_value(value)}" for name, value in (attributes or {}).items())
    if text is not None:
        line += " :" + TEXT_CONTROL.sub(" ", text)
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
        head = written_line(self.tag, self.verb, attributes=self.attributes)
        return head if self.json is None else head + b" " + self.json

    @classmethod
    def read(cls, line: bytes) -> Request:
        """Reads a line without its LF. Raises :class:`RequestError`. The JSON isn't looked into."""
        scanner = Scanner(line)
        might_count = b"BLOB" in line[:ENVELOPE]
        try:
            tag = scanner.word("tag")
        except MessageError:
            tag = ""
        if TAG.fullmatch(tag) is None:
            raise RequestError(None, "bad-request", "tag", ends=might_count)
        try:
            verb = scanner.word("verb")
            if re.fullmatch(r"[A-Z]{1,16}", verb) is None:
                raise MessageError("verb")
            might_count = verb == "BLOB"
            scanner.tail()
            if scanner.json is not None and verb not in ("PUSH", "RETURN"):
                raise MessageError("json")
            if scanner.text is not None:
                raise MessageError("text")
            if verb not in _REQUESTS:
                raise RequestError(tag, "unknown-verb")
            if verb in ("PUSH", "RETURN") and scanner.json is None:
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
        return written_line("*", "REGIOPOST", "1", attributes=attributes)


@dataclass(frozen=True)
class EnrolGreeting:
    """The server's first line on ``regiopost-enrol/1``."""

    server: str
    time: str
    line: int

    def written(self) -> bytes:
        """The line, without its LF."""
        values = (self.server, self.time, str(self.line))
        return written_line("*", "REGIOPOST-ENROL", "1", attributes=dict(zip(_ENROL_GREETING, values, strict=True)))


@dataclass(frozen=True)
class OK:
    """The reply to a request that was done; ``attributes`` are those that its verb has."""

    tag: str
    verb: str
    attributes: Mapping[str, str]

    def written(self) -> bytes:
        """The line, without its LF."""
        return written_line(self.tag, "OK", self.verb, attributes=self.attributes)


@dataclass(frozen=True)
class NO:
    """The reply to a request that wasn't done; ``tag`` is ``None`` where the line's tag couldn't be read."""

    tag: str | None
    refusal: Refusal

    def written(self) -> bytes:
        """The line, without its LF."""
        attributes = {"retry": self.refusal.retry, **self.refusal.details}
        return written_line(self.tag or "*", "NO", self.refusal.code, attributes=attributes, text=self.refusal.text)


@dataclass(frozen=True)
class Delivery:
    """A change in a mailbox that is pulled or watched: its place there, and its author's exact bytes."""

    mailbox: str
    position: int
    received: str
    digest: str
    line: bytes
    receipt: str | None = None

    def written(self) -> bytes:
        """The line, without its LF."""
        values = (self.mailbox, str(self.position), self.received, self.digest)
        attributes = dict(zip(_CHANGE, values, strict=False))
        if self.receipt is not None:
            attributes["receipt"] = self.receipt
        return written_line("*", "CHANGE", attributes=attributes) + b" " + self.line


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
        return written_line("*", "BLOB", attributes=dict(zip(_PIECE_NAMES, values, strict=True)))


@dataclass(frozen=True)
class Reached:
    """Everything up to the cursor was sent."""

    mailbox: str
    cursor: str

    def written(self) -> bytes:
        """The line, without its LF."""
        return written_line("*", "CURSOR", attributes={"mailbox": self.mailbox, "cursor": self.cursor})


@dataclass(frozen=True)
class Bye:
    """The server ends the connection."""

    code: str
    text: str

    def written(self) -> bytes:
        """The line, without its LF."""
        return written_line("*", "BYE", self.code, text=self.text)


@dataclass(frozen=True)
class Unknown:
    """An announcement that this program doesn't know, and ignores."""

    def written(self) -> bytes:
        """A line that says as much, without its LF."""
        return b"* UNKNOWN"


Message: TypeAlias = Greeting | EnrolGreeting | OK | NO | Delivery | Piece | Reached | Bye | Unknown


def read_message(line: bytes) -> Message:
    """Reads one line from a server, without its LF. Raises :class:`MessageError`. A change isn't looked into."""
    scanner = Scanner(line)
    tag = scanner.word("tag")
    kind = scanner.word("kind")
    if tag == "*":
        return _announcement(kind, scanner)
    if TAG.fullmatch(tag) is None:
        raise MessageError("tag")
    if kind == "OK":
        verb = scanner.word("verb")
        scanner.tail()
        if scanner.json is not None:
            raise MessageError("json")
        picked = _pick(scanner.attributes, _REPLIES.get(verb, ()))
        if verb == "HEAD" and ("position" in picked) != ("digest" in picked):
            raise MessageError("digest" if "position" in picked else "position")
        if verb == "FETCH" and int(picked["offset"]) > int(picked["size"]):
            raise MessageError("offset")
        return OK(tag, verb, picked)
    if kind == "NO":
        return NO(tag, _refusal(scanner))
    raise MessageError("kind")


def _announcement(kind: str, scanner: Scanner) -> Message:
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
        place = (found["mailbox"], int(found["position"]), found["received"], found["digest"])
        return Delivery(*place, scanner.json, found.get("receipt"))
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


def _refusal(scanner: Scanner) -> Refusal:
    code = scanner.word("code")
    if not is_name(code):
        raise MessageError("code")
    scanner.tail()
    if scanner.json is not None:
        raise MessageError("json")
    retry = _pick(scanner.attributes, ("retry",))["retry"]
    details = {name: value for name, value in scanner.attributes.items() if name != "retry"}
    return Refusal(code, retry, scanner.text or "", details)
