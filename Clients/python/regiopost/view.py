"""The fold of a replica, with an outbox on top."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .agreements import Agreement, Programme
from .changes import Change
from .directory import Mandate, Organisation, Region
from .drafts import Draft, Joint
from .errors import UsageError
from .letters import IllegalStep, Letter, Receipt, Response, Version
from .meetings import Meeting
from .terms import Term, due
from .values import today


class View:
    """The fold of changes, in the order in which they are given: what a replica says, with an outbox on top.

    ``last`` has the last exact change on each subject, which the next one names in ``after``; ``unknown`` counts
    changes of types that this module doesn't know, by type; ``frozen`` are the subjects on which it therefore must
    not write anything exact (8.1).
    """

    def __init__(self) -> None:
        self.letters: dict[str, Letter] = {}
        self.receipts: dict[tuple[str, str], Receipt] = {}
        self.responses: dict[tuple[str, str], Response] = {}
        self.meetings: dict[str, Meeting] = {}
        self.agreements: dict[str, Agreement] = {}
        self.programmes: dict[str, Programme] = {}
        self.drafts: dict[str, Draft] = {}
        self.joints: dict[str, Joint] = {}
        """Joint responses by the ids of their drafts."""
        self.terms: dict[tuple[str, str], Term] = {}
        """Terms by letter and organisation."""
        self.organisations: dict[str, Organisation] = {}
        self.regions: dict[str, Region] = {}
        self.mandates: dict[str, Mandate] = {}
        self.last: dict[str, str] = {}
        self.unknown: dict[str, int] = {}
        self.frozen: set[str] = set()
        self.misfits: list[str] = []
        """The ids of changes that didn't fit on what came before them."""
        self._seen: set[str] = set()

    def add(self, change: Change, received: str | None) -> bool:
        """Takes one more change; ``received`` is ``None`` for one that is still in an outbox. Says whether it fits;
        one that was there before fits and has no effect."""
        if change.id in self._seen:
            return True
        self._seen.add(change.id)
        if change.known is None:
            self.unknown[change.type] = self.unknown.get(change.type, 0) + 1
            self.frozen.add(change.subject)
            return True
        is_exact = change.is_exact
        if is_exact and change.subject not in self.frozen and change.after != self.last.get(change.subject):
            self.misfits.append(change.id)
            return False
        try:
            self._fold(change, received)
        except (IllegalStep, KeyError):
            self.misfits.append(change.id)
            return False
        if is_exact:
            self.last[change.subject] = change.id
        return True

    def _fold(self, change: Change, received: str | None) -> None:
        _, _, name = change.subject.partition("/")
        kind, _, step = change.type.partition(".")
        body = change.body
        if change.type == "letter.publish":
            self.letters[name] = Letter(name, change.author, body, received)
        elif change.type == "letter.withdraw":
            self.letters[name].withdraw(body["reason"])
        elif change.type == "letter.supersede":
            self.letters[name].supersede(body["by"])
        elif kind == "receipt":
            self._receipt(name, step, received)
        elif kind == "response":
            self._response(change, step, received)
        elif change.type == "meeting.request":
            wanted = list(body.get("slots", ()))
            self.meetings[name] = Meeting(name, change.author, body, received, wanted=wanted, note=body.get("note"))
        elif kind == "meeting":
            self.meetings[name].apply(step, change)
        elif kind == "mandate":
            self._mandate(name, step, body)
        elif kind in ("agreement", "programme"):
            self._agreed(change, kind, step, received)
        elif kind == "draft":
            self._draft(change, step, received)
        elif kind == "joint":
            self._joint(change, step, received)
        elif kind == "term":
            self._term(change, step, received)
        else:
            self._entry(change.type, name, body)

    def _entry(self, type: str, name: str, body: Mapping[str, Any]) -> None:
        contact = {key: body[key] for key in ("contactName", "contactMail", "contactPhone") if key in body}
        if type == "organisation.set":
            merged = self.organisations[name].merged if name in self.organisations else None
            self.organisations[name] = Organisation(
                name, body["name"], body["shortName"], body.get("regions", ()), merged
            )
        elif type == "organisation.merge":
            for code in body["organisations"]:
                self.organisations[code].merged = (body["from"], body["into"])
        elif type == "region.set":
            self.regions[name] = Region(name, body["title"], body["province"], contact)
        elif type == "region.handover":
            self.regions[name].contact = contact

    def _mandate(self, address: str, step: str, body: Mapping[str, Any]) -> None:
        mandate = self.mandates.get(address) or Mandate(address)
        mandate.apply(step, body)
        self.mandates[address] = mandate

    def _agreed(self, change: Change, kind: str, step: str, received: str | None) -> None:
        name, body = change.subject.partition("/")[2], change.body
        if step == "record":
            self.agreements[name] = Agreement(name, change.author, body, received, due=body.get("due"))
        elif step == "start":
            self.programmes[name] = Programme(name, change.author, body, received, body["name"])
        elif kind == "agreement":
            self.agreements[name].apply(step, change, received)
        else:
            self.programmes[name].apply(step, change)

    def _draft(self, change: Change, step: str, received: str | None) -> None:
        name = change.subject.partition("/")[2]
        if step == "save" and name not in self.drafts:
            self.drafts[name] = Draft(name, change.author.partition("/")[0])
        self.drafts[name].apply(step, change, received)

    def _joint(self, change: Change, step: str, received: str | None) -> None:
        name = change.subject.partition("/")[2]
        if step == "submit" and name not in self.joints:
            self.joints[name] = Joint(name, [])
        self.joints[name].apply(step, change, received)

    def _term(self, change: Change, step: str, received: str | None) -> None:
        letter, _, organisation = change.subject.partition("/")[2].partition("/")
        term = self.terms.get((letter, organisation))
        if term is None:
            if step == "resume":
                raise IllegalStep("subject-unknown", "none", step)
            route = {
                name: change.body[name]
                for name in ("sender", "region", "roles", "confidentiality")
                if name in change.body
            }
            term = Term(letter, organisation, route)
        term.apply(step, change, received)
        self.terms[(letter, organisation)] = term

    def _receipt(self, name: str, step: str, received: str | None) -> None:
        letter, _, address = name.partition("/")
        receipt = self.receipts.setdefault((letter, address), Receipt(letter, address))
        if step == "delivered":
            receipt.delivered = receipt.delivered or received
        else:
            receipt.is_opened = True
            receipt.opened = receipt.opened or received

    def _response(self, change: Change, step: str, received: str | None) -> None:
        letter, _, organisation = change.subject.partition("/")[2].partition("/")
        key = (letter, organisation)
        if step == "submit":
            version = Version(change.id, change.author, received, change.body)
            if key in self.responses:
                response = self.responses[key]
                response.versions.append(version)
                response.status, response.note = "submitted", None
            else:
                self.responses[key] = Response(letter, organisation, [version])
        elif step == "acknowledge":
            self.responses[key].acknowledge(change.body.get("note"))
        else:
            self.responses[key].withdraw(change.body["reason"])

    def joint_for(self, letter: str, organisation: str) -> Joint | None:
        """The joint response that counts as an organisation's answer to a letter, the newest of several."""
        found = [j for j in self.joints.values() if j.letter == letter and organisation in j.answers_for]
        return found[-1] if found else None

    def due(self, letter: Letter, organisation: str) -> str | None:
        """The day on which an organisation's answer is due; ``None`` where nobody set one, or it stands still."""
        return due(letter.content.get("due"), self.terms.get((letter.id, organisation)))

    def find_letter(self, text: str) -> Letter:
        """The letter with that dossier, document number or id, or the beginning of one. Raises :class:`UsageError`."""
        found = [
            letter
            for letter in self.letters.values()
            if text in (letter.content["dossier"], letter.content["document"]) or letter.id.startswith(text)
        ]
        if len(found) != 1:
            raise UsageError("many-letters" if found else "no-letter", text=text, count=len(found))
        return found[0]

    def account_holder(self, organisation: str) -> str:
        """Who looks after an organisation: of its region by the classification ``bestuurlijk``, today."""
        entry = self.organisations.get(organisation)
        region = self.regions.get(entry.region(today()) or "") if entry else None
        if region is None:
            raise UsageError("no-region", organisation=organisation)
        return region.account_holder
