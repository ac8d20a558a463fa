"""Connection: a session over TLS (sections 3 and 12)."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import select
import socket
import ssl
import time as clock
from pathlib import Path
from typing import cast

from .errors import (
    ENROL_LINE,
    ENVELOPE,
    MAXIMUM_LINE,
    Disconnected,
    FramingError,
    Refused,
    RegiopostError,
    UsageError,
)
from .lines import LineFramer
from .messages import NO, OK, Bye, Greeting, Message, Piece, Request, Unknown
from .session import Session

STALL = 30.0
"""Seconds that a connection may stand still while something is due."""
ALPN = "regiopost/1"
ALPN_ENROL = "regiopost-enrol/1"
_PIECE = 65_536


def tls_context(root: str, alpn: str, identity: Path | None = None) -> ssl.SSLContext:
    """What section 3 asks for: TLS 1.3 alone, one ALPN name, one root (PEM) and none of the system's. ``identity`` is a
    file with a private key and its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.hostname_checks_common_name = False
    context.load_verify_locations(cadata=root)
    context.set_alpn_protocols([alpn])
    if identity is not None:
        context.load_cert_chain(identity)
    return context


class Transport:
    """Lines over TLS. Both directions move at once, so that neither side waits for the other to read."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, limit: int = MAXIMUM_LINE) -> None:
        """Connects and shakes hands; JSON in a line has at most ``limit`` bytes. Raises :class:`Disconnected`."""
        self._host = host
        self._framer = LineFramer(limit + ENVELOPE)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._unsent = bytearray()
        self._is_open = False
        self._end: Disconnected | None = None
        try:
            self._socket = socket.create_connection((host, port), timeout=10)
        except OSError as error:
            raise Disconnected("unreachable", f"{host} port {port}: {error.strerror or error}") from None
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._shake_hands()
        except BaseException:
            self._socket.close()
            raise

    @property
    def protocol(self) -> str | None:
        """The name by ALPN that both sides agreed on."""
        return self._tls.selected_alpn_protocol()

    @property
    def unsent(self) -> int:
        """How many bytes wait to be sent."""
        return len(self._unsent) + self._outgoing.pending

    def send(self, data: bytes) -> None:
        """Queues bytes; :meth:`line` sends them."""
        try:
            self._tls.write(data)
        except (ssl.SSLError, OSError) as error:
            raise _tls_failure(error) from None

    def line(self, timeout: float) -> bytes | None:
        """The next line without its LF, or ``None`` when none came within ``timeout`` seconds. Raises
        :class:`Disconnected` at the end of the stream, once what came before was read."""
        deadline = clock.monotonic() + timeout
        while True:
            try:
                line = self._framer.next_line()
            except FramingError as error:
                raise Disconnected("violation", error.code) from None
            if line is not None:
                return line
            if self._end is not None:
                raise self._end
            if not self._pump(deadline):
                return None

    def counted(self, count: int, timeout: float) -> bytes:
        """Exactly ``count`` bytes as they are. Raises :class:`Disconnected` where they don't come in time."""
        deadline = clock.monotonic() + timeout
        data = bytearray(self._framer.take(count))
        while len(data) < count:
            if self._end is not None:
                raise self._end
            if not self._pump(deadline):
                raise Disconnected("timed-out", "counted bytes didn't come")
            data += self._framer.take(count - len(data))
        return bytes(data)

    def finish(self) -> None:
        """Says that nothing more will be sent (``close_notify``), and goes on reading."""
        with contextlib.suppress(ssl.SSLError, OSError):
            self._tls.unwrap()

    def close(self) -> None:
        """Closes the connection, without waiting."""
        self.finish()
        with contextlib.suppress(OSError):
            self._socket.send(bytes(self._unsent) + self._outgoing.read())
        self._socket.close()

    def _shake_hands(self) -> None:
        deadline = clock.monotonic() + 10
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                if not self._pump(deadline):
                    raise Disconnected("timed-out", "no handshake") from None
            except ssl.SSLCertVerificationError as error:
                raise Disconnected("untrusted", error.verify_message) from None
            except (ssl.SSLError, OSError) as error:
                raise _tls_failure(error) from None
        self._check_name()
        self._is_open = True
        self._decrypt()

    def _check_name(self) -> None:
        """The certificate names the host itself: that a wildcard would cover it isn't enough."""
        found = self._tls.getpeercert() or {}
        names = cast("tuple[tuple[str, str], ...]", found.get("subjectAltName", ()))
        is_literal = ":" in self._host or re.fullmatch(r"[0-9.]+", self._host) is not None
        if not is_literal and ("DNS", self._host.lower()) not in [(kind, name.lower()) for kind, name in names]:
            raise Disconnected("untrusted", f"the server's certificate doesn't name {self._host}")

    def _pump(self, deadline: float) -> bool:
        """Moves bytes in both directions once; whether anything moved before the deadline."""
        self._unsent += self._outgoing.read()
        left = max(0.0, deadline - clock.monotonic())
        readable, writable, _ = select.select([self._socket], [self._socket] if self._unsent else [], [], left)
        try:
            if writable:
                del self._unsent[: self._socket.send(self._unsent[:_PIECE])]
            if readable:
                data = self._socket.recv(_PIECE)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
        except (BlockingIOError, InterruptedError):
            return True
        except OSError as error:
            self._end = Disconnected("cut-off", error.strerror or str(error))
            return True
        if readable and self._is_open:
            self._decrypt()
        return bool(readable or writable)

    def _decrypt(self) -> None:
        """Hands on what can be read. The end is only told once the whole lines before it were read: they count."""
        try:
            while data := self._tls.read(_PIECE):
                self._framer.feed(data)
            self._end = Disconnected("closed", "the server closed the connection")
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self._end = Disconnected("closed", "the server closed the connection")
        except (ssl.SSLError, OSError) as error:
            self._end = _tls_failure(error)


