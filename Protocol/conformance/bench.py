"""What the cases stand on: connections that may say anything, and what is expected of the answers."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import regiopost

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


class Wrong(Exception):
    """The server did something else than it should."""


class Skipped(Exception):
    """The case can't be tried here, and why."""


@dataclass(frozen=True)
class Result:
    """What came of a case: ``ok``, ``WRONG`` or ``skipped``."""

    name: str
    section: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Case:
    """One thing that a server must do, with the section of the specification that says so."""

    name: str
    section: str
    check: Callable[[Bench], None]
    enrolment: bool = False

    def run(self, bench: Bench) -> Result:
        """Tries it. Whatever the server does, this returns."""
        try:
            self.check(bench)
        except Skipped as why:
            return Result(self.name, self.section, "skipped", str(why))
        except Wrong as wrong:
            return Result(self.name, self.section, "WRONG", str(wrong))
        except regiopost.Disconnected as error:
            return Result(self.name, self.section, "WRONG", f"the connection ended: {error}")
        except regiopost.MessageError as error:
            return Result(self.name, self.section, "WRONG", f"the server sent a line that is none: {error}")
        finally:
            bench.hang_up()
        return Result(self.name, self.section, "ok")


_CASES: list[Case] = []


def case(name: str, section: str, *, enrolment: bool = False) -> Callable[[Callable[[Bench], None]], None]:
    """Registers a function as a case."""

    def register(check: Callable[[Bench], None]) -> None:
        _CASES.append(Case(name, section, check, enrolment))

    return register


def registered(*, no_enrolment: bool) -> list[Case]:
    """All cases, in the order of the specification."""

    def order(case: Case) -> list[int]:
        return [int(part) for part in case.section.split(".")]

    return [case for case in sorted(_CASES, key=order) if not (case.enrolment and no_enrolment)]


def vectors(name: str) -> dict[str, Any]:
    """A file of ``Protocol/vectors``."""
    found: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


def octets(vector: dict[str, Any]) -> bytes:
    """The bytes of a case: a text, perhaps filled up, or hexadecimal."""
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    text: str = vector["line"]
    if "fill" in vector:
        fill = vector["fill"]
        text = text.replace(fill["mark"], fill["with"] * fill["times"], 1)
    return text.encode()


@dataclass(frozen=True)
class Identity:
    """A certificate with its key, and the root of the server that it is for."""

    path: Path
    root: str


