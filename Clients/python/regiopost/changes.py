"""Changes (section 8): what one line says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .change_types import TYPES, ChangeType
from .errors import MAXIMUM_LINE, ChangeError, JSONError
from .fields import ADDRESS, ID, Members, list_field, number_field, text_field, value_field
from .strict_json import read_json, write_json
from .values import REGION, is_address, is_id, is_organisation, is_time, new_id, now


def is_subject(text: str) -> bool:
    """Whether the text can name a subject, of a kind that is known or not (8.2)."""
    kind, slash, name = text.partition("/")
    if not slash or not name:
        return False
    if kind in ("letter", "meeting", "agreement", "programme", "draft", "joint"):
        return is_id(name)
    if kind in ("receipt", "response", "term"):
        letter, _, key = name.partition("/")
        return is_id(letter) and (is_address(key) if kind == "receipt" else is_organisation(key))
    if kind == "organisation":
        return is_organisation(name)
    if kind == "mandate":
        return is_address(name)
    if kind == "region":
        return REGION.fullmatch(name) is not None
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
        Members(("v", True, number_field(1, 1000)))(value, "")
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
        taken_from: str | None = None,
    ) -> Change:
        """Makes a change and checks it. ``subject`` is ``None`` for a type whose subject is named by its own id;
        ``taken_from`` is the change whose work this one goes on with (8.4.2)."""
        id = id or new_id()
        known = TYPES.get(type)
        if subject is None and known is not None and (known.starts or type == "draft.save"):
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
                    "takenFrom": taken_from,
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
        if self.type == "joint.submit":
            named = self.body["draft"]["id"]
        starts = self.known.starts or (self.type == "draft.save" and self.after is None)
        if kind != self.known.subject or named != name or (starts and name != self.id):
            raise ChangeError("subject-mismatch")


_ENVELOPE = Members(
    ("id", True, ID),
    ("type", True, text_field(100)),
    ("subject", True, value_field("subject", is_subject)),
    ("after", False, ID),
    ("needs", False, list_field(ID)),
    ("author", True, ADDRESS),
    ("time", True, value_field("moment in UTC", is_time)),
    ("takenFrom", False, ID),
    ("body", True, Members()),
)
