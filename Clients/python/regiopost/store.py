"""Store: the replica and the outbox of one profile (sections 9 and 10)."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .changes import Change
from .errors import ChangeError, Disconnected, Refusal, UsageError
from .messages import MAILBOXES, NO, OK, Delivery
from .values import now
from .view import View

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mailbox (
    name TEXT PRIMARY KEY, cursor TEXT NOT NULL, position INTEGER NOT NULL, history INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS change (
    mailbox TEXT NOT NULL, id TEXT NOT NULL, history INTEGER NOT NULL, position INTEGER NOT NULL,
    received TEXT NOT NULL, digest TEXT NOT NULL, understood INTEGER NOT NULL, line BLOB NOT NULL,
    PRIMARY KEY (mailbox, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS change_order ON change (mailbox, history DESC, position);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, line BLOB NOT NULL, queued TEXT NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'waiting',
    code TEXT, retry TEXT, text TEXT, details TEXT, position INTEGER, received TEXT, digest TEXT);
"""
_ARRIVING = """
CREATE TEMP TABLE arriving (
    mailbox TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, received TEXT NOT NULL, digest TEXT NOT NULL,
    understood INTEGER NOT NULL, line BLOB NOT NULL)
"""


def _asked(change: Change) -> tuple[str, str, dict[str, Any]]:
    """What a change asks for, without what a program fills in by itself."""
    body = {name: member for name, member in change.body.items() if name != "accounthouder"}
    return change.type, change.subject, body


@dataclass(frozen=True)
class Queued:
    """One row of the outbox. ``state`` is ``waiting``, ``taken`` or ``refused``; ``sent`` says whether its bytes may
    have reached the server, so that it mustn't be rewritten or dropped without a definite NO."""

    change: Change
    queued: str
    sent: bool
    state: str
    refusal: Refusal | None
    position: int | None
    received: str | None


