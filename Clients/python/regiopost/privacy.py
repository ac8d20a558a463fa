"""Citizen service numbers (8.4.11), which belong in no change: found before anything is queued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .changes import Change

CITIZEN = frozenset(
    ("bsn", "burgerservicenummer", "burgerservicenr", "sofinummer", "sofi", "persoonsnummer", "citizen")
)
"""Words that say that a number after them is one."""
OTHERS = frozenset(
    (
        *("rsin", "kvk", "handelsregister", "btw", "oin", "iban", "rekening", "rekeningnummer", "bankrekening", "giro"),
        *("tel", "telefoon", "telefoonnummer", "fax", "mobiel", "phone", "zaak", "zaaknr", "zaaknummer", "kenmerk"),
        *("referentie", "dossier", "dossiernummer", "document", "documentnummer", "factuur", "factuurnummer", "order"),
        *("ordernummer", "bestelnummer", "project", "projectnummer", "polis", "polisnummer", "registratienummer"),
        *("perceel", "isbn", "eur", "euro", "bedrag", "case", "reference", "invoice"),
    )
)
"""Words that say that it is something else. A test compares both with ``vectors/bsn.json``."""
_REFERENCES = ("reference", "yourReference")
"""Fields whose names say what they hold."""

_DIGITS = re.compile(rb"[0-9]+")
_SEPARATOR = rb"(\.| |\xc2\xa0|\xe2\x80\xaf)"
_GROUPED = re.compile(
    rb"(?:[0-9]{3}" + _SEPARATOR + rb"[0-9]{3}\1|[0-9]{4}" + _SEPARATOR + rb"[0-9]{2}\2)[0-9]{3}(?![0-9])"
)
_ONE_MORE = re.compile(_SEPARATOR + rb"[0-9]")
_ONE_BEFORE = re.compile(rb"[0-9]" + _SEPARATOR + rb"\Z")
_WORD = re.compile(r"[^\W_]+")
_REACH = 60
"""How far back a word is looked for, in bytes."""


def lines_with_numbers(text: str) -> list[int]:
    """The lines of a text that hold such a number, 1 for the first, once for each number. The numbers aren't told."""
    data = text.encode()
    found: list[int] = []
    index = 0
    while (run := _DIGITS.search(data, index)) is not None:
        start = run.start()
        digits, index, is_full = _shape(data, start, run.end())
        if _passes(digits) and _counts(data, start, index, is_full):
            found.append(1 + data.count(b"\n", 0, start))
    return found


def _shape(data: bytes, start: int, end: int) -> tuple[bytes, int, bool]:
    """Nine digits in a row, as 123.456.789 or as 1234.56.789, or eight in a row; with where to go on."""
    count = end - start
    if count == 9:
        return data[start:end], end, True
    if count == 8:
        return b"0" + data[start:end], end, False
    grouped = _GROUPED.match(data, start) if count in (3, 4) else None
    if grouped is not None and not _ONE_BEFORE.search(data, max(0, start - 4), start):
        # One group more, and it is another number.
        if not _ONE_MORE.match(data, grouped.end()):
            return re.sub(rb"[^0-9]", b"", grouped.group()), grouped.end(), True
    return b"", end, False


def _passes(digits: bytes) -> bool:
    """The test of eleven."""
    values = [digit - 0x30 for digit in digits]
    if len(values) != 9 or not any(values):
        return False
    return (sum((9 - place) * value for place, value in enumerate(values[:8])) - values[8]) % 11 == 0


def _counts(data: bytes, start: int, end: int, is_full: bool) -> bool:
    """Whether what stands around a number lets it count as one."""
    before = data[max(0, start - _REACH) : start].decode("utf-8", "replace").rpartition("\n")[2]
    after = data[end : end + 12].decode("utf-8", "replace").partition("\n")[0]
    words = _WORD.findall(before.lower())[-3:][::-1]
    label = next((word for word in words if word in CITIZEN or word in OTHERS), None)
    if label is not None:
        return label in CITIZEN
    return is_full and not _goes_on(before, after) and not _is_amount(before, after)


def _goes_on(before: str, after: str) -> bool:
    """Whether it is only a part of something longer."""
    if before:
        if before[-1].isalnum() or before[-1] in "-–_/\\@#=+)&%":
            return True
        if before[-1] in ".," and before[-2:-1].isnumeric():
            return True
        # The rest of a telephone number: +31 612345678, 06 - 12345678.
        words = [word for word in before.split(" ") if word][-2:]
        if words and (words[-1].startswith("+") or words[-1].endswith("0)")):
            return True
        if len(words) == 2 and words[1] in ("-", "–") and words[0][-1].isnumeric():
            return True
    if not after:
        return False
    return after[0].isalnum() or after[0] in "-–_/\\@%" or (after[0] in ".," and after[1:2].isnumeric())


def _is_amount(before: str, after: str) -> bool:
    return before.rstrip().endswith("€") or after.lower().lstrip().startswith("eur")


def number_in(change: Change) -> tuple[str, int] | None:
    """The field and the line of the first citizen service number in a change; ``None`` where there is none."""
    if change.author.endswith("/regiopostd") or change.type in ("receipt.delivered", "receipt.opened"):
        return None
    for path, text in _texts(change.body, "body"):
        lines = lines_with_numbers(text) if len(text) >= 8 else []
        if lines:
            return path, lines[0]
    return None


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            if name not in _REFERENCES:
                yield from _texts(member, f"{path}.{name}")
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _texts(element, f"{path}[{index}]")
