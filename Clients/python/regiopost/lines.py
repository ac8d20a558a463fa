"""Lines (section 4 of the specification): where one ends, and the words and attributes in it."""

from __future__ import annotations

import base64
import binascii
import re

from .errors import ENVELOPE, MAXIMUM_ATTRIBUTES, MAXIMUM_NAME, FramingError, MessageError


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
TAG = re.compile(r"[A-Za-z0-9._-]{1,32}")
_ATTRIBUTE = re.compile(rb"(" + _NAME.encode() + rb")=([\x21-\x7e]*)(?=\x20|\Z)")
_ATTRIBUTE_NAME = re.compile(rb"(" + _NAME.encode() + rb")=")
TEXT_CONTROL = re.compile("[\x00-\x1f\x7f]")


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


class Scanner:
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
                if TEXT_CONTROL.search(self.text):
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
