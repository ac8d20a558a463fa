"""Rights (8.4.8 and ``rights.md``): who may write what, judged before anything is queued.

Judged is what can be known here, which is what this address sees: whether its mandate stands, whether the letter, the
draft and the subject that a change speaks of are there, and whether the author may write it. Everything else is the
server's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .changes import Change
from .drafts import SIGNATORIES, Draft
from .letters import Letter
from .values import CONFIDENTIALITY, KINDS
from .view import View

LEADERS = ("college", "gemeentesecretaris")
"""The roles that lead a municipality: they may answer for it."""


@dataclass(frozen=True)
class Writer:
    """Who may write a change of some type: roles, and how their organisation or address stands to the subject."""

    roles: tuple[str, ...] | str | None
    """The roles; ``requesters`` are those that may ask for a meeting of the subject's kind, ``None`` is any."""
    relation: str


def _any(relation: str) -> Writer:
    return Writer(None, relation)


_RESPONDERS = (Writer(LEADERS, "organisation"), _any("addressed"))
_MEMBERS = (Writer(LEADERS, "member"), _any("addressedMember"))
_SERVER = (Writer(("regiopostd",), "anywhere"),)
_HOLDER = (_any("accounthouder"),)
_REQUESTERS = Writer("requesters", "organisation")
_INVITED = (Writer("requesters", "invited"),)
_SENDER = (_any("sender"),)
_OWNERS = (Writer(LEADERS, "organisation"), _REQUESTERS, *_HOLDER)
_DRAFTERS = (Writer(("secretariaat",), "drafter"), *_RESPONDERS)
_SIGNERS = (Writer(SIGNATORIES, "drafter"), *_MEMBERS)

TABLE: Mapping[str, Sequence[Writer]] = {
    "letter.publish": (Writer(("secretariaat",), "anywhere"),),
    "letter.withdraw": _SENDER,
    "letter.supersede": _SENDER,
    "receipt.delivered": (Writer(("regiopostd",), "senderOrganisation"),),
    "receipt.opened": (_any("named"),),
    "response.submit": _RESPONDERS,
    "response.withdraw": _RESPONDERS,
    "response.acknowledge": _HOLDER,
    "joint.submit": _MEMBERS,
    "joint.withdraw": _RESPONDERS,
    "joint.acknowledge": _HOLDER,
    "draft.save": _DRAFTERS,
    "draft.sign": _SIGNERS,
    "draft.decline": _SIGNERS,
    "draft.discard": _DRAFTERS,
    "meeting.request": (Writer("requesters", "anywhere"),),
    "meeting.join": _INVITED,
    "meeting.leave": _INVITED,
    "meeting.propose": _HOLDER,
    "meeting.counter": (_REQUESTERS,),
    "meeting.accept": (_REQUESTERS,),
    "meeting.confirm": _HOLDER,
    "meeting.decline": _HOLDER,
    "meeting.cancel": (_REQUESTERS, *_HOLDER),
    "meeting.reschedule": (_REQUESTERS, *_HOLDER),
    "meeting.hold": _HOLDER,
    "agreement.record": _HOLDER,
    "agreement.progress": _OWNERS,
    "agreement.amend": _HOLDER,
    "agreement.complete": _OWNERS,
    "agreement.drop": _OWNERS,
    "agreement.reopen": _OWNERS,
    **dict.fromkeys((f"programme.{step}" for step in ("start", "include", "exclude", "rename", "close")), _HOLDER),
    "term.set": (*_RESPONDERS, *_SENDER, *_HOLDER),
    "term.suspend": (*_SENDER, *_HOLDER),
    "term.resume": (*_SENDER, *_HOLDER),
    "term.remind": (*_SENDER, *_HOLDER),
    **dict.fromkeys(("organisation.set", "organisation.merge", "region.set", "region.handover"), _SERVER),
    **dict.fromkeys(("mandate.set", "mandate.start", "mandate.end"), _SERVER),
}
"""The table of rights. A test compares it with ``vectors/rights.json``."""

CLEARANCES: Mapping[str, str] = {
    **dict.fromkeys(("college", "gemeentesecretaris", "burgemeester"), "zeer_geheim"),
    **dict.fromkeys(("secretariaat", "secretaris", "voorzitter", "accounthouder-REGION"), "zeer_geheim"),
    **dict.fromkeys(("formateur", "griffie", "registratuur"), "vertrouwelijk"),
    "raadslid": "beperkt_openbaar",
    **dict.fromkeys(("beheerder", "regiopostd"), "openbaar"),
}
"""Up to which level each role may read."""
_STARTS = frozenset(
    (
        *("letter.publish", "receipt.delivered", "receipt.opened", "response.submit", "joint.submit", "draft.save"),
        *("meeting.request", "agreement.record", "programme.start", "term.set", "term.suspend", "term.remind"),
        *("organisation.set", "region.set", "mandate.set", "mandate.end"),
    )
)
"""The types that may come first on a subject."""
_LONGEST_CHAIN = 16
"""No chain of successors is followed farther, so that a ring of them ends."""


