"""What commands show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from .letters import Letter
from .meetings import Meeting
from .store import Queued
from .view import View

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text of somebody else's as a terminal may show it: controls are escaped (section 13)."""
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


class Output:
    """One JSON object a line for programs, or text for people."""

    def __init__(self, as_json: bool, stream: IO[str]) -> None:
        self.as_json, self.stream = as_json, stream

    def say(self, values: Mapping[str, Any], text: str) -> None:
        if self.as_json:
            self.stream.write(json.dumps(values, ensure_ascii=False) + "\n")
        elif text:
            self.stream.write(printable(text) + "\n")
        self.stream.flush()


def letter_values(view: View, letter: Letter, organisation: str, address: str) -> dict[str, Any]:
    receipt = view.receipts.get((letter.id, address))
    response = view.responses.get((letter.id, organisation))
    return {
        "id": letter.id,
        "dossier": letter.content["dossier"],
        "document": letter.content["document"],
        "date": letter.content["date"],
        "title": letter.content["title"],
        "region": letter.content["region"],
        "sender": letter.sender,
        "due": letter.content.get("due"),
        "status": letter.status,
        "supersededBy": letter.superseded_by,
        "published": letter.published,
        "receipt": receipt.status if receipt else "available",
        "response": response.status if response else None,
    }


def meeting_values(meeting: Meeting) -> dict[str, Any]:
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


def queued_values(item: Queued) -> dict[str, Any]:
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


def queued_text(item: Queued) -> str:
    text = f"{item.state:8} {item.change.id[-12:]}  {item.change.type}  {item.change.subject}"
    if item.refusal is not None:
        text += f"\n         {item.refusal}"
    return text + (f"\n         received by the server {item.received}" if item.received else "")
