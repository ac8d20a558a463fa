"""Terms: when an answer to a letter is due (8.4.5)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .changes import Change
from .letters import IllegalStep


@dataclass
class Term:
    """The term by which one organisation answers a letter: ``running`` or ``suspended``."""

    letter: str
    organisation: str
    route: Mapping[str, Any]
    """``sender``, ``region``, ``roles`` and perhaps ``confidentiality``, from its first change."""
    moved: str | None = None
    """The date that the sender's side set instead of the letter's."""
    own: str | None = None
    """The date that the organisation set for itself."""
    suspended_since: str | None = None
    reason: str | None = None
    suspended_days: int = 0
    """How many days it stood still, since the sender's side last set a date."""
    reminders: int = 0
    reminded_by: str | None = None
    reminder: str | None = None
    reminded_at: str | None = None

    @property
    def status(self) -> str:
        """The stable name of its state."""
        return "running" if self.suspended_since is None else "suspended"

    def apply(self, step: str, change: Change, received: str | None) -> None:
        """Makes a step: ``set``, ``suspend``, ``resume`` or ``remind``. Raises :class:`IllegalStep`."""
        body = change.body
        match step:
            case "set":
                self._set(change)
            case "suspend":
                if self.suspended_since is not None:
                    raise IllegalStep("illegal-step", self.status, step)
                self.suspended_since, self.reason = body["from"], body["reason"]
            case "resume":
                if self.suspended_since is None:
                    raise IllegalStep("illegal-step", self.status, step)
                days = (_day(body["on"]) - _day(self.suspended_since)).days
                if days < 0:
                    raise IllegalStep("bad-field", self.status, step)
                self.suspended_days += days
                self.suspended_since, self.reason = None, None
            case _:
                self.reminders += 1
                self.reminded_by, self.reminder, self.reminded_at = change.author, body.get("note"), received

    def _set(self, change: Change) -> None:
        if change.author.partition("/")[0] != self.route["sender"].partition("/")[0]:
            self.own = change.body["due"]
        elif self.suspended_since is not None:
            raise IllegalStep("illegal-step", self.status, "set")
        else:
            self.moved, self.suspended_days = change.body["due"], 0


def due(letter_due: str | None, term: Term | None) -> str | None:
    """The day on which an answer is due: the sender's date, later by the days that the term stood still, on a working
    day; or the organisation's own where that is earlier. ``None`` where nobody set one, or while it stands still."""
    if term is None:
        return working_day(letter_due) if letter_due else None
    if term.suspended_since is not None:
        return None
    senders = term.moved or letter_due
    days = []
    if senders is not None:
        days.append(working_day((_day(senders) + datetime.timedelta(term.suspended_days)).isoformat()))
    if term.own is not None:
        days.append(working_day(term.own))
    return min(days, default=None)


def working_day(text: str) -> str:
    """The day itself, or the next one that is no Saturday, Sunday or public holiday."""
    day = _day(text)
    while day.weekday() >= 5 or day in public_holidays(day.year):
        day += datetime.timedelta(1)
    return day.isoformat()


def public_holidays(year: int) -> set[datetime.date]:
    """Those of the Algemene termijnenwet, article 3."""
    easter = _easter(year)
    king = datetime.date(year, 4, 27)
    king -= datetime.timedelta(king.weekday() == 6)
    fixed = {datetime.date(year, month, day) for month, day in ((1, 1), (5, 5), (12, 25), (12, 26))}
    # Good Friday, Easter Monday, Ascension Day, Whit Monday.
    return fixed | {king} | {easter + datetime.timedelta(days) for days in (-2, 1, 39, 50)}


def _easter(year: int) -> datetime.date:
    """Easter Sunday, by the Gregorian computus of Meeus, Jones and Butcher."""
    golden, century, rest = year % 19, year // 100, year % 100
    skipped, leap = divmod(century, 4)
    moon = (19 * golden + century - skipped - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * leap + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return datetime.date(year, month, day + 1)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
