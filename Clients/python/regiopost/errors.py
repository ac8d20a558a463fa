"""Limits, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MAXIMUM_LINE = 1_048_576
"""The longest JSON in a line that any server may announce, in bytes."""
ENVELOPE = 1_024
"""How many bytes of a line may stand before its JSON."""
ENROL_LINE = 65_536
"""The longest ``line`` on ``regiopost-enrol/1``, in bytes."""
MAXIMUM_ATTRIBUTES = 32
MAXIMUM_NAME = 32
MAXIMUM_TAG = 32
MAXIMUM_DEPTH = 16
MAXIMUM_MEMBERS = 200
MAXIMUM_VALUES = 20_000
MAXIMUM_INTEGER = 2**53 - 1
MAXIMUM_LIST = 500
MAXIMUM_TEXT = 4_000
MAXIMUM_CERTIFICATE = 16_384

# sysexits.h, which every command ends with.
EX_OK, EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_UNAVAILABLE, EX_SOFTWARE = 0, 64, 65, 66, 69, 70
EX_IOERR, EX_TEMPFAIL, EX_PROTOCOL, EX_NOPERM, EX_CONFIG = 74, 75, 76, 77, 78


class RegiopostError(Exception):
    """Anything that this module refuses or that went wrong; ``exit_code`` is what a command ends with."""

    exit_code = EX_SOFTWARE


class UsageError(RegiopostError):
    """What was asked can't be: wrong input, or something that isn't there."""

    exit_code = EX_DATAERR


class NoProfile(RegiopostError):
    """There is no such profile, or it isn't enrolled."""

    exit_code = EX_CONFIG


class FramingError(RegiopostError):
    """A stream that can't be cut into lines any further. ``code`` is ``bad-byte`` or ``line-too-long``."""

    exit_code = EX_PROTOCOL

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JSONError(RegiopostError):
    """Text that isn't I-JSON within the bounds of section 4."""

    exit_code = EX_DATAERR


class MessageError(RegiopostError):
    """A line that is no message. ``field`` names the part that is wrong."""

    exit_code = EX_PROTOCOL

    def __init__(self, field: str) -> None:
        super().__init__(f"the part called {field} can't be read")
        self.field = field


@dataclass(frozen=True)
class Refusal:
    """Why the server won't do something (section 6): a stable code, when to try again, details, a text for people."""

    code: str
    retry: str
    text: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        details = "".join(f" {name}={value}" for name, value in self.details.items())
        return f"{self.code}{details}" + (f" ({self.text})" if self.text else "")


class Refused(RegiopostError):
    """The server answered NO."""

    exit_code = EX_DATAERR

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        if refusal.retry == "later":
            self.exit_code = EX_TEMPFAIL
        elif refusal.code in ("mandate-ended", "mandate-not-started", "organisation-abolished"):
            self.exit_code = EX_NOPERM


class ChangeError(RegiopostError):
    """A change that no server would take, whatever it knows: section 8.4.2, step 1."""

    exit_code = EX_DATAERR

    def __init__(self, code: str, field: str | None = None, expected: str | None = None) -> None:
        where = f" {field}" if field else ""
        super().__init__(f"{code}{where}" + (f": expected {expected}" if expected else ""))
        self.code = code
        self.field = field or None


class RequestError(RegiopostError):
    """A line from a client that is no request: what a server would answer, and under which tag."""

    def __init__(self, tag: str | None, code: str, field: str | None = None, *, ends: bool = False) -> None:
        super().__init__(f"{code} {field or ''}".rstrip())
        self.tag, self.code, self.field = tag, code, field
        self.ends = ends
        """Whether nobody can know how many counted bytes follow, so that the connection ends (section 6)."""


class Disconnected(RegiopostError):
    """The connection is over. What was under way may have been done or not.

    ``reason`` is one of ``unreachable``, ``not-let-in``, ``untrusted``, ``closed``, ``cut-off``, ``timed-out``,
    ``violation``, or the code of a BYE.
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {text}" if text else reason)
        self.reason = reason
        codes = {
            "unreachable": EX_UNAVAILABLE,
            "not-let-in": EX_NOPERM,
            "revoked": EX_NOPERM,
            "untrusted": EX_NOPERM,
            "violation": EX_PROTOCOL,
        }
        self.exit_code = codes.get(reason, EX_TEMPFAIL)
