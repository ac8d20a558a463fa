"""Values: how addresses, dates, slots and ids are written (sections 5 and 8.4.1)."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
import time as clock
import zoneinfo
from collections.abc import Mapping

MUNICIPAL_ROLES = ("formateur", "college", "gemeentesecretaris", "burgemeester", "griffie", "raadslid", "registratuur")
PROVINCIAL_ROLES = ("secretariaat", "secretaris", "voorzitter", "registratuur", "beheerder", "regiopostd")
SUPPORT = ("knowledge", "cooperation", "area-based", "innovation", "participation", "finance")
ANSWERS = ("yes", "partly", "no", "later")
CONFIDENTIALITY = (
    *("openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk"),
    *("vertrouwelijk", "confidentieel", "geheim", "zeer_geheim"),
)
"""The levels, the most open first; what names none is ``intern``."""
KINDS: Mapping[str, tuple[str, ...]] = {
    "conversation": ("formateur", "college", "gemeentesecretaris"),
    "briefing": ("griffie",),
    "knowledge-session": ("college", "gemeentesecretaris", "griffie"),
    "expert-team": ("formateur", "college", "gemeentesecretaris"),
}
"""The kinds of meeting, and the roles that may ask for one."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_ORGANISATION = re.compile(r"gm[0-9]{4}|pv[0-9]{2}")
REGION = re.compile(r"(?=.{2,40}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?Z")
_SLOT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})/([0-9]{2}):([0-9]{2})")
_WHITE = re.compile("[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
COUNT = re.compile(r"[1-9][0-9]{0,14}")


def is_id(text: str) -> bool:
    """Whether the text is a UUID of RFC 9562 in its one spelling."""
    return _UUID.fullmatch(text) is not None


def is_organisation(text: str) -> bool:
    """Whether the text is the code of a municipality or a province."""
    return _ORGANISATION.fullmatch(text) is not None


def is_role(text: str) -> bool:
    """Whether the text is a role somewhere."""
    if text.startswith("accounthouder-"):
        return REGION.fullmatch(text.removeprefix("accounthouder-")) is not None
    return text in MUNICIPAL_ROLES or text in PROVINCIAL_ROLES


def is_address(text: str) -> bool:
    """Whether the text is an organisation and a role that organisations of its sort have."""
    organisation, slash, role = text.partition("/")
    if not slash or not is_organisation(organisation) or not is_role(role):
        return False
    if organisation.startswith("gm"):
        return role in MUNICIPAL_ROLES
    return role in PROVINCIAL_ROLES or role.startswith("accounthouder-")


def is_date(text: str) -> bool:
    """Whether the text is a day that exists, from 1970 to 9999."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return False
    try:
        return datetime.date.fromisoformat(text).year >= 1970
    except ValueError:
        return False


def is_time(text: str) -> bool:
    """Whether the text is a moment in UTC, to the second or the millisecond."""
    match = _TIME.fullmatch(text)
    if match is None:
        return False
    hour, minute, second = (int(match.group(index)) for index in (4, 5, 6))
    return is_date(text[:10]) and hour < 24 and minute < 60 and second < 60


def with_milliseconds(text: str) -> str:
    """A moment as lines have it: always with milliseconds."""
    return text if "." in text else text[:-1] + ".000Z"


def is_slot(text: str) -> bool:
    """Whether the text is a slot: on one day, ending after it starts."""
    match = _SLOT.fullmatch(text)
    if match is None or not is_date(match.group(1)):
        return False
    hours_and_minutes = [int(match.group(index)) for index in (2, 3, 4, 5)]
    if hours_and_minutes[0] > 23 or hours_and_minutes[2] > 23 or max(hours_and_minutes[1::2]) > 59:
        return False
    return hours_and_minutes[:2] < hours_and_minutes[2:]


def is_cursor(text: str) -> bool:
    """Whether the text can be a cursor; what it means only the server knows."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,128}", text) is not None


def is_blank(text: str) -> bool:
    return _WHITE.search(text) is None


def new_id() -> str:
    """A new UUID of version 7: 48 bits of time and 74 of chance."""
    number = int(clock.time() * 1000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    return _uuid(number & ~(3 << 62) | 2 << 62)


def id_for_key(address: str, key: str) -> str:
    """The id that ``address`` gives to what it calls ``key`` (8.4.10): asked for twice, it is the same."""
    return derived_id("regiopost key", address, key)


def derived_id(*texts: str) -> str:
    """A UUID of version 8 from the SHA-256 of the texts, with an LF between each two."""
    number = int.from_bytes(hashlib.sha256("\n".join(texts).encode()).digest()[:16], "big")
    number = number & ~(0xF << 76) | 8 << 76
    return _uuid(number & ~(3 << 62) | 2 << 62)


def _uuid(number: int) -> str:
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def today() -> str:
    """The day that it is in the Netherlands, or here where time zones aren't known."""
    try:
        return datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Amsterdam")).date().isoformat()
    except zoneinfo.ZoneInfoNotFoundError:
        return datetime.date.today().isoformat()


def now() -> str:
    """This machine's time, as changes have it."""
    moment = datetime.datetime.now(datetime.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
