"""Drafts and joint responses (8.4.14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from .changes import Change
from .letters import IllegalStep, Version

SIGNATORIES = ("secretaris", "voorzitter")
"""The two who sign a letter."""


@dataclass(frozen=True)
class Decision:
    """What somebody said of a draft: signed one version, or declined with a reason."""

    id: str
    party: str
    version: str | None
    reason: str | None


@dataclass
class Draft:
    """A text that only its circle sees: ``open`` or ``discarded``. The newest of its versions counts."""

    id: str
    owner: str
    versions: list[Version] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    """The digest of each version's line, which signatures cite."""
    decisions: list[Decision] = field(default_factory=list)
    status: str = "open"
    reason: str | None = None
    """Why it was discarded."""

    @property
    def current(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    @property
    def kind(self) -> str:
        """What becomes of it: ``letter``, ``response`` or ``joint``."""
        return cast("str", self.current.content["kind"])

    @property
    def members(self) -> list[str]:
        """The organisations whose people may work on it or sign it."""
        return list(self.current.content["members"]) if self.kind == "joint" else [self.owner]

    @property
    def parties(self) -> list[str]:
        """Who has to sign it: a letter's two signatories, a joint response's members; nobody for one's own response."""
        if self.kind == "letter":
            return [f"{self.owner}/{role}" for role in SIGNATORIES]
        return self.members if self.kind == "joint" else []

    def party(self, author: str) -> str:
        """In whose name somebody signs: of several organisations each signs once, whoever of its people does."""
        return author.partition("/")[0] if self.kind == "joint" else author

    def decision(self, party: str) -> Decision | None:
        """Somebody's last word; a signature of an older version is none."""
        said = [decision for decision in self.decisions if decision.party == party]
        if not said or said[-1].version not in (None, self.current.id):
            return None
        return said[-1]

    @property
    def signed(self) -> list[str]:
        """Who signed the newest version, in order of their names."""
        return sorted(party for party in self._said() if self._is_signed(party))

    @property
    def declined(self) -> dict[str, str]:
        """Who won't sign, and why."""
        found = {party: self.decision(party) for party in sorted(self._said())}
        return {party: said.reason for party, said in found.items() if said is not None and said.reason is not None}

    @property
    def missing(self) -> list[str]:
        """Who has to sign and hasn't signed the newest version."""
        return [party for party in self.parties if not self._is_signed(party)]

    def _said(self) -> set[str]:
        return {decision.party for decision in self.decisions}

    def _is_signed(self, party: str) -> bool:
        said = self.decision(party)
        return said is not None and said.version is not None

    def apply(self, step: str, change: Change, received: str | None) -> None:
        """Makes a step: ``save``, ``sign``, ``decline`` or ``discard``. Raises :class:`IllegalStep`."""
        if self.status != "open":
            raise IllegalStep("illegal-step", self.status, step)
        match step:
            case "save":
                self._save(change, received)
            case "sign":
                self._sign(change)
            case "decline":
                party, reason = self.party(change.author), change.body["reason"]
                said = self.decision(party)
                if said is None or said.reason != reason:
                    self.decisions.append(Decision(change.id, party, None, reason))
            case _:
                self.status, self.reason = "discarded", change.body["reason"]

    def _save(self, change: Change, received: str | None) -> None:
        if self.versions:
            before = self.current.content
            if any(change.body.get(name) != before.get(name) for name in ("kind", "letter")):
                raise IllegalStep("bad-field", self.status, "save")
        self.versions.append(Version(change.id, change.author, received, change.body))
        self.digests[change.id] = change.digest

    def _sign(self, change: Change) -> None:
        """A signature of an older version has no effect, and neither has a repeated one."""
        version = change.body["version"]
        if version not in self.digests:
            raise IllegalStep("predecessor-missing", self.status, "sign")
        if self.digests[version] != change.body["digest"]:
            raise IllegalStep("text-changed", self.status, "sign")
        party = self.party(change.author)
        if version == self.current.id and not self._is_signed(party):
            self.decisions.append(Decision(change.id, party, version, None))


@dataclass
class Joint:
    """A response of several organisations together, with the states of a response (8.4.5)."""

    id: str
    versions: list[Version]
    status: str = "submitted"
    note: str | None = None

    @property
    def current(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    @property
    def content(self) -> Mapping[str, Any]:
        """What it says."""
        return self.current.content

    @property
    def letter(self) -> str:
        """The letter that it answers."""
        return cast("str", self.content["letter"])

    @property
    def signed(self) -> list[str]:
        """The members that signed."""
        return [entry["organisation"] for entry in self.content.get("signed", ())]

    @property
    def declined(self) -> dict[str, str]:
        """The members that declined, and why."""
        return {entry["organisation"]: entry["reason"] for entry in self.content.get("declined", ())}

    @property
    def missing(self) -> list[str]:
        """The members that said nothing of this text."""
        return list(self.content.get("missing", ()))

    @property
    def answers_for(self) -> list[str]:
        """The members whose answer it is: those that signed, while nobody took it back."""
        return [] if self.status == "withdrawn" else self.signed

    def apply(self, step: str, change: Change, received: str | None) -> None:
        """Makes a step: ``submit``, ``acknowledge`` or ``withdraw``. Raises :class:`IllegalStep`."""
        if step == "submit":
            self.versions.append(Version(change.id, change.author, received, change.body))
            self.status, self.note = "submitted", None
        elif step == "acknowledge":
            if self.status != "submitted":
                raise IllegalStep("illegal-step", self.status, step)
            self.status, self.note = "acknowledged", change.body.get("note")
        else:
            if self.status == "withdrawn":
                raise IllegalStep("illegal-step", self.status, step)
            self.status, self.note = "withdrawn", change.body["reason"]