class Connection:
    """A :class:`Session` over a :class:`Transport`."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, enrolment: bool = False) -> None:
        """Connects, and waits for the greeting. Raises :class:`Disconnected`."""
        self.session = Session(enrolment=enrolment)
        self.transport = Transport(host, port, context, limit=ENROL_LINE if enrolment else MAXIMUM_LINE)
        try:
            if self.transport.protocol != (ALPN_ENROL if enrolment else ALPN):
                raise Disconnected("violation", "the server agreed on no protocol")
            message = self.receive(10)
            if isinstance(message, Bye):
                raise Disconnected(message.code, message.text)
            if message is None:
                raise Disconnected("timed-out", "the server didn't greet")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def greeting(self) -> Greeting:
        """What the server said first."""
        if self.session.greeting is None:
            raise UsageError("for-enrolment")
        return self.session.greeting

    def ask(self, verb: str, *, json: bytes | None = None, data: bytes = b"", **attributes: str) -> Request:
        """Queues a request; :meth:`receive` sends it, and brings the reply. ``data`` are the bytes that a BLOB
        counts."""
        request = self.session.request(verb, json=json, **attributes)
        self.transport.send(request.line + b"\n" + data)
        return request

    def receive(self, timeout: float) -> Message | None:
        """The next message, or ``None`` when none came within ``timeout`` seconds. Announcements that aren't known
        are passed over. Raises :class:`Disconnected` at the end of the connection."""
        deadline = clock.monotonic() + timeout
        while (line := self.transport.line(max(0.0, deadline - clock.monotonic()))) is not None:
            message = self.session.receive(line)
            if isinstance(message, Piece):
                return dataclasses.replace(message, data=self.transport.counted(message.count, STALL))
            if not isinstance(message, Unknown):
                return message
        return None

    def reply(self, request: Request, timeout: float = STALL) -> OK:
        """Waits for the reply to a request, with nothing else under way. Raises :class:`Refused`."""
        while True:
            message = self.receive(timeout)
            if message is None:
                raise Disconnected("timed-out", f"no reply to {request.verb}")
            if isinstance(message, Bye):
                raise Disconnected(message.code, message.text)
            if isinstance(message, NO) and message.tag == request.tag:
                raise Refused(message.refusal)
            if isinstance(message, OK) and message.tag == request.tag:
                return message

    def quit(self) -> None:
        """Says goodbye, and closes. What goes wrong with that changes nothing any more."""
        with contextlib.suppress(RegiopostError, OSError):
            self.reply(self.ask("QUIT"), 5)
        self.close()

    def close(self) -> None:
        """Closes the connection, without waiting."""
        self.transport.close()


def _tls_failure(error: Exception) -> Disconnected:
    reason = getattr(error, "reason", None) or str(error)
    if "ALERT" in reason:
        return Disconnected("not-let-in", reason.lower().replace("_", " "))
    if "EOF" in type(error).__name__.upper() or "EOF" in reason:
        return Disconnected("cut-off", "the stream ended without a goodbye")
    return Disconnected("violation", reason.lower().replace("_", " "))
