"""Meetings (8.4.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from .changes import Change
from .letters import IllegalStep


def slot_parts(slot: str) -> tuple[str, str, str]:
    return slot[:10], slot[11:16], slot[17:]


def lies_within(slot: str, other: str) -> bool:
    (day, start, end), (other_day, other_start, other_end) = slot_parts(slot), slot_parts(other)
    return day == other_day and other_start <= start and end <= other_end


def longest_slots(slots: Iterable[str]) -> list[str]:
    """Slots in order, without those that lie within others."""
    all_slots = sorted(set(slots))
    return [slot for slot in all_slots if not any(o != slot and lies_within(slot, o) for o in all_slots)]


def common_slots(lists: Sequence[Sequence[str]]) -> list[str]:
    """What lists of slots have in common, slot by slot."""
    common = longest_slots(lists[0]) if lists else []
    for slots in lists[1:]:
        found: list[str] = []
        for day, start, end in map(slot_parts, common):
            for other_day, other_start, other_end in map(slot_parts, slots):
                first, last = max(start, other_start), min(end, other_end)
                if day == other_day and first < last:
                    found.append(f"{day}T{first}/{last}")
        common = longest_slots(found)
    return common


@dataclass
class Participation:
    """What one organisation that is invited says about taking part. A join stands until a join or leave of the same
    organisation names it, which may have come before it."""

    joins: dict[str, list[str]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)

    @property
    def takes_part(self) -> bool:
        """Whether a join of its own stands."""
        return not self.joins.keys() <= self.replaced

    @property
    def slots(self) -> list[str] | None:
        """What suits it; ``None`` where anything does."""
        named = [slots for id, slots in self.joins.items() if id not in self.replaced and slots]
        return common_slots(named) if named else None


@dataclass
class Meeting:
    """A conversation, a briefing, a knowledge session or an expert team that was asked for (8.4.6)."""

    id: str
    requester: str
    content: Mapping[str, Any]
    requested: str | None
    status: str = "requested"
    slot: str | None = None
    """The slot that stands: proposed, accepted, confirmed or held."""
    place: str | None = None
    countered: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    """The slots that the requester's side named last."""
    participations: dict[str, Participation] = field(default_factory=dict)
    agreed: bool = False
    confirmed_before: tuple[str, str | None] | None = None
    """The date and the place that were confirmed before it was rescheduled."""
    sequence: int = 0
    minutes: str | None = None
    present: list[str] = field(default_factory=list)
    files: Sequence[Mapping[str, Any]] = ()
    """What was shown or handed round."""
    reason: str | None = None
    note: str | None = None

    @property
    def organisation(self) -> str:
        """The organisation that asked."""
        return self.requester.partition("/")[0]

    @property
    def is_open(self) -> bool:
        """Whether the two sides are still looking for a date."""
        return self.status in ("requested", "proposed", "countered", "accepted")

    @property
    def joined(self) -> list[str]:
        """The organisations that take part besides the requester's, by code."""
        return sorted(code for code, said in self.participations.items() if said.takes_part)

    @property
    def parties(self) -> list[str]:
        """Whose meeting it became: the requester's organisation, and those that were there."""
        return sorted({self.organisation, *(self.present or self.joined)})

    @property
    def common(self) -> list[str] | None:
        """The slots that suit all who take part; ``None`` where nobody named any."""
        lists = [self.wanted] if self.wanted else []
        for code in self.joined:
            slots = self.participations[code].slots
            if slots is not None:
                lists.append(slots)
        return common_slots(lists) if lists else None

    def apply(self, step: str, change: Change) -> None:
        """Makes a step: ``join``, ``propose`` and so on. Raises :class:`IllegalStep`."""
        by_account_holder = change.author == self.content["accounthouder"]
        if not self._may(step, by_account_holder):
            raise IllegalStep("illegal-step", self.status, step)
        before = (self.status, self.slot, self.place, self.countered)
        self._make(step, change, by_account_holder)
        if before != (self.status, self.slot, self.place, self.countered):
            self.sequence += 1

    def _may(self, step: str, by_account_holder: bool) -> bool:
        is_confirmed = self.status == "confirmed"
        match step:
            case "counter":
                return self.status == "proposed"
            case "accept":
                return self.status == "proposed" or is_confirmed and not self.agreed
            case "cancel":
                return is_confirmed or self.is_open and not by_account_holder
            case "reschedule" | "hold":
                return is_confirmed
            case "leave":
                return self.is_open or is_confirmed
            case _:
                return self.is_open

    def _make(self, step: str, change: Change, by_account_holder: bool) -> None:
        body, organisation = change.body, change.author.partition("/")[0]
        if step in ("join", "leave"):
            said = self.participations.setdefault(organisation, Participation())
            said.replaced.update(body.get("replaces", ()))
            if step == "join":
                said.joins[change.id] = list(body.get("slots", ()))
            return
        if step not in ("decline", "cancel", "hold"):
            self.note = body.get("note", body.get("reason"))
        match step:
            case "propose":
                self._stands("proposed", body["slot"], body.get("place", self.content.get("place")))
                self.agreed = False
            case "counter":
                self._counter(body["slots"])
            case "accept":
                self.status, self.agreed = ("accepted" if self.status == "proposed" else self.status), True
            case "confirm":
                self._confirm(body["slot"], body.get("place"))
            case "reschedule":
                self._reschedule(body, by_account_holder)
            case "hold":
                self.status, self.minutes, self.present = "held", body["minutes"], list(body.get("present", ()))
                self.files = body.get("files", ())
            case "decline" | "cancel":
                self._stands({"decline": "declined", "cancel": "cancelled"}[step], None, None)
                self.reason = body["reason"]

    def _stands(self, status: str, slot: str | None, place: str | None) -> None:
        self.status, self.slot, self.place, self.countered = status, slot, place, []

    def _counter(self, slots: Sequence[str]) -> None:
        self._stands("countered", None, None)
        self.countered = self.wanted = list(slots)

    def _confirm(self, slot: str, place: str | None) -> None:
        common = self.common
        if self.status in ("proposed", "accepted"):
            is_known = slot == self.slot
            known_place = self.place
        else:
            choice = self.countered if self.status == "countered" else common
            is_known = choice is None or any(lies_within(slot, other) for other in choice)
            before = self.confirmed_before[1] if self.confirmed_before else None
            known_place = before or self.content.get("place")
        if not is_known:
            raise IllegalStep("slot-unknown", self.status, "confirm")
        self.agreed = self.agreed or any(lies_within(slot, other) for other in self.wanted)
        self._stands("confirmed", slot, place or known_place)

    def _reschedule(self, body: Mapping[str, Any], by_account_holder: bool) -> None:
        before = (cast("str", self.slot), self.place)
        if not by_account_holder:
            self._counter(body["slots"])
        elif len(body["slots"]) == 1:
            self._stands("proposed", body["slots"][0], body.get("place", self.place))
        else:
            raise IllegalStep("bad-field", self.status, "reschedule")
        self.confirmed_before, self.agreed = before, False
