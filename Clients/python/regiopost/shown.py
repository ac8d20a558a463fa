"""What commands show: one JSON object a line for programs, or text for people in their language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any

from .agreements import Agreement, Programme
from .drafts import Draft, Joint
from .letters import Letter, Response
from .meetings import Meeting
from .store import Queued
from .texts import text, word
from .values import today
from .view import View

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text of somebody else's as a terminal may show it: controls are escaped (section 13)."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


class Output:
    """Where a command says what it has to say."""

    def __init__(self, as_json: bool, stream: IO[str], language: str = "en") -> None:
        self.as_json, self.stream, self.language = as_json, stream, language

    def say(self, values: Mapping[str, Any], text: str) -> None:
        """Says one thing: as JSON, or as a text that may be empty."""
        if self.as_json:
            self.stream.write(json.dumps(values, ensure_ascii=False) + "\n")
        elif text:
            self.stream.write(printable(text) + "\n")
        self.stream.flush()

    def tell(self, values: Mapping[str, Any], key: str) -> None:
        """Says one thing, in words of the catalogue that name the same values."""
        self.say(values, self.text(key, **values))

    def text(self, key: str, **values: object) -> str:
        """A text of the catalogue."""
        return text(key, self.language, **values)

    def word(self, state: str | None) -> str:
        """A state's name."""
        return word(state, self.language) if state else ""

    def names(self, names: Iterable[str]) -> str:
        """A list of names, or that there are none."""
        return ", ".join(names) or self.text("nobody")


def handle(id: str) -> str:
    """The end of an id, by which people name what it is of."""
    return id[-12:]


# Letters, answers and terms


def letter_values(view: View, letter: Letter, organisation: str, address: str) -> dict[str, Any]:
    """A letter as one address sees it."""
    receipt = view.receipts.get((letter.id, address))
    response = view.responses.get((letter.id, organisation))
    joint = view.joint_for(letter.id, organisation)
    term = view.terms.get((letter.id, organisation))
    return {
        "id": letter.id,
        "dossier": letter.content["dossier"],
        "document": letter.content["document"],
        "date": letter.content["date"],
        "title": letter.content["title"],
        "region": letter.content["region"],
        "sender": letter.sender,
        "due": letter.content.get("due"),
        "answerDue": view.due(letter, organisation),
        "suspendedSince": term.suspended_since if term else None,
        "reminders": term.reminders if term else 0,
        "status": letter.status,
        "supersededBy": letter.superseded_by,
        "published": letter.published,
        "receipt": receipt.status if receipt else "available",
        "response": response.status if response else None,
        "joint": joint.id if joint else None,
    }


def letter_text(output: Output, values: Mapping[str, Any]) -> str:
    """One line about a letter."""
    answered = values["response"] not in (None, "withdrawn") or values["joint"] is not None
    states = [values["status"], values["receipt"], values["response"], "joint" if values["joint"] else None]
    said = [output.word(state) for state in states if state]
    if values["suspendedSince"]:
        said.append(output.text("stands-still", day=values["suspendedSince"]))
    elif values["answerDue"] and not answered:
        key = "overdue" if values["answerDue"] < today() else "due"
        said.append(output.text(key, day=values["answerDue"]))
    return f"{values['dossier']}  {values['date']}  {values['title']}  ({', '.join(said)})"


def response_values(response: Response) -> dict[str, Any]:
    """An organisation's answer, and what it says."""
    return {
        "organisation": response.organisation,
        "status": response.status,
        "versions": len(response.versions),
        **response.current.content,
    }


def joint_values(joint: Joint) -> dict[str, Any]:
    """An answer of several organisations, and what it says."""
    return {
        **joint.content,
        "id": joint.id,
        "status": joint.status,
        "versions": len(joint.versions),
        "signed": joint.signed,
        "declined": joint.declined,
        "missing": joint.missing,
        "note": joint.note,
    }


def joint_lines(output: Output, joint: Joint) -> list[str]:
    """An answer of several organisations, for people."""
    members, signed = output.names(joint.content["members"]), output.names(joint.signed)
    lines = [output.text("joint-by", members=members, status=output.word(joint.status), signed=signed)]
    lines += [output.text("declines", by=by, reason=reason) for by, reason in joint.declined.items()]
    if joint.missing:
        lines.append("   " + output.text("missing", names=output.names(joint.missing)))
    return [*lines, joint.content["text"]]


# Meetings, agreements, programmes


def meeting_values(meeting: Meeting) -> dict[str, Any]:
    """A meeting, as far as it is."""
    return {
        "id": meeting.id,
        "kind": meeting.content["kind"],
        "requester": meeting.requester,
        "accounthouder": meeting.content["accounthouder"],
        "status": meeting.status,
        "slot": meeting.slot,
        "place": meeting.place,
        "slots": meeting.content.get("slots", []),
        "common": meeting.common or [],
        "countered": meeting.countered,
        "joined": meeting.joined,
        "agreed": meeting.agreed,
        "sequence": meeting.sequence,
        "minutes": meeting.minutes,
        "requested": meeting.requested,
        "note": meeting.note,
        "reason": meeting.reason,
    }


