"""Agreements and implementation programmes (8.4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .changes import Change
from .letters import IllegalStep

MAXIMUM_AGREEMENTS = 500
"""No programme holds more."""


@dataclass(frozen=True)
class Entry:
    """Something that was said about an agreement since it was recorded."""

    step: str
    author: str
    received: str | None
    body: Mapping[str, Any]


@dataclass
class Agreement:
    """What a meeting came to: ``open``, ``done`` or ``dropped``."""

    id: str
    recorder: str
    content: Mapping[str, Any]
    recorded: str | None
    status: str = "open"
    due: str | None = None
    percent: int | None = None
    entries: list[Entry] = field(default_factory=list)
    reason: str | None = None
    """Why it was dropped, while it is."""

    @property
    def owner(self) -> str:
        """The organisation that sees to it."""
        owner: str = self.content["owner"]
        return owner

    def is_overdue(self, day: str) -> bool:
        """Whether it should have been done before that day."""
        return self.status == "open" and self.due is not None and self.due < day

    def apply(self, step: str, change: Change, received: str | None) -> None:
        """Makes a step: ``progress``, ``amend`` and so on. Raises :class:`IllegalStep`."""
        body = change.body
        if (step == "reopen") == (self.status == "open"):
            raise IllegalStep("illegal-step", self.status, step)
        match step:
            case "progress":
                self.percent = body.get("percent", self.percent)
            case "amend":
                self.due = body.get("due")
            case "complete":
                self.status = "done"
            case "drop":
                self.status, self.reason = "dropped", body["reason"]
            case _:
                self.status, self.reason = "open", None
        self.entries.append(Entry(step, change.author, received, body))


@dataclass
class Programme:
    """A named list of agreements, ``open`` or ``closed`` for good. Of an agreement only its id stands here."""

    id: str
    keeper: str
    content: Mapping[str, Any]
    started: str | None
    name: str
    status: str = "open"
    agreements: list[str] = field(default_factory=list)
    note: str | None = None
    """What was said when it was closed."""

    def apply(self, step: str, change: Change) -> None:
        """Makes a step: ``include``, ``exclude`` and so on. Raises :class:`IllegalStep`."""
        if self.status == "closed":
            raise IllegalStep("illegal-step", self.status, step)
        body = change.body
        named: list[str] = body.get("agreements", [])
        known = set(self.agreements)
        fits = len(set(named)) == len(named)
        match step:
            case "include":
                fits = fits and known.isdisjoint(named) and len(known) + len(named) <= MAXIMUM_AGREEMENTS
            case "exclude":
                fits = fits and known.issuperset(named)
        if not fits:
            raise IllegalStep("bad-field", self.status, step)
        match step:
            case "include":
                self.agreements += named
            case "exclude":
                self.agreements = [id for id in self.agreements if id not in named]
            case "rename":
                self.name = body["name"]
            case _:
                self.status, self.note = "closed", body.get("note")
