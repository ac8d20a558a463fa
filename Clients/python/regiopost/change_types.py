"""The change types of section 8.4, each with its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from .fields import (
    ADDRESS,
    ANSWER,
    APPOINTMENT,
    CITATION,
    DATE,
    DIGEST,
    DOCUMENT,
    DOSSIER,
    FILES,
    ID,
    LANGUAGE,
    LEVEL,
    NOTE,
    ONE_SLOT,
    REASON,
    ROUTE,
    SIGNATORY,
    SLOTS,
    TERM,
    Members,
    is_account_holder,
    list_field,
    memberships_field,
    number_field,
    one_of,
    text_field,
    truth_field,
    value_field,
)
from .strict_json import JSON
from .values import KINDS, SUPPORT, is_organisation, is_role


@dataclass(frozen=True)
class ChangeType:
    """What section 8.4 says of one type: whether it is exact, the kind of its subject, its fields."""

    exact: bool
    subject: str
    body: Members
    starts: bool = False
    """Whether its subject is named by its own id."""
    named_by: str | None = None
    """The field that its subject is named by."""

    @property
    def fields(self) -> list[str]:
        """The names of the fields that are known."""
        return [name for name, _, _ in self.body.members]


ROLES = list_field(value_field("role", is_role), least=1)
_MEMBER = ("organisation", True, value_field("organisation", is_organisation))
_AGREEMENTS = Members(("agreements", True, list_field(ID, least=1)))
_PARTIES = list_field(value_field("organisation", is_organisation), least=1)
_ANSWERED = (
    ("dossier", False, DOSSIER),
    ("reference", False, text_field(200)),
    ("confidentiality", False, LEVEL),
    ("text", True, text_field(262_144)),
    ("answers", False, list_field(ANSWER, once="request")),
    ("themes", False, list_field(text_field(500))),
    ("support", False, list_field(one_of(*SUPPORT), distinct=True)),
    ("files", False, FILES),
)
"""What an answer says, whoever gives it. The dossier is required where it is sent, but its absence has a code of its
own, which the rules give."""
_PUBLISHED = Members(
    ("dossier", True, DOSSIER),
    ("document", True, DOCUMENT),
    ("date", True, DATE),
    ("title", True, text_field(500)),
    ("region", True, ROUTE[1][2]),
    ("yourReference", False, text_field(200)),
    ("attachments", True, number_field(0, 1000)),
    ("files", False, FILES),
    ("themes", False, list_field(text_field(500))),
    ("requests", False, list_field(text_field())),
    ("signatories", False, list_field(SIGNATORY)),
    ("recipients", True, list_field(ADDRESS, least=1)),
    ("copies", False, list_field(ADDRESS)),
    ("due", False, DATE),
    ("confidentiality", False, LEVEL),
    ("supersedes", False, ID),
    ("draft", False, CITATION),
    ("text", True, text_field(524_288)),
)


class DraftMembers(Members):
    """What a draft says: which fields there are follows from its kind (8.4.14)."""

    _HEAD = (("kind", True, one_of("letter", "response", "joint")), ("title", True, text_field(500)))
    _MEMBERS = ("members", True, _PARTIES)
    _ANSWER = (
        ("letter", True, ID),
        ("recipients", True, list_field(ADDRESS, least=1)),
        ("content", True, Members(*_ANSWERED)),
    )
    _KINDS: ClassVar[Mapping[str, Members]] = {
        "letter": Members(("content", True, _PUBLISHED)),
        "response": Members(*_ANSWER),
        "joint": Members(_MEMBERS, *_ANSWER),
    }

    def __init__(self) -> None:
        super().__init__(*self._HEAD, self._MEMBERS, *self._ANSWER)

    def __call__(self, value: JSON, path: str) -> None:
        Members(*self._HEAD)(value, path)
        self._KINDS[cast("dict[str, str]", value)["kind"]](value, path)


TYPES: Mapping[str, ChangeType] = {
    "letter.publish": ChangeType(True, "letter", _PUBLISHED, starts=True),
    "letter.withdraw": ChangeType(True, "letter", REASON),
    "letter.supersede": ChangeType(True, "letter", Members(("by", True, ID))),
    "receipt.delivered": ChangeType(False, "receipt", Members(*ROUTE)),
    "receipt.opened": ChangeType(False, "receipt", Members(*ROUTE)),
    "response.submit": ChangeType(
        True, "response", Members(*ROUTE, ("roles", True, ROLES), *_ANSWERED, ("draft", False, CITATION))
    ),
    "response.withdraw": ChangeType(True, "response", REASON),
    "response.acknowledge": ChangeType(True, "response", NOTE),
    "joint.submit": ChangeType(
        True,
        "joint",
        Members(
            *ROUTE,
            ("letter", True, ID),
            ("lead", True, value_field("organisation", is_organisation)),
            ("members", True, _PARTIES),
            ("recipients", True, list_field(ADDRESS, least=1)),
            ("copies", False, list_field(ADDRESS)),
            *_ANSWERED,
            ("draft", True, CITATION),
            ("signed", False, list_field(Members(_MEMBER, ("signature", True, ID)))),
            ("declined", False, list_field(Members(_MEMBER, *REASON.members))),
            ("missing", False, list_field(value_field("organisation", is_organisation))),
        ),
    ),
    "joint.withdraw": ChangeType(True, "joint", REASON),
    "joint.acknowledge": ChangeType(True, "joint", NOTE),
    "draft.save": ChangeType(True, "draft", DraftMembers()),
    "draft.sign": ChangeType(False, "draft", Members(("version", True, ID), ("digest", True, DIGEST))),
    "draft.decline": ChangeType(False, "draft", REASON),
    "draft.discard": ChangeType(True, "draft", REASON),
    "term.set": ChangeType(True, "term", Members(*TERM, ("due", True, DATE), ("note", False, text_field()))),
    "term.suspend": ChangeType(True, "term", Members(*TERM, ("from", True, DATE), ("reason", True, text_field()))),
    "term.resume": ChangeType(True, "term", Members(("on", True, DATE), ("note", False, text_field()))),
    "term.remind": ChangeType(False, "term", Members(*TERM, ("note", False, text_field()))),
    "meeting.request": ChangeType(
        True,
        "meeting",
        Members(
            ("kind", True, one_of(*KINDS)),
            ("accounthouder", True, value_field("address of an account holder", is_account_holder)),
            ("invited", False, list_field(value_field("organisation", is_organisation))),
            ("letter", False, ID),
            ("dossier", False, DOSSIER),
            ("themes", False, list_field(text_field(500))),
            ("slots", False, SLOTS),
            ("place", False, text_field(500)),
            ("online", False, truth_field),
            ("language", False, LANGUAGE),
            ("support", False, list_field(one_of(*SUPPORT))),
            ("team", False, text_field(200)),
            ("audience", False, text_field(500)),
            ("size", False, number_field(1, 10_000)),
            ("note", False, text_field()),
            ("confidentiality", False, LEVEL),
        ),
        starts=True,
    ),
    "meeting.join": ChangeType(False, "meeting", Members(("slots", False, SLOTS), ("replaces", False, list_field(ID)))),
    "meeting.leave": ChangeType(False, "meeting", Members(("replaces", True, list_field(ID, least=1)))),
    "meeting.propose": ChangeType(True, "meeting", APPOINTMENT),
    "meeting.counter": ChangeType(
        True, "meeting", Members(("slots", True, list_field(ONE_SLOT, least=1)), ("note", False, text_field()))
    ),
    "meeting.accept": ChangeType(True, "meeting", NOTE),
    "meeting.confirm": ChangeType(True, "meeting", APPOINTMENT),
    "meeting.decline": ChangeType(True, "meeting", REASON),
    "meeting.cancel": ChangeType(True, "meeting", REASON),
    "meeting.reschedule": ChangeType(
        True,
        "meeting",
        Members(
            ("slots", True, list_field(ONE_SLOT, least=1)),
            ("place", False, text_field(500)),
            ("reason", True, text_field()),
        ),
    ),
    "meeting.hold": ChangeType(
        True,
        "meeting",
        Members(
            ("minutes", True, text_field(65_536)),
            ("present", False, list_field(value_field("organisation", is_organisation))),
            ("files", False, FILES),
        ),
    ),
    "agreement.record": ChangeType(
        True,
        "agreement",
        Members(
            ("meeting", True, ID),
            ("kind", True, one_of(*KINDS)),
            ("parties", True, _PARTIES),
            ("text", True, text_field()),
            ("owner", True, value_field("organisation", is_organisation)),
            ("due", False, DATE),
            ("themes", False, list_field(text_field(500))),
            ("dossier", False, DOSSIER),
            ("letter", False, ID),
            ("confidentiality", False, LEVEL),
        ),
        starts=True,
    ),
    "agreement.progress": ChangeType(
        True, "agreement", Members(("note", True, text_field()), ("percent", False, number_field(0, 100)))
    ),
    "agreement.amend": ChangeType(True, "agreement", Members(("due", False, DATE), *REASON.members)),
    "agreement.complete": ChangeType(True, "agreement", NOTE),
    "agreement.drop": ChangeType(True, "agreement", REASON),
    "agreement.reopen": ChangeType(True, "agreement", REASON),
    "programme.start": ChangeType(
        True,
        "programme",
        Members(("name", True, text_field(200)), ("region", True, ROUTE[1][2]), ("parties", True, _PARTIES)),
        starts=True,
    ),
    "programme.include": ChangeType(True, "programme", _AGREEMENTS),
    "programme.exclude": ChangeType(True, "programme", _AGREEMENTS),
    "programme.rename": ChangeType(True, "programme", Members(("name", True, text_field(200)))),
    "programme.close": ChangeType(True, "programme", NOTE),
    "organisation.set": ChangeType(
        True,
        "organisation",
        Members(
            ("code", True, value_field("organisation", is_organisation)),
            ("name", True, text_field(200)),
            ("shortName", True, text_field(200)),
            ("regions", False, memberships_field),
            ("until", False, DATE),
            ("successor", False, value_field("organisation", is_organisation)),
        ),
        named_by="code",
    ),
    "organisation.merge": ChangeType(
        True,
        "organisation",
        Members(
            ("organisations", True, list_field(value_field("organisation", is_organisation), least=1)),
            ("into", True, value_field("organisation", is_organisation)),
            ("from", True, DATE),
        ),
        named_by="into",
    ),
    "region.set": ChangeType(
        True,
        "region",
        Members(
            ("name", True, ROUTE[1][2]),
            ("title", True, text_field(200)),
            ("province", True, value_field("organisation", is_organisation)),
            ("contactName", False, text_field(200)),
            ("contactMail", False, text_field(200)),
            ("contactPhone", False, text_field(50)),
        ),
        named_by="name",
    ),
    "region.handover": ChangeType(
        True,
        "region",
        Members(
            ("from", True, DATE),
            ("contactName", True, text_field(200)),
            ("contactMail", False, text_field(200)),
            ("contactPhone", False, text_field(50)),
        ),
    ),
    "mandate.set": ChangeType(
        True,
        "mandate",
        Members(
            ("address", True, ADDRESS),
            ("person", False, text_field(200)),
            ("from", True, DATE),
            ("until", False, DATE),
            ("successor", True, ADDRESS),
        ),
        named_by="address",
    ),
    "mandate.start": ChangeType(
        True, "mandate", Members(("address", True, ADDRESS), ("on", True, DATE)), named_by="address"
    ),
    "mandate.end": ChangeType(
        True,
        "mandate",
        Members(("address", True, ADDRESS), ("on", True, DATE), ("successor", True, ADDRESS)),
        named_by="address",
    ),
}
"""The types that this client knows. Changes of others are kept, counted and passed over (8.1)."""
