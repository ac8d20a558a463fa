"""I-JSON (RFC 7493) within the bounds of section 4."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from .errors import MAXIMUM_DEPTH, MAXIMUM_INTEGER, MAXIMUM_MEMBERS, MAXIMUM_VALUES, JSONError

JSON: TypeAlias = "None | bool | int | str | list[JSON] | dict[str, JSON]"
"""What :func:`read_json` returns: there are no fractions in it."""

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
