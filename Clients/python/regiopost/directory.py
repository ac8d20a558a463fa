"""The directory: organisations, regions, mandates (8.4.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .letters import IllegalStep


@dataclass
class Organisation:
    """An organisation in the directory (8.4.7)."""

    code: str
    name: str
    short_name: str
    memberships: Sequence[Mapping[str, str]]
    """Each with ``classification`` and ``region``, and perhaps ``from`` and ``until``."""
    merged: tuple[str, str] | None = None
    """The first day on which another organisation has taken over, and which."""

    def region(self, day: str, classification: str = "bestuurlijk") -> str | None:
        """The name of its region by a classification on a day."""
        for entry in self.memberships:
            if entry["classification"] == classification:
                if entry.get("from", "") <= day <= entry.get("until", "9999"):
                    return entry["region"]
        return None


@dataclass
class Region:
    """A region in the directory (8.4.7)."""

    name: str
    title: str
    province: str
    contact: Mapping[str, str]

    @property
    def account_holder(self) -> str:
        """The address of its account holder."""
        return f"{self.province}/accounthouder-{self.name}"


@dataclass
class Mandate:
    """From when until when an address has a holder (8.4.7): ``planned``, ``running`` or ``ended``."""

    address: str
    status: str = "planned"
    plan: Mapping[str, Any] | None = None
    """What was set last; ``None`` where a standing mandate was ended."""
    is_plan_open: bool = False
    ended: Mapping[str, Any] | None = None
    """What ended it last."""

    @property
    def successor(self) -> str:
        """Who takes over, or has taken over."""
        says = self.ended if self.status == "ended" else self.plan
        return cast("str", says["successor"]) if says is not None else ""

    def apply(self, step: str, body: Mapping[str, Any]) -> None:
        """Makes a step: ``set``, ``start`` or ``end``. Raises :class:`IllegalStep`."""
        match step:
            case "set":
                self.plan, self.is_plan_open = body, True
            case "start":
                if self.status == "running" or not self.is_plan_open:
                    raise IllegalStep("illegal-step", self.status, step)
                self.status = "running"
            case _:
                if self.status == "ended":
                    raise IllegalStep("illegal-step", self.status, step)
                self.status, self.ended, self.is_plan_open = "ended", body, False