@dataclass
class _Parties:
    """Who stands how to a subject."""

    sender: str | None = None
    account_holder: str | None = None
    named: str | None = None
    organisation: str | None = None
    addressed: Sequence[str] = ()
    drafter: str | None = None
    members: Sequence[str] = ()
    invited: Sequence[str] = ()
    requesters: Sequence[str] = field(default_factory=tuple)

    def admit(self, writer: Writer, author: str) -> bool:
        """Whether the author is such a writer."""
        organisation, _, role = author.partition("/")
        roles = self.requesters if writer.roles == "requesters" else writer.roles
        if roles is not None and role not in roles:
            return False
        match writer.relation:
            case "anywhere":
                return True
            case "sender":
                return author == self.sender
            case "senderOrganisation":
                return self.sender is not None and organisation == organisation_of(self.sender)
            case "accounthouder":
                return author == self.account_holder
            case "named":
                return author == self.named
            case "organisation":
                return organisation == self.organisation
            case "addressed":
                return organisation == self.organisation and author in self.addressed
            case "drafter":
                return organisation == self.drafter
            case "member":
                return organisation in self.members
            case "addressedMember":
                return organisation in self.members and author in self.addressed
            case "invited":
                return organisation in self.invited
        return False


def organisation_of(address: str) -> str:
    """The organisation of an address."""
    return address.partition("/")[0]


def account_holder_of(sender: str, region: str) -> str:
    """The account holder of a letter's region, at the sender's province."""
    return f"{organisation_of(sender)}/accounthouder-{region}"


def judge(change: Change, view: View) -> str | None:
    """The code with which a server that holds what ``view`` does refuses the change for its author's rights, in the
    order of section 8.4.2, steps 3 to 6, or because not all who are named may read it; ``None`` where its author may
    write it."""
    if change.type not in TABLE or change.known is None:
        return "unknown-type"
    standing = refusal_of(change.author, view)
    if standing is not None:
        return standing
    letter_id, other, draft = _citations(change)
    letter = view.letters.get(letter_id) if letter_id is not None else None
    if (letter_id is not None and letter is None) or (other is not None and other not in view.letters):
        return "letter-unknown"
    if draft is not None and draft not in view.drafts:
        return "subject-unknown"
    authors = [change.author, *predecessors(change.author, view)]
    if any(_is_allowed(replace(change, author=author), letter, view) for author in authors):
        return None if _is_cleared(change) else "not-cleared"
    kind, _, name = change.subject.partition("/")
    if letter is not None and kind in ("response", "term"):
        organisation = name.partition("/")[2]
        if not any(organisation_of(recipient) == organisation for recipient in letter.content["recipients"]):
            return "not-addressed"
    return "subject-unknown" if not _is_there(change.subject, view) and change.type not in _STARTS else "not-allowed"


def clearance(address: str) -> str:
    """Up to which level the role of an address may read (8.4.12)."""
    role = address.partition("/")[2]
    return CLEARANCES["accounthouder-REGION" if role.startswith("accounthouder-") else role]


def _is_cleared(change: Change) -> bool:
    """Whether the author and whoever is named as a reader may read what the change says."""
    content = change.body.get("content", {}) if change.type == "draft.save" else change.body
    readers = [change.author]
    if change.type == "letter.publish":
        readers += [*content["recipients"], *content.get("copies", ())]
    elif change.type not in ("response.submit", "joint.submit", "draft.save", "meeting.request"):
        return True
    level = CONFIDENTIALITY.index(content.get("confidentiality", "intern"))
    return all(CONFIDENTIALITY.index(clearance(reader)) >= level for reader in readers)


def _is_allowed(change: Change, letter: Letter | None, view: View) -> bool:
    parties = _parties(change, letter, view)
    return any(parties.admit(writer, change.author) for writer in TABLE[change.type])


def refusal_of(address: str, view: View) -> str | None:
    """Why an address may neither write nor read; ``None`` where it may."""
    entry = view.organisations.get(organisation_of(address))
    if entry is not None and entry.merged is not None:
        return "organisation-abolished"
    mandate = view.mandates.get(address)
    if mandate is None or mandate.status == "running":
        return None
    return "mandate-ended" if mandate.status == "ended" else "mandate-not-started"


def holder(address: str, view: View) -> str | None:
    """Who has the work of an address now: itself, or whoever took over from who took over."""
    for _ in range(_LONGEST_CHAIN):
        mandate = view.mandates.get(address)
        entry = view.organisations.get(organisation_of(address))
        if mandate is not None and mandate.status == "ended":
            address = mandate.successor
        elif entry is not None and entry.merged is not None:
            address = f"{entry.merged[1]}/{address.partition('/')[2]}"
        else:
            return address
    return None


def successor_of(organisation: str, view: View) -> str:
    """The organisation that has an organisation's work now: itself where it exists."""
    for _ in range(_LONGEST_CHAIN):
        entry = view.organisations.get(organisation)
        if entry is None or entry.merged is None:
            break
        organisation = entry.merged[1]
    return organisation


