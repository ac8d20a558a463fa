"""Limits, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .codes import CODES, DOES, connects_again
from .texts import has, text

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


_NOBODY = ("mandate-ended", "mandate-not-started", "organisation-abolished")
"""What says that the address may do nothing at all."""


class RegiopostError(Exception):
    """Anything that this client refuses or that went wrong; ``exit_code`` is what a command ends with. ``what`` is a
    key of the catalogue, with its values, or else the English itself: details for who makes programs."""

    exit_code = EX_SOFTWARE

    def __init__(self, what: str, **values: object) -> None:
        super().__init__(text(what, "en", **values) if has(what) else what)
        self._what, self._values = what, values

    def said(self, language: str) -> str:
        """What people read."""
        return text(self._what, language, **self._values) if has(self._what) else str(self)


class UsageError(RegiopostError):
    """What was asked can't be: wrong input, or something that isn't there."""

    exit_code = EX_DATAERR


class Forbidden(UsageError):
    """The rules don't let this address do that. Nothing was queued; ``code`` is what a server would answer."""

    def __init__(self, code: str, **details: str) -> None:
        self.code, self.details = code, details
        super().__init__(self.said("en"))
        if code in _NOBODY:
            self.exit_code = EX_NOPERM

    def said(self, language: str) -> str:
        """What people read."""
        details = "".join(f" {name}={value}" for name, value in self.details.items())
        return f"{self.code}{details}: {text(self.code, language)}"


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

    @property
    def does(self) -> str:
        """What becomes of a change that was answered so: ``again``, ``keep`` or ``sync`` (:data:`codes.DOES`). A code
        that isn't known acts by its ``retry`` like any other."""
        return DOES[self.retry]

    @property
    def is_definite(self) -> bool:
        """Whether the server hasn't got the change, so that it may be rewritten (section 9)."""
        return self.does != "again"

    def said(self, language: str) -> str:
        """What people read: the code, its details, and what it means; of a code that isn't known the server's words."""
        details = "".join(f" {name}={value}" for name, value in self.details.items())
        meaning = text(self.code, language) if self.code in CODES else self.text
        return f"{self.code}{details}" + (f" ({meaning})" if meaning else "")

    def __str__(self) -> str:
        return self.said("en")


class Refused(RegiopostError):
    """The server answered NO."""

    exit_code = EX_DATAERR

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        if not refusal.is_definite:
            self.exit_code = EX_TEMPFAIL
        if refusal.code in _NOBODY:
            self.exit_code = EX_NOPERM

    def said(self, language: str) -> str:
        """What people read."""
        return self.refusal.said(language)


class ChangeError(RegiopostError):
    """A change that no server would take, whatever it knows: section 8.4.2, step 1."""

    exit_code = EX_DATAERR

    def __init__(self, code: str, field: str | None = None, expected: str | None = None) -> None:
        self.code, self.field, self._expected = code, field or None, expected
        super().__init__(self.said("en"))

    def said(self, language: str) -> str:
        """What people read: the code, the field, and what it means."""
        where = f" {self.field}" if self.field else ""
        expected = f" ({self._expected})" if self._expected else ""
        return f"{self.code}{where}: {text(self.code, language)}{expected}"


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

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason, self._detail = reason, detail
        super().__init__(self.said("en"))
        self.connects_again = reason not in ("not-let-in", "untrusted", "violation") and connects_again(reason)
        """Whether the same client may connect again by itself, after a while."""
        codes = {
            "unreachable": EX_UNAVAILABLE,
            **dict.fromkeys(("not-let-in", "untrusted"), EX_NOPERM),
            **dict.fromkeys(
                ("revoked", "certificate-expired", "mandate-ended", "organisation-abolished"), EX_NOPERM
            ),
        }
        self.exit_code = codes.get(reason, EX_TEMPFAIL if self.connects_again else EX_PROTOCOL)

    def said(self, language: str) -> str:
        """What people read. Details that aren't in the catalogue are for who makes programs."""
        reason = text(self.reason, language) if has(self.reason) else self.reason
        detail = text(self._detail, language) if has(self._detail) else self._detail
        return f"{self.reason}: {reason}" + (f" ({detail})" if detail and detail != reason else "")