class Peer:
    """A connection that sends whatever it is told, and takes nothing for granted that comes."""

    def __init__(self, transport: regiopost.Transport, patience: float) -> None:
        self._transport = transport
        self._patience = patience

    def send(self, *lines: str | bytes) -> None:
        """Sends lines, each with its LF, in one piece."""
        self.send_raw(b"".join((line.encode() if isinstance(line, str) else line) + b"\n" for line in lines))

    def send_raw(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._transport.send(data)

    def counted(self, count: int) -> bytes:
        """Exactly so many bytes, as they come."""
        return self._transport.counted(count, self._patience)

    def finish(self) -> None:
        """Says that nothing more will be sent."""
        self._transport.finish()

    def close(self) -> None:
        """Closes the connection."""
        self._transport.close()

    def line(self, patience: float | None = None) -> bytes | None:
        """The next line, or ``None`` where none comes."""
        return self._transport.line(self._patience if patience is None else patience)

    def message(self) -> regiopost.Message:
        """The next message that is known; none is wrong."""
        while True:
            line = self.line()
            if line is None:
                raise Wrong(f"nothing came within {self._patience:g} s")
            message = regiopost.read_message(line)
            if not isinstance(message, regiopost.Unknown):
                return message

    def reply(self, tag: str | None) -> regiopost.OK | regiopost.NO:
        """The next reply, which must have this tag; changes and cursors before it are passed over."""
        while True:
            message = self.message()
            if isinstance(message, regiopost.Bye):
                raise Wrong(f"expected a reply to {tag}, came BYE {message.code}")
            if isinstance(message, (regiopost.OK, regiopost.NO)):
                if message.tag != tag:
                    raise Wrong(f"expected a reply to {tag or 'a line without a tag'}, came {show(message)}")
                return message

    def replies(self, *tags: str) -> dict[str, regiopost.OK | regiopost.NO]:
        """The replies with these tags, one each, in whatever order they come."""
        found: dict[str, regiopost.OK | regiopost.NO] = {}
        while len(found) < len(tags):
            message = self.message()
            if isinstance(message, (regiopost.Delivery, regiopost.Reached)):
                continue
            if not isinstance(message, (regiopost.OK, regiopost.NO)) or message.tag not in tags:
                raise Wrong(f"expected a reply to {' or '.join(set(tags) - found.keys())}, came {show(message)}")
            if message.tag in found:
                raise Wrong(f"a second reply to one request: {show(message)}")
            found[message.tag] = message
        return found

    def ok(self, request: str | bytes) -> regiopost.OK:
        """Sends a request, and expects OK."""
        self.send(request)
        line = request if isinstance(request, bytes) else request.encode()
        tag, verb = line.split(b" ")[:2]
        reply = self.reply(tag.decode())
        if not isinstance(reply, regiopost.OK) or reply.verb != verb.decode():
            raise Wrong(f"expected OK {verb.decode()}, came {show(reply)}")
        return reply

    def no(self, request: str | bytes, *codes: str, tag: str | None = "") -> regiopost.NO:
        """Sends a line, and expects NO with one of these codes and with the ``retry`` of the registry."""
        self.send(request)
        line = request if isinstance(request, bytes) else request.encode()
        reply = self.reply(line.split(b" ")[0].decode() if tag == "" else tag)
        expect_no(reply, *codes)
        assert isinstance(reply, regiopost.NO)
        return reply

    def bye(self, code: str) -> None:
        """Expects BYE with this code, and then the end."""
        message = self.message()
        if not isinstance(message, regiopost.Bye) or message.code != code:
            raise Wrong(f"expected BYE {code}, came {show(message)}")
        self.end()

    def end(self) -> None:
        """Expects that the server closes, by ``close_notify``, and sends nothing before."""
        try:
            line = self.line()
        except regiopost.Disconnected as error:
            if error.reason != "closed":
                raise Wrong(f"the end without close_notify: {error}") from None
            return
        raise Wrong("expected the end, " + ("nothing happened" if line is None else f"came {line[:200]!r}"))

    def alive(self, tag: str = "alive") -> None:
        """Expects that the connection goes on."""
        self.ok(f"{tag} PING")


def show(message: regiopost.Message) -> str:
    """A message as a detail of a result."""
    return message.written()[:200].decode(errors="replace")


REGISTRY: dict[str, str] = {entry["code"]: entry["retry"] for entry in vectors("errors")["codes"]}
"""The codes of section 14, each with its ``retry``."""
_ENDS: dict[str, str] = {entry["code"]: entry["ends"] for entry in vectors("errors")["codes"]}


def expect_no(reply: regiopost.Message, *codes: str) -> None:
    """Expects NO with one of these codes and with the ``retry`` of the registry."""
    if not isinstance(reply, regiopost.NO) or reply.refusal.code not in codes:
        raise Wrong(f"expected NO {' or '.join(codes)}, came {show(reply)}")
    if reply.refusal.retry != REGISTRY[reply.refusal.code]:
        raise Wrong(f"expected retry={REGISTRY[reply.refusal.code]}, came {show(reply)}")
    if _ENDS[reply.refusal.code] == "always":
        raise Wrong(f"a code that only a goodbye has, came {show(reply)}")


@dataclass
class Bench:
    """The server, who asks, and what the cases have found out together."""

    host: str
    port: int
    identity: Identity
    second: Identity | None
    name: str
    may_push: bool
    patience: float = 10
    """Seconds that an answer may take."""
    folder: Path = Path()
    found: dict[str, Any] = field(default_factory=dict)
    _peers: list[Peer] = field(default_factory=list)

    def start(self) -> None:
        """Connects once, to know who it is. Raises :class:`regiopost.Disconnected`."""
        with regiopost.Connection(self.host, self.port, self.context()) as connection:
            self.greeting = connection.greeting
            connection.quit()

    @property
    def address(self) -> str:
        """The address that asks."""
        return self.greeting.address

    def context(self, alpn: str = regiopost.ALPN, identity: Identity | None = None) -> ssl.SSLContext:
        """How a client that keeps to the specification connects."""
        identity = identity or self.identity
        return regiopost.tls_context(identity.root, alpn, identity.path if alpn == regiopost.ALPN else None)

    def connect(self, identity: Identity | None = None) -> Peer:
        """A connection that was greeted."""
        peer = self.open(self.context(identity=identity))
        if not isinstance(message := peer.message(), regiopost.Greeting):
            raise Wrong(f"expected a greeting, came {show(message)}")
        return peer

    def connect_second(self) -> Peer:
        """A connection of the other address."""
        if self.second is None:
            raise Skipped("it takes a second address: give --second-profile")
        return self.connect(self.second)

    def connect_for_enrolment(self) -> Peer:
        """A connection on the other name."""
        peer = self.open(self.context(regiopost.ALPN_ENROL), regiopost.ENROL_LINE)
        message = peer.message()
        if isinstance(message, regiopost.Bye):
            raise Skipped(f"the server lets nobody enrol from here now: BYE {message.code}")
        if not isinstance(message, regiopost.EnrolGreeting):
            raise Wrong(f"expected a greeting, came {show(message)}")
        return peer

    def open(self, context: ssl.SSLContext, limit: int = regiopost.MAXIMUM_LINE) -> Peer:
        """A connection as it comes; it is closed after the case."""
        peer = Peer(regiopost.Transport(self.host, self.port, context, limit=limit), self.patience)
        self._peers.append(peer)
        return peer

    def hang_up(self) -> None:
        """Closes what a case has opened."""
        while self._peers:
            self._peers.pop().close()
