"""The fields of a change's body: what checks one, and names it where it is wrong (8.4.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn, TypeAlias, cast

from .errors import MAXIMUM_LIST, MAXIMUM_TEXT, ChangeError
from .strict_json import JSON
from .values import ANSWERS, CONFIDENTIALITY, REGION, is_address, is_blank, is_date, is_id, is_role, is_slot

Reader: TypeAlias = "Callable[[JSON, str], None]"
"""Checks one value of a body; the text is the path that an error names."""


def wrong(path: str, expected: str) -> NoReturn:
    raise ChangeError("bad-field", path, expected)


def text_field(maximum: int = MAXIMUM_TEXT) -> Reader:
    def read(value: JSON, path: str) -> None:
        if not isinstance(value, str) or len(value.encode()) > maximum or is_blank(value):
            wrong(path, f"text of 1 to {maximum} bytes")

    return read


def value_field(expected: str, check: Callable[[str], bool]) -> Reader:
    def read(value: JSON, path: str) -> None:
        if not isinstance(value, str) or not check(value):
            wrong(path, expected)

    return read


def one_of(*words: str) -> Reader:
    return value_field("|".join(words), lambda text: text in words)


def number_field(lowest: int, highest: int) -> Reader:
    def read(value: JSON, path: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            wrong(path, f"whole number from {lowest} to {highest}")

    return read


def truth_field(value: JSON, path: str) -> None:
    if not isinstance(value, bool):
        wrong(path, "true or false")


def list_field(
    reader: Reader,
    least: int = 0,
    once: str | None = None,
    most: int = MAXIMUM_LIST,
    distinct: bool = False,
) -> Reader:
    """A list; ``once`` names the member of its objects that no two may share, ``distinct`` allows no value twice."""

    def read(value: JSON, path: str) -> None:
        if not isinstance(value, list) or len(value) > most:
            wrong(path, f"list of at most {most}")
        if len(value) < least:
            wrong(path, "something in the list")
        seen: set[JSON] = set()
        for index, element in enumerate(value):
            reader(element, f"{path}[{index}]")
            if once is not None and isinstance(element, dict):
                member = cast("str", element[once])
                if member in seen:
                    wrong(f"{path}[{index}].{once}", "each once")
                seen.add(member)
        if distinct and len(set(value)) < len(value):
            wrong(path, "each once")

    return read


class Members:
    """Checks the members of an object: each has a name, whether it is required, and a reader."""

    def __init__(self, *members: tuple[str, bool, Reader]) -> None:
        self.members = members

    def __call__(self, value: JSON, path: str) -> None:
        if not isinstance(value, dict):
            wrong(path, "object")
        for name, required, reader in self.members:
            member = value.get(name)
            where = f"{path}.{name}" if path else name
            if member is not None:
                reader(member, where)
            elif required:
                raise ChangeError("missing-field", where)


ID = value_field("identifier", is_id)
ADDRESS = value_field("address", is_address)
ROUTE = (("sender", True, ADDRESS), ("region", True, value_field("region", lambda t: REGION.fullmatch(t) is not None)))
REASON = Members(("reason", True, text_field()))
NOTE = Members(("note", False, text_field()))
SLOTS = list_field(value_field("YYYY-MM-DDTHH:MM/HH:MM", is_slot))
ONE_SLOT = value_field("YYYY-MM-DDTHH:MM/HH:MM", is_slot)
DOSSIER = value_field("DOS-YYYY-NNNNNNN", lambda text: re.fullmatch(r"DOS-[0-9]{4}-[0-9]{7}", text) is not None)
DOCUMENT = value_field(
    "PZH-YYYY-NNNNNNNNN", lambda text: re.fullmatch(r"(?!DOS-)[A-Z]{2,4}-[0-9]{4}-[0-9]{9}", text) is not None
)
DATE = value_field("YYYY-MM-DD", is_date)
LANGUAGE = value_field("language", lambda text: re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text) is not None)
_MEDIA_PART = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
MEDIA = value_field("type/subtype", lambda text: re.fullmatch(rf"{_MEDIA_PART}/{_MEDIA_PART}", text) is not None)
DIGEST = value_field("64 hexadecimal digits", lambda text: re.fullmatch(r"[0-9a-f]{64}", text) is not None)
_NO_FILE_NAME = re.compile("[/\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _is_file_name(text: str) -> bool:
    return (
        len(text.encode()) <= 255 and not is_blank(text) and text not in (".", "..") and not _NO_FILE_NAME.search(text)
    )


CITATION = Members(("id", True, ID), ("version", True, ID), ("digest", True, DIGEST))
FILES = list_field(
    Members(
        ("name", True, value_field("name of a file, 1 to 255 bytes", _is_file_name)),
        ("media", True, MEDIA),
        ("size", True, number_field(1, 1 << 40)),
        ("sha256", True, DIGEST),
    ),
    once="name",
    most=50,
)
SIGNATORY = Members(("function", True, text_field(200)), ("name", True, text_field(200)))
ANSWER = Members(
    ("request", True, number_field(1, 500)), ("answer", True, one_of(*ANSWERS)), ("text", False, text_field())
)
APPOINTMENT = Members(("slot", True, ONE_SLOT), ("place", False, text_field(500)), ("note", False, text_field()))
MEMBERSHIP = Members(
    ("classification", True, text_field(40)),
    ("region", True, ROUTE[1][2]),
    ("from", False, DATE),
    ("until", False, DATE),
)
LEVEL = one_of(*CONFIDENTIALITY)
TERM = (
    *ROUTE,
    ("roles", True, list_field(value_field("role", is_role), least=1)),
    ("confidentiality", False, LEVEL),
)


def memberships_field(value: JSON, path: str) -> None:
    """A list of memberships, each classification once on any day."""
    list_field(MEMBERSHIP)(value, path)
    seen: list[Mapping[str, str]] = []
    for index, entry in enumerate(cast("list[Mapping[str, str]]", value)):
        first, last = entry.get("from") or "", entry.get("until") or "9999"
        if last < first:
            wrong(f"{path}[{index}].until", "a day that isn't before the first")
        for other in seen:
            overlap = first <= (other.get("until") or "9999") and (other.get("from") or "") <= last
            if other["classification"] == entry["classification"] and overlap:
                wrong(f"{path}[{index}].classification", "each once on any day")
        seen.append(entry)


def is_account_holder(text: str) -> bool:
    return is_address(text) and "/accounthouder-" in text