class Store:
    """The replica and the outbox, on SQLite. What a method wrote is durable when it returns (``synchronous=FULL``).

    Changes and the cursor that covers them come in by one transaction. After a resync rows are replaced only as their
    changes come again; the outbox is never touched by it.
    """

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=10, isolation_level=None)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")
        self._database.executescript(_SCHEMA)
        self._database.execute(_ARRIVING)
        with self._transaction():
            for name in MAILBOXES:
                self._database.execute("INSERT OR IGNORE INTO mailbox VALUES (?, '0', 0, 0)", (name,))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    # The replica

    def cursor(self, mailbox: str) -> str:
        """Where to go on reading."""
        return cast("str", self._mailbox(mailbox)["cursor"])

    def position(self, mailbox: str) -> int:
        """The position of the last change that the cursor covers."""
        return cast("int", self._mailbox(mailbox)["position"])

    def _mailbox(self, mailbox: str) -> sqlite3.Row:
        return cast("sqlite3.Row", self._database.execute("SELECT * FROM mailbox WHERE name=?", (mailbox,)).fetchone())

    def arrive(self, delivery: Delivery) -> Change:
        """Takes a change in, apart until :meth:`cover`. Raises :class:`Disconnected` for one that can't be."""
        if hashlib.sha256(delivery.line).hexdigest() != delivery.digest:
            raise Disconnected("violation", "a change has another digest than it should")
        try:
            change = Change.keep(delivery.line)
        except ChangeError:
            raise Disconnected("violation", "a change that is none") from None
        row = (delivery.mailbox, change.id, delivery.position, delivery.received, delivery.digest)
        understood = change.known is not None
        self._database.execute("INSERT INTO arriving VALUES (?,?,?,?,?,?,?)", (*row, understood, delivery.line))
        return change

    def cover(self, mailbox: str, cursor: str) -> int:
        """Keeps what arrived and the cursor after it, in one transaction; says how many changes that were."""
        with self._transaction():
            rows = self._database.execute("SELECT position FROM arriving WHERE mailbox=?", (mailbox,)).fetchall()
            last = self.position(mailbox)
            if [row["position"] for row in rows] != list(range(last + 1, last + 1 + len(rows))):
                raise Disconnected("violation", f"a gap after position {last} in the mailbox {mailbox}")
            self._database.execute(
                "INSERT OR REPLACE INTO change SELECT mailbox, id, "
                "(SELECT history FROM mailbox WHERE name=arriving.mailbox), "
                "position, received, digest, understood, line FROM arriving WHERE mailbox=?",
                (mailbox,),
            )
            self._database.execute(
                "UPDATE mailbox SET cursor=?, position=? WHERE name=?", (cursor, last + len(rows), mailbox)
            )
        self._database.execute("DELETE FROM arriving WHERE mailbox=?", (mailbox,))
        return len(rows)

    def forget_arriving(self) -> None:
        """Drops what arrived without a cursor: the connection ended before it came."""
        self._database.execute("DELETE FROM arriving")

    def resync(self, mailbox: str) -> None:
        """Starts again from 0. Rows stay until their changes come again, and after those that did."""
        with self._transaction():
            self._database.execute(
                "UPDATE mailbox SET cursor='0', position=0, history=history+1 WHERE name=?", (mailbox,)
            )

    def changes(self, mailbox: str) -> Iterator[tuple[Change, str]]:
        """The changes of a mailbox with the time at which the server received each, in order."""
        rows = self._database.execute(
            "SELECT line, understood, received FROM change WHERE mailbox=? ORDER BY history DESC, position", (mailbox,)
        )
        for row in rows:
            yield Change.stored(row["line"], bool(row["understood"])), row["received"]

    def view(self, outbox: bool = True) -> View:
        """The fold of the replica, with what waits in the outbox on top."""
        view = View()
        for mailbox in ("directory", "own"):
            for change, received in self.changes(mailbox):
                view.add(change, received)
        if outbox:
            for item in self.outbox():
                if item.state != "refused":
                    view.add(item.change, item.received)
        return view

    # The outbox

    def put(self, change: Change) -> Change:
        """Puts a change into the outbox, on disk before this returns. One with an id that is there already must ask for
        the same; then the first one is returned and nothing is written. Raises :class:`UsageError`."""
        with self._transaction():
            known = self._known(change.id)
            if known is None:
                self._insert(change)
                return change
        if _asked(known) != _asked(change):
            raise UsageError("key-used")
        return known

    def has(self, id: str) -> bool:
        """Whether a change with that id is in the outbox or in the mailbox."""
        return self._known(id) is not None

    def _known(self, id: str) -> Change | None:
        for query in ("SELECT line FROM outbox WHERE id=?", "SELECT line FROM change WHERE mailbox='own' AND id=?"):
            row = self._database.execute(query, (id,)).fetchone()
            if row is not None:
                return Change.keep(row["line"])
        return None

    def _insert(self, change: Change) -> None:
        self._database.execute("INSERT INTO outbox (id, line, queued) VALUES (?,?,?)", (change.id, change.line, now()))

    def outbox(self, state: str | None = None) -> list[Queued]:
        """The outbox in the order in which it was filled; what was taken stays, as a record of the receipts."""
        rows = self._database.execute("SELECT * FROM outbox WHERE ? IS NULL OR state=? ORDER BY number", (state, state))
        items: list[Queued] = []
        for row in rows:
            refusal = None
            if row["code"] is not None:
                refusal = Refusal(row["code"], row["retry"], row["text"], json.loads(row["details"]))
            items.append(
                Queued(
                    Change.stored(row["line"], True),
                    row["queued"],
                    bool(row["sent"]),
                    row["state"],
                    refusal,
                    row["position"],
                    row["received"],
                )
            )
        return items

    def find(self, text: str) -> Queued:
        """The item that hasn't been taken whose id is, or begins or ends with, ``text``. Raises :class:`UsageError`."""
        items = [item for item in self.outbox() if item.state != "taken"]
        found = [i for i in items if i.change.id.startswith(text) or i.change.id.endswith(text)]
        if len(found) != 1:
            raise UsageError("queue-many" if found else "queue-none", text=text)
        return found[0]

    def mark_sent(self, ids: Iterable[str]) -> None:
        """Remembers that these bytes may reach the server from now on."""
        with self._transaction():
            self._database.executemany("UPDATE outbox SET sent=1 WHERE id=?", [(id,) for id in ids])

    def answered(self, id: str, answer: OK | NO) -> None:
        """Keeps the definite answer to a change. ``later`` is none: the same bytes go again."""
        with self._transaction():
            if isinstance(answer, OK):
                values = answer.attributes
                self._database.execute(
                    "UPDATE outbox SET state='taken', position=?, received=?, digest=?, "
                    "code=NULL, retry=NULL, text=NULL, details=NULL WHERE id=?",
                    (int(values["position"]), values["received"], values["digest"], id),
                )
            else:
                refusal = answer.refusal
                state = "refused" if refusal.is_definite else "waiting"
                details = json.dumps(dict(refusal.details))
                self._database.execute(
                    "UPDATE outbox SET state=?, code=?, retry=?, text=?, details=? WHERE id=?",
                    (state, refusal.code, refusal.retry, refusal.text, details, id),
                )

    def retry(self, item: Queued) -> None:
        """Lets a refused change go again as it is."""
        with self._transaction():
            query = "UPDATE outbox SET state='waiting' WHERE id=? AND state='refused'"
            self._database.execute(query, (item.change.id,))

    def replace(self, old: Sequence[str], new: Sequence[Change]) -> None:
        """Puts changes in the place of others, which the server has refused or never seen. In one transaction."""
        with self._transaction():
            for id in old:
                done = self._database.execute(
                    "DELETE FROM outbox WHERE id=? AND (state='refused' OR state='waiting' AND sent=0)", (id,)
                )
                if done.rowcount != 1:
                    raise UsageError("may-be-there")
            for change in new:
                self._insert(change)
