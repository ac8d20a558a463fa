"""``Protocol/schemas/change.json`` against what this client reads and writes. As much of JSON Schema 2020-12 as it uses:
a keyword that isn't known is a failure, or a schema could say something that is never checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import regiopost
from conftest import ROOT, named, octets, vectors

SCHEMA: dict[str, Any] = json.loads((ROOT / "Protocol" / "schemas" / "change.json").read_text("utf-8"))
CHANGES = vectors("changes")
TOLD = {"$schema", "$id", "$defs", "title", "description", "then"}
SORTS = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", type(None): "null"}


def errors(value: Any, schema: dict[str, Any] = SCHEMA, path: str = "$") -> Iterator[str]:
    """The paths of what doesn't fit, each with the keyword that it breaks."""
    for keyword, says in schema.items():
        if keyword not in TOLD:
            yield from _broken(value, schema, keyword, says, path)


def _broken(value: Any, schema: dict[str, Any], keyword: str, says: Any, path: str) -> Iterator[str]:
    fits = True
    match keyword:
        case "$ref":
            yield from errors(value, SCHEMA["$defs"][says.removeprefix("#/$defs/")], path)
        case "allOf":
            for one in says:
                yield from errors(value, one, path)
        case "anyOf":
            fits = any(not list(errors(value, one, path)) for one in says)
        case "if":
            if not list(errors(value, says, path)):
                yield from errors(value, schema.get("then", {}), path)
        case "properties":
            for name, one in says.items():
                if isinstance(value, dict) and name in value:
                    yield from errors(value[name], one, f"{path}.{name}")
        case "items":
            for index, element in enumerate(value if isinstance(value, list) else ()):
                yield from errors(element, says, f"{path}[{index}]")
        case "required":
            for name in says:
                if isinstance(value, dict) and name not in value:
                    yield f"{path}.{name} required"
        case _:
            fits = _fits(value, keyword, says)
    if not fits:
        yield f"{path} {keyword}"


def _fits(value: Any, keyword: str, says: Any) -> bool:
    sort = SORTS[type(value)]
    match keyword:
        case "const":
            return bool(value == says and sort == SORTS[type(says)])
        case "enum":
            return value in says
        case "type":
            return bool(sort == says)
        case "pattern":
            return sort != "string" or re.search(says, value) is not None
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            if sort != ("string" if keyword.endswith("Length") else "array"):
                return True
            return bool(len(value) >= says if keyword.startswith("min") else len(value) <= says)
        case "minimum" | "maximum":
            return sort != "integer" or bool(value >= says if keyword == "minimum" else value <= says)
    raise AssertionError(f"the keyword {keyword} isn't known")


@pytest.mark.parametrize("case", named(CHANGES["legal"]))
def test_what_is_legal_fits(case: dict[str, Any]) -> None:
    found = list(errors(json.loads(octets(case))))
    # Without a dossier an answer has a code of its own, which the rules give.
    assert [error for error in found if error != "$.body.dossier required"] == []
    change = regiopost.Change.keep(octets(case))
    if change.known is not None:
        again = regiopost.Change.make(
            change.type, change.subject, change.author, change.body, id=change.id, after=change.after,
            needs=change.needs, taken_from=change.taken_from,
        )
        assert [e for e in errors(json.loads(again.line)) if e != "$.body.dossier required"] == []


@pytest.mark.parametrize("case", named([c for c in CHANGES["illegal"] if c["code"] == "missing-field"]))
def test_what_is_missing_is_missed(case: dict[str, Any]) -> None:
    assert list(errors(json.loads(octets(case)))) != []


def test_every_type_has_the_fields_of_the_schema() -> None:
    for name, known in regiopost.TYPES.items():
        schema = SCHEMA["$defs"][name]
        assert set(known.fields) == set(schema["properties"]), name
        required = {member for member, is_required, _ in known.body.members if is_required}
        if name != "draft.save":  # what a draft needs follows from its kind
            assert required | {"dossier"} == set(schema.get("required", [])) | {"dossier"}, name
