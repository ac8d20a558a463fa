"""What moves over one connection, both ways (sections 7, 9 and 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, cast

from .changes import Change
from .connection import STALL, Connection
from .errors import EX_DATAERR, EX_OK, EX_TEMPFAIL, Disconnected, Refusal, Refused
from .files import Files, cited_files
from .messages import MAILBOXES, NO, OK, Bye, Delivery, Piece, Reached, Request
from .outbox import depends
from .store import Queued, Store

PAGE = 200
"""How many changes a PULL asks for at most, so that one page fits in memory whatever the server allows."""
_ENOUGH = 1 << 20

News: TypeAlias = "Callable[[str, Change, str], None]"
"""What is called for each change that came: its mailbox, the change, when the server received it."""


@dataclass
class Report:
    """What a sync did."""

    pushed: list[str] = field(default_factory=list)
    """The ids of changes that the server took, or had."""
    refused: dict[str, Refusal] = field(default_factory=dict)
    later: dict[str, Refusal] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    """The ids of changes that wait for one that wasn't taken."""
    received: int = 0
    resynced: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """What a command ends with: wrong input outranks what time mends."""
        if self.refused:
            return EX_DATAERR
        return EX_TEMPFAIL if self.later else EX_OK


class Exchange:
    """Moves changes over one connection, both ways, and keeps what came of it."""

    def __init__(self, store: Store, connection: Connection, report: Report, news: News | None, files: Files) -> None:
        self.store, self.connection, self.report, self.files = store, connection, report, files
        self.news = news
        self.pending: dict[str, Queued] = {}
        self.replies: dict[str, OK | NO] = {}
        self._arrived: dict[str, list[tuple[Change, str]]] = {name: [] for name in MAILBOXES}
        self._tried: set[str] = set()
        store.forget_arriving()

    def step(self, timeout: float) -> bool:
        """Takes one message; whether there was one in time."""
        message = self.connection.receive(timeout)
        if message is None:
            return False
        if isinstance(message, Bye):
            raise Disconnected(message.code, message.text)
        if isinstance(message, Delivery):
            change = self.store.arrive(message)
            self._arrived[message.mailbox].append((change, message.received))
        elif isinstance(message, Piece):
            self._fetched(message)
        elif isinstance(message, Reached):
            self.cover(message.mailbox, message.cursor)
        elif isinstance(message, (OK, NO)) and message.tag is not None:
            item = self.pending.pop(message.tag, None)
            if item is not None:
                self._answered(item, message)
            else:
                self.replies[message.tag] = message
        return True

    def wait(self, request: Request) -> OK:
        """Goes on until a request has its reply. Raises :class:`Refused`."""
        while request.tag not in self.replies:
            if not self.step(STALL):
                raise Disconnected("timed-out", f"no reply to {request.verb}")
        reply = self.replies.pop(request.tag)
        if isinstance(reply, NO):
            raise Refused(reply.refusal)
        return reply

    def cover(self, mailbox: str, cursor: str) -> int:
        """Everything up to the cursor came: it is kept, and then told."""
        count = self.store.cover(mailbox, cursor)
        self.report.received += count
        arrived, self._arrived[mailbox] = self._arrived[mailbox], []
        for change, received in arrived:
            if self.news is not None:
                self.news(mailbox, change, received)
        return count

    def push(self) -> None:
        """Sends what waits in the outbox, in its order. What depends on something without an OK is held back."""
        while ready := self._ready():
            self.store.mark_sent(item.change.id for item in ready)
            for item in ready:
                self._tried.add(item.change.id)
                if not self._send_files(item):
                    continue
                while not self.connection.session.may_ask or self.connection.transport.unsent > _ENOUGH:
                    self._must_step("no reply to PUSH")
                self._send(item)
            while self.pending:
                self._must_step("no reply to PUSH")
        waiting = self.store.outbox("waiting")
        self.report.held = [i.change.id for i in waiting if i.change.id not in self._tried]

    def _must_step(self, what: str) -> None:
        if not self.step(STALL):
            raise Disconnected("timed-out", what)

    def _ready(self) -> list[Queued]:
        open_items = [item for item in self.store.outbox() if item.state != "taken"]
        unsettled = {item.change.id for item in open_items}
        return [
            item
            for item in open_items
            if item.state == "waiting"
            and item.change.id not in self._tried
            and not depends(item.change, unsettled - {item.change.id})
        ]

    def _send_files(self, item: Queued) -> bool:
        """Sends the files that a change cites and that are here; whether the change may follow."""
        try:
            for cited in cited_files(item.change):
                path = self.files.path(cited["sha256"])
                if path.exists() and self.connection.greeting.chunk is not None:
                    self._upload(path, cited["sha256"], cited["size"])
        except Refused as refused:
            self._answered(item, NO(None, refused.refusal))
            return False
        return True

    def _upload(self, path: Path, sha256: str, size: int) -> None:
        """Sends a file, from where the server has it. Raises :class:`Refused`."""
        chunk = min(cast("int", self.connection.greeting.chunk), _ENOUGH)
        reply = self.wait(self.connection.ask("OFFER", sha256=sha256, size=str(size)))
        with path.open("rb") as file:
            while reply.attributes["complete"] == "no":
                offset = int(reply.attributes["offset"])
                file.seek(offset)
                data = file.read(chunk)
                if not data:
                    raise Disconnected("violation", "the server wants more of a file than there is")
                request = self.connection.ask(
                    "BLOB", data=data, sha256=sha256, size=str(size), offset=str(offset), count=str(len(data))
                )
                reply = self.wait(request)
                if int(reply.attributes["offset"]) <= offset and reply.attributes["complete"] == "no":
                    raise Disconnected("violation", "a file doesn't get on")

    def fetch(self, sha256: str) -> Path:
        """Brings a file, from where it stopped before, and returns where it is. Raises :class:`Refused`."""
        partial = self.files.partial(sha256)
        while True:
            offset = partial.stat().st_size if partial.exists() else 0
            reply = self.wait(self.connection.ask("FETCH", sha256=sha256, offset=str(offset)))
            reached, size = int(reply.attributes["offset"]), int(reply.attributes["size"])
            if reached == size:
                return self.files.finish(sha256)
            if reached <= offset:
                raise Disconnected("violation", "a file doesn't get on")

    def _fetched(self, piece: Piece) -> None:
        with self.files.partial(piece.sha256).open("ab") as file:
            file.write(piece.data)

    def _send(self, item: Queued) -> None:
        try:
            request = self.connection.ask("PUSH", json=item.change.line)
        except Refused as refused:
            self._answered(item, NO(None, refused.refusal))
        else:
            self.pending[request.tag] = item

    def _answered(self, item: Queued, answer: OK | NO) -> None:
        change = item.change
        if isinstance(answer, NO):
            kept = self.report.refused if answer.refusal.is_definite else self.report.later
            kept[change.id] = answer.refusal
        elif answer.attributes["id"] != change.id or answer.attributes["digest"] != change.digest:
            raise Disconnected("violation", "a receipt for something else")
        else:
            self.report.pushed.append(change.id)
        self.store.answered(change.id, answer)

    def pull(self, mailbox: str) -> None:
        """Reads a mailbox to its end."""
        page = str(min(PAGE, self.connection.greeting.page))
        while True:
            cursor = self.store.cursor(mailbox)
            try:
                reply = self.wait(self.connection.ask("PULL", mailbox=mailbox, cursor=cursor, limit=page))
            except Refused as refused:
                self._resync(mailbox, cursor, refused)
                continue
            count = self.cover(mailbox, reply.attributes["cursor"])
            if reply.attributes["more"] == "no":
                break
            if count == 0:
                raise Disconnected("violation", "more should come, and nothing comes")
        self.wait(self.connection.ask("STORED", mailbox=mailbox, cursor=self.store.cursor(mailbox)))

    def watch(self, mailbox: str) -> None:
        """Reads a mailbox to its end, and lets what comes in come."""
        while True:
            cursor = self.store.cursor(mailbox)
            try:
                reply = self.wait(self.connection.ask("WATCH", mailbox=mailbox, cursor=cursor))
            except Refused as refused:
                self._resync(mailbox, cursor, refused)
                continue
            self.cover(mailbox, reply.attributes["cursor"])
            return

    def _resync(self, mailbox: str, cursor: str, refused: Refused) -> None:
        if refused.refusal.code != "resync" or cursor == "0":
            raise refused
        self.store.resync(mailbox)
        self.report.resynced.append(mailbox)