def meeting_text(output: Output, meeting: Meeting) -> str:
    """One line about a meeting."""
    kind, status = output.word(meeting.content["kind"]), output.word(meeting.status)
    when = meeting.slot or ", ".join(meeting.common or [])
    return f"{handle(meeting.id)}  {kind}  {meeting.organisation}  {when}  ({status})"


def agreement_values(agreement: Agreement) -> dict[str, Any]:
    """An agreement, and all that was said about it since."""
    return {
        **agreement.content,
        "id": agreement.id,
        "recorder": agreement.recorder,
        "recorded": agreement.recorded,
        "status": agreement.status,
        "due": agreement.due,
        "overdue": agreement.is_overdue(today()),
        "percent": agreement.percent,
        "reason": agreement.reason,
        "entries": [
            {"step": entry.step, "author": entry.author, "received": entry.received, **entry.body}
            for entry in agreement.entries
        ],
    }


def agreement_text(output: Output, agreement: Agreement) -> str:
    """One line about an agreement."""
    said = [output.word(agreement.status)]
    if agreement.percent is not None and agreement.status == "open":
        said.append(f"{agreement.percent}%")
    if agreement.due is not None and agreement.status == "open":
        said.append(output.text("overdue" if agreement.is_overdue(today()) else "due", day=agreement.due))
    said.append(output.text("owner", owner=agreement.owner))
    return f"{handle(agreement.id)}  {agreement.content['text']}  ({', '.join(said)})"


def programme_values(view: View, programme: Programme) -> dict[str, Any]:
    """A programme. Of an agreement that isn't seen here only its id is known."""
    return {
        "id": programme.id,
        "name": programme.name,
        "region": programme.content["region"],
        "parties": programme.content["parties"],
        "keeper": programme.keeper,
        "status": programme.status,
        "note": programme.note,
        "agreements": programme.agreements,
        "done": sum(1 for id in programme.agreements if id in view.agreements and view.agreements[id].status == "done"),
    }


def programme_text(output: Output, programme: Programme) -> str:
    """One line about a programme."""
    said = [output.word(programme.status), output.text("in-programme", count=len(programme.agreements))]
    return f"{handle(programme.id)}  {programme.name}  ({', '.join(said)})"


# Drafts


def draft_values(draft: Draft) -> dict[str, Any]:
    """A draft: its newest version, and who stands behind that."""
    return {
        **draft.current.content,
        "id": draft.id,
        "owner": draft.owner,
        "author": draft.current.author,
        "status": draft.status,
        "version": draft.current.id,
        "digest": draft.digests[draft.current.id],
        "versions": len(draft.versions),
        "signed": draft.signed,
        "declined": draft.declined,
        "missing": draft.missing,
        "reason": draft.reason,
    }


def draft_text(output: Output, draft: Draft) -> str:
    """One line about a draft."""
    said = [output.word(draft.status), output.text("version", number=len(draft.versions))]
    if draft.signed:
        said.append(output.text("signed", names=output.names(draft.signed)))
    if draft.missing and draft.status == "open":
        said.append(output.text("missing", names=output.names(draft.missing)))
    content = draft.current.content
    return f"{handle(draft.id)}  {output.word(content['kind'])}  {content['title']}  ({', '.join(said)})"


def draft_lines(output: Output, draft: Draft) -> list[str]:
    """A draft for people, with its text."""
    declined = [output.text("declines", by=by, reason=reason) for by, reason in draft.declined.items()]
    return [draft_text(output, draft), *declined, "", draft.current.content["content"]["text"]]


# The queue


def queued_values(item: Queued) -> dict[str, Any]:
    """A change on its way, or one that arrived."""
    refusal = item.refusal
    return {
        "id": item.change.id,
        "type": item.change.type,
        "subject": item.change.subject,
        "state": item.state,
        "queued": item.queued,
        "position": item.position,
        "received": item.received,
        "code": refusal.code if refusal else None,
        "retry": refusal.retry if refusal else None,
        "details": dict(refusal.details) if refusal else {},
    }


def queued_text(output: Output, item: Queued) -> str:
    """The same for people."""
    change = item.change
    lines = [f"{output.word(item.state):8} {handle(change.id)}  {change.type}  {change.subject}"]
    if item.refusal is not None:
        lines.append(" " * 9 + item.refusal.said(output.language))
    if item.received:
        lines.append(" " * 9 + output.text("received-at", time=item.received))
    return "\n".join(lines)
