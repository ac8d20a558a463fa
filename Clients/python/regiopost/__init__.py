"""A client of Regiopost, for scripts and as a library: the standard library alone.

It was written from ``Protocol/specification.md``, the grammar and the vectors. Everything here follows the sections
named there. The rooms, from the bottom to the top; each uses only those before it:

- ``codes``, ``errors``, ``values``: the registry (14), limits, what can go wrong, how values are written.
- ``lines``, ``strict_json`` (section 4): where a line ends, what stands in it.
- ``messages`` (5 to 7): :class:`Request`, :func:`read_message` and what it returns.
- ``fields``, ``change_types``, ``changes`` (8): :class:`Change`, which checks every field.
- ``letters``, ``terms``, ``meetings``, ``agreements``, ``drafts``, ``directory`` (8.4): what changes make together;
  :class:`View` has all of it.
- ``session`` (6, 7): the client's side of a conversation, without any input or output; ``connection``: over TLS.
- ``files``, ``store``, ``outbox``, ``profile``, ``enrolment`` (9 to 11): one address on this machine.
- ``exchange``, ``sync`` (7, 9, 10): :func:`sync`, :func:`watch`, :func:`fetch`.
- ``rights``, ``privacy``, ``work`` (8.4.8, 8.4.11): who may do what, what belongs in no text, and what people do.
- ``texts``, ``shown``, ``arguments``, ``commands``: what people read, in Dutch and in English, and :func:`main`.

A short example::

    import regiopost

    profile = regiopost.Profile.open("griffie-delft")
    with profile.store() as store:
        regiopost.request_meeting(profile, store, kind="briefing", slots=["2026-06-02T19:30/21:00"], key="june")
        report = regiopost.sync(profile, store)
        print(report.pushed, "taken,", report.received, "new")

What was queued is on disk before a function returns, and stays there, byte for byte, until the server has given a
definite answer. Nothing here is a daemon, holds a password or trusts the system's certificates.
"""

from ._version import __version__
from .agreements import Agreement, Entry, Programme
from .change_types import TYPES, ChangeType
from .changes import Change, is_subject
from .codes import CODES
from .commands import main
from .connection import ALPN, ALPN_ENROL, STALL, Connection, Transport, tls_context
from .directory import Mandate, Organisation, Region
from .drafts import Decision, Draft, Joint
from .enrolment import Invitation, enrol
from .errors import (
    ENROL_LINE,
    ENVELOPE,
    EX_CONFIG,
    EX_DATAERR,
    EX_IOERR,
    EX_NOINPUT,
    EX_NOPERM,
    EX_OK,
    EX_PROTOCOL,
    EX_SOFTWARE,
    EX_TEMPFAIL,
    EX_UNAVAILABLE,
    EX_USAGE,
    MAXIMUM_ATTRIBUTES,
    MAXIMUM_CERTIFICATE,
    MAXIMUM_DEPTH,
    MAXIMUM_INTEGER,
    MAXIMUM_LINE,
    MAXIMUM_LIST,
    MAXIMUM_MEMBERS,
    MAXIMUM_NAME,
    MAXIMUM_TAG,
    MAXIMUM_TEXT,
    MAXIMUM_VALUES,
    ChangeError,
    Disconnected,
    Forbidden,
    FramingError,
    JSONError,
    MessageError,
    NoProfile,
    Refusal,
    Refused,
    RegiopostError,
    RequestError,
    UsageError,
)
from .exchange import PAGE, News, Report
from .fields import Reader
from .files import Files, cited_files, write_durably
from .letters import IllegalStep, Letter, Receipt, Response, Version
from .lines import LineFramer, decode_value, encode_value, from_base64url, is_name, to_base64url
from .meetings import Meeting, Participation, common_slots, longest_slots
from .messages import (
    MAILBOXES,
    NO,
    OK,
    Bye,
    Delivery,
    EnrolGreeting,
    Greeting,
    Message,
    Piece,
    Reached,
    Request,
    Unknown,
    read_message,
)
from .outbox import depends, drop, redo
from .profile import Busy, Profile, home
from .rights import judge
from .session import Session
from .shown import printable
from .store import Queued, Store
from .strict_json import JSON, read_json, write_json
from .sync import fetch, sync, watch
from .terms import Term, due, public_holidays, working_day
from .values import (
    ANSWERS,
    CONFIDENTIALITY,
    KINDS,
    MUNICIPAL_ROLES,
    PROVINCIAL_ROLES,
    SUPPORT,
    derived_id,
    id_for_key,
    is_address,
    is_cursor,
    is_date,
    is_id,
    is_organisation,
    is_role,
    is_slot,
    is_time,
    new_id,
    now,
    today,
    with_milliseconds,
)
from .view import View
from .work import opened, queue, request_meeting, respond

