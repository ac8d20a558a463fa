"""Session: the client's side of a conversation, without input or output (sections 5 to 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from .errors import ENROL_LINE, Disconnected, MessageError, Refusal, Refused, UsageError
from .messages import (
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


class Session:
    """What a client knows of one connection: it makes the requests, and checks that what comes may come.

    Everything that a server must not send raises :class:`Disconnected` with the reason ``violation``; the connection
    must then be closed.
    """

    def __init__(self, *, enrolment: bool = False) -> None:
        self.greeting: Greeting | None = None
        self.enrol_greeting: EnrolGreeting | None = None
        self.under_way: dict[str, Request] = {}
        self._enrolment = enrolment
        self._number = 0
        self._position: dict[str, int | None] = {}
        self._watched: set[str] = set()
        self._fetching: dict[str, tuple[int, int]] = {}
        """Where each blob that is fetched goes on, and where it ends at the latest."""

    @property
    def may_ask(self) -> bool:
        """Whether one more request may be under way."""
        allowed = self.greeting.requests if self.greeting else 1
        return len(self.under_way) < allowed

    def request(self, verb: str, *, json: bytes | None = None, tag: str | None = None, **attributes: str) -> Request:
        """Makes a request. Its line is to be sent, with an LF."""
        if self.greeting is None and self.enrol_greeting is None:
            raise UsageError("too-early")
        if not self.may_ask:
            raise UsageError("too-many-requests")
        longest = self.greeting.line if self.greeting else ENROL_LINE
        if json is not None and len(json) > longest:
            details = {"limit": str(longest)}
            raise Refused(Refusal("line-too-long", "never", "The line is longer than the limit", details))
        if json is not None and (not json.startswith(b"{") or re.search(rb"[\n\r\0]", json)):
            raise UsageError("one-line")
        if verb in ("OFFER", "BLOB"):
            self._check_file(attributes)
        self._number += 1
        request = Request(tag or str(self._number), verb, attributes, json)
        if request.tag in self.under_way:
            raise UsageError("tag-used")
        if verb == "FETCH":
            self._fetch(attributes)
        self.under_way[request.tag] = request
        if verb in ("PULL", "WATCH"):
            self._position.setdefault(attributes["mailbox"], None)
        return request

    def _check_file(self, attributes: Mapping[str, str]) -> None:
        """What is over a limit that the greeting named isn't sent: more than the limit ends the connection."""
        if self.greeting is None or self.greeting.blob is None or self.greeting.chunk is None:
            raise UsageError("no-files")
        for name, limit, code in (
            ("size", self.greeting.blob, "blob-too-large"),
            ("count", self.greeting.chunk, "chunk-too-long"),
        ):
            if int(attributes.get(name, "0")) > limit:
                text = "The file is larger than the limit"
                raise Refused(Refusal(code, "never", text, {"limit": str(limit)}))

    def _fetch(self, attributes: Mapping[str, str]) -> None:
        chunk = self.greeting.chunk if self.greeting else None
        if chunk is None:
            raise UsageError("no-files")
        if attributes["sha256"] in self._fetching:
            raise UsageError("file-fetched")
        offset = int(attributes["offset"])
        self._fetching[attributes["sha256"]] = (offset, offset + min(chunk, int(attributes.get("count", chunk))))

    def receive(self, line: bytes) -> Message:
        """Takes one line from the server, without its LF, and returns what it says. After a :class:`Piece` its bytes
        must be read before the next line."""
        try:
            message = read_message(line)
        except MessageError as error:
            raise Disconnected("violation", str(error)) from None
        if isinstance(message, (Bye, Unknown)):
            return message
        if self.greeting is None and self.enrol_greeting is None:
            return self._greeted(message)
        if isinstance(message, (OK, NO)):
            self._replied(message)
        elif isinstance(message, Delivery):
            self._came(message)
        elif isinstance(message, Piece):
            self._piece(message)
        elif isinstance(message, Reached):
            if message.mailbox not in self._position:
                raise Disconnected("violation", "a cursor of a mailbox that nobody reads")
        else:
            raise Disconnected("violation", "a second greeting")
        return message

    def _greeted(self, message: Message) -> Message:
        if isinstance(message, EnrolGreeting) and self._enrolment:
            self.enrol_greeting = message
        elif isinstance(message, Greeting) and not self._enrolment:
            self.greeting = message
        else:
            raise Disconnected("violation", "no greeting")
        return message

    def _replied(self, reply: OK | NO) -> None:
        if reply.tag is None:
            raise Disconnected("violation", f"the server couldn't read a tag: {reply.refusal}")
        request = self.under_way.pop(reply.tag, None)
        if request is None:
            raise Disconnected("violation", "a reply to nothing")
        mailbox = request.attributes.get("mailbox")
        if isinstance(reply, OK):
            if reply.verb != request.verb or reply.attributes.get("mailbox") != mailbox:
                raise Disconnected("violation", "a reply to something else")
            if reply.attributes.get("sha256") != request.attributes.get("sha256"):
                raise Disconnected("violation", "a reply about another file")
            if reply.verb == "FETCH":
                reached, _ = self._fetching[request.attributes["sha256"]]
                if int(reply.attributes["offset"]) != reached:
                    raise Disconnected("violation", "bytes of a file are missing")
            if reply.verb == "WATCH":
                self._watched.add(cast("str", mailbox))
            elif reply.verb == "UNWATCH":
                self._watched.discard(cast("str", mailbox))
        if request.verb == "FETCH":
            del self._fetching[request.attributes["sha256"]]
        if mailbox is not None and mailbox not in self._watched and not self._awaits(mailbox):
            self._position.pop(mailbox, None)

    def _awaits(self, mailbox: str) -> bool:
        waiting = self.under_way.values()
        return any(r.verb in ("PULL", "WATCH") and r.attributes["mailbox"] == mailbox for r in waiting)

    def _piece(self, piece: Piece) -> None:
        """A piece goes on where the last one ended, and no further than was asked: its bytes are bounded."""
        expected, end = self._fetching.get(piece.sha256, (-1, -1))
        if piece.offset != expected or piece.offset + piece.count > end:
            raise Disconnected("violation", "bytes of a file that nobody asked for")
        self._fetching[piece.sha256] = (expected + piece.count, end)

    def _came(self, delivery: Delivery) -> None:
        if delivery.mailbox not in self._position:
            raise Disconnected("violation", "a change in a mailbox that nobody reads")
        last = self._position[delivery.mailbox]
        if last is not None and delivery.position != last + 1:
            raise Disconnected("violation", f"a gap before position {delivery.position}")
        self._position[delivery.mailbox] = delivery.position