def predecessors(address: str, view: View) -> list[str]:
    """Everybody whose work this address has taken over."""
    role = address.partition("/")[2]
    former = {f"{code}/{role}" for code, entry in view.organisations.items() if entry.merged is not None}
    former |= {own for own, mandate in view.mandates.items() if mandate.status == "ended"}
    return sorted(own for own in former if own != address and holder(own, view) == address)


def _citations(change: Change) -> tuple[str | None, str | None, str | None]:
    """The letter that a change is about, another letter that it names, the draft that it was sent from."""
    kind, _, name = change.subject.partition("/")
    body = change.body
    letter = name.partition("/")[0] if kind in ("receipt", "response", "term") else None
    other = draft = None
    match change.type:
        case "meeting.request" | "agreement.record":
            letter = body.get("letter")
        case "letter.publish":
            other, draft = body.get("supersedes"), body.get("draft", {}).get("id")
        case "letter.supersede":
            other = body["by"]
        case "response.submit":
            draft = body.get("draft", {}).get("id")
        case "joint.submit":
            letter, draft = body["letter"], body["draft"]["id"]
        case "draft.save":
            letter, other = body.get("letter"), body["content"].get("supersedes")
    return letter, other, draft


def _is_there(subject: str, view: View) -> bool:
    kind, _, name = subject.partition("/")
    first, _, rest = name.partition("/")
    keyed: Mapping[str, Mapping[tuple[str, str], object]] = {
        "receipt": view.receipts,
        "response": view.responses,
        "term": view.terms,
    }
    if kind in keyed:
        return (first, rest) in keyed[kind]
    named: Mapping[str, Mapping[str, object]] = {
        "letter": view.letters,
        "meeting": view.meetings,
        "agreement": view.agreements,
        "programme": view.programmes,
        "draft": view.drafts,
        "joint": view.joints,
        "organisation": view.organisations,
        "region": view.regions,
        "mandate": view.mandates,
    }
    return name in named.get(kind, {})


def _parties(change: Change, letter: Letter | None, view: View) -> _Parties:
    """Derived from the change, its subject's state before it, and the letter that it is about."""
    kind, _, name = change.subject.partition("/")
    parties = _Parties()
    if letter is not None:
        parties.sender = letter.sender
        parties.account_holder = account_holder_of(letter.sender, letter.content["region"])
        parties.addressed = letter.content["recipients"]
    if kind == "receipt":
        parties.named = name.partition("/")[2]
    elif kind in ("response", "term"):
        parties.organisation = name.partition("/")[2]
    elif kind == "letter" and name in view.letters:
        parties.sender = view.letters[name].sender
    elif kind in ("meeting", "agreement", "programme"):
        _take_meeting(parties, change, kind, name, view)
    elif kind == "draft":
        _take_draft(parties, change, view.drafts.get(name))
    elif kind == "joint":
        joint = view.joints.get(name)
        content = joint.content if joint is not None else change.body
        # Only the first change on it says whose it is.
        if joint is not None or change.type == "joint.submit":
            parties.sender = content["sender"]
            parties.account_holder = account_holder_of(content["sender"], content["region"])
            parties.organisation, parties.members = content["lead"], content["members"]
            parties.addressed = content["recipients"]
    return parties


def _take_meeting(parties: _Parties, change: Change, kind: str, name: str, view: View) -> None:
    author, body = change.author, change.body
    if kind == "meeting" and (name in view.meetings or change.type == "meeting.request"):
        meeting = view.meetings.get(name)
        content, requester = (meeting.content, meeting.requester) if meeting is not None else (body, author)
        parties.account_holder, parties.organisation = content["accounthouder"], organisation_of(requester)
        parties.invited, parties.requesters = content.get("invited", ()), KINDS[content["kind"]]
    elif kind == "agreement" and name in view.agreements:
        agreement = view.agreements[name]
        parties.account_holder, parties.organisation = agreement.recorder, agreement.owner
        parties.requesters = KINDS[agreement.content["kind"]]
    elif change.type == "agreement.record":
        # Of all account holders only the one whose meeting it is sees it, and the server asks for that.
        parties.account_holder = author if "/accounthouder-" in author else None
    elif kind == "programme" and name in view.programmes:
        parties.account_holder = view.programmes[name].keeper
    elif change.type == "programme.start":
        parties.account_holder = account_holder_of(author, body["region"])


def _take_draft(parties: _Parties, change: Change, draft: Draft | None) -> None:
    if draft is not None:
        content, owner = draft.current.content, draft.owner
    elif change.type == "draft.save":
        content, owner = change.body, organisation_of(change.author)
    else:
        return
    if content["kind"] == "letter":
        parties.drafter = owner
        return
    parties.organisation = owner
    parties.members = content["members"] if content["kind"] == "joint" else [owner]
    parties.addressed = content["recipients"]