__all__ = [
    "ALPN",
    "ALPN_ENROL",
    "ANSWERS",
    "CONFIDENTIALITY",
    "ENROL_LINE",
    "ENVELOPE",
    "EX_CONFIG",
    "EX_DATAERR",
    "EX_IOERR",
    "EX_NOINPUT",
    "EX_NOPERM",
    "EX_OK",
    "EX_PROTOCOL",
    "EX_SOFTWARE",
    "EX_TEMPFAIL",
    "EX_UNAVAILABLE",
    "EX_USAGE",
    "JSON",
    "KINDS",
    "MAILBOXES",
    "MAXIMUM_ATTRIBUTES",
    "MAXIMUM_CERTIFICATE",
    "MAXIMUM_DEPTH",
    "MAXIMUM_INTEGER",
    "MAXIMUM_LINE",
    "MAXIMUM_LIST",
    "MAXIMUM_MEMBERS",
    "MAXIMUM_NAME",
    "MAXIMUM_TAG",
    "MAXIMUM_TEXT",
    "MAXIMUM_VALUES",
    "MUNICIPAL_ROLES",
    "NO",
    "OK",
    "PAGE",
    "PROVINCIAL_ROLES",
    "STALL",
    "SUPPORT",
    "TYPES",
    "Agreement",
    "Busy",
    "Bye",
    "Forbidden",
    "CODES",
    "judge",
    "queue",
    "Change",
    "ChangeError",
    "ChangeType",
    "Connection",
    "Decision",
    "Delivery",
    "Disconnected",
    "Draft",
    "EnrolGreeting",
    "Entry",
    "Files",
    "FramingError",
    "Greeting",
    "IllegalStep",
    "Invitation",
    "JSONError",
    "Joint",
    "Letter",
    "LineFramer",
    "Mandate",
    "Meeting",
    "Message",
    "MessageError",
    "News",
    "NoProfile",
    "Organisation",
    "Participation",
    "Piece",
    "Profile",
    "Programme",
    "Queued",
    "Reached",
    "Reader",
    "Receipt",
    "Refusal",
    "Refused",
    "Region",
    "RegiopostError",
    "Report",
    "Request",
    "RequestError",
    "Response",
    "Session",
    "Store",
    "Term",
    "Transport",
    "Unknown",
    "UsageError",
    "Version",
    "View",
    "__version__",
    "cited_files",
    "common_slots",
    "decode_value",
    "depends",
    "derived_id",
    "drop",
    "due",
    "encode_value",
    "enrol",
    "fetch",
    "from_base64url",
    "home",
    "id_for_key",
    "is_address",
    "is_cursor",
    "is_date",
    "is_id",
    "is_name",
    "is_organisation",
    "is_role",
    "is_slot",
    "is_subject",
    "is_time",
    "longest_slots",
    "main",
    "new_id",
    "now",
    "opened",
    "printable",
    "public_holidays",
    "read_json",
    "read_message",
    "redo",
    "request_meeting",
    "respond",
    "sync",
    "tls_context",
    "to_base64url",
    "today",
    "watch",
    "with_milliseconds",
    "working_day",
    "write_durably",
    "write_json",
]
