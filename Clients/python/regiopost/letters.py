"""Letters, receipts and responses: what their changes make together (8.4.3 to 8.4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import EX_DATAERR, RegiopostError


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
