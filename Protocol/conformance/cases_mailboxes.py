"""Sections 7.2 to 7.5 and 10: reading and watching mailboxes, and what cursors mean."""

from __future__ import annotations

import hashlib

from bench import Bench, Peer, Skipped, Wrong, case, show, vectors

import regiopost

MOST = 5_000
"""No more changes than this are read of a mailbox."""


def _page(peer: Peer, mailbox: str, cursor: str, limit: int | None) -> tuple[list[regiopost.Delivery], regiopost.OK]:
    peer.send(f"page PULL mailbox={mailbox} cursor={cursor}" + (f" limit={limit}" if limit else ""))
    changes: list[regiopost.Delivery] = []
    while True:
        message = peer.message()
        if isinstance(message, regiopost.Delivery) and message.mailbox == mailbox:
            changes.append(message)
        elif isinstance(message, regiopost.OK) and message.tag == "page":
            return changes, message
        else:
            raise Wrong(f"expected a change of {mailbox} or the reply, came {show(message)}")


def _read(bench: Bench, peer: Peer, mailbox: str, limit: int | None) -> tuple[list[regiopost.Delivery], str]:
    """A mailbox from its start, each change checked."""
    changes: list[regiopost.Delivery] = []
    cursor, more = "0", "yes"
    allowed = min(limit or bench.greeting.page, bench.greeting.page)
    while more == "yes":
        page, reply = _page(peer, mailbox, cursor, limit)
        if len(page) > allowed:
            raise Wrong(f"expected at most {allowed} changes, came {len(page)}")
        cursor, more = reply.attributes["cursor"], reply.attributes["more"]
        if more == "yes" and not page:
            raise Wrong("more=yes, and nothing came")
        for delivery in page:
            changes.append(delivery)
            if delivery.position != len(changes):
                raise Wrong(f"expected position {len(changes)}, came {delivery.position}")
            if hashlib.sha256(delivery.line).hexdigest() != delivery.digest:
                raise Wrong(f"the digest of position {delivery.position} isn't that of its bytes")
        if len(changes) > MOST:
            raise Skipped(f"the mailbox {mailbox} holds more than {MOST} changes")
    return changes, cursor


for _mailbox in regiopost.MAILBOXES:

    @case(f"the mailbox {_mailbox}, page by page: no gap, and every digest right", "7.2")
    def _(bench: Bench, mailbox: str = _mailbox) -> None:
        peer = bench.connect()
        changes, cursor = _read(bench, peer, mailbox, None)
        bench.found[mailbox] = (changes, cursor)
        page, reply = _page(peer, mailbox, cursor, None)
        if page or reply.attributes["more"] != "no":
            raise Wrong(f"expected nothing after the last cursor, came {len(page)} changes and {show(reply)}")
        ids = [regiopost.Change.keep(delivery.line).id for delivery in changes]
        if len(set(ids)) != len(ids):
            raise Wrong("a change is there twice")


def _found(bench: Bench, mailbox: str) -> tuple[list[regiopost.Delivery], str]:
    if mailbox not in bench.found:
        bench.found[mailbox] = _read(bench, bench.connect(), mailbox, None)
    changes, cursor = bench.found[mailbox]
    return changes, cursor


@case("a client may ask for less: limit=1", "7.2")
def _(bench: Bench) -> None:
    peer = bench.connect()
    first, reply = _page(peer, "directory", "0", 1)
    if not first:
        raise Skipped("the directory is empty")
    if len(first) != 1:
        raise Wrong(f"expected one change, came {len(first)}")
    if reply.attributes["more"] == "no":
        return
    second, _ = _page(peer, "directory", reply.attributes["cursor"], 1)
    if len(second) != 1 or second[0].position != 2:
        raise Wrong(f"expected position 2 alone, came {[delivery.position for delivery in second]}")


@case("a change comes with the same bytes, time and position each time", "7.2")
def _(bench: Bench) -> None:
    changes, _ = _found(bench, "directory")
    again, _ = _page(bench.connect(), "directory", "0", 50)
    if changes[: len(again)] != again:
        raise Wrong("the first page of the directory was another the second time")


@case("a limit past the page is no more than the page", "7.2")
def _(bench: Bench) -> None:
    page, _ = _page(bench.connect(), "directory", "0", 999_999_999_999_999)
    if len(page) > bench.greeting.page:
        raise Wrong(f"expected at most {bench.greeting.page}, came {len(page)}")


_EPOCHS = {vector["name"]: vector["cursor"] for vector in vectors("cursors")["cases"] if vector["cursor"] != "0"}
_EPOCHS |= {"of no server": "garbage", "of 128 characters": "A" * 128, "of one character": "-"}

for _name, _cursor in _EPOCHS.items():

    @case(f"a cursor of another history: {_name}", "10")
    def _(bench: Bench, cursor: str = _cursor) -> None:
        peer = bench.connect()
        peer.no(f"1 PULL mailbox=own cursor={cursor}", "resync")
        peer.no(f"2 WATCH mailbox=directory cursor={cursor}", "resync")
        peer.no(f"3 STORED mailbox=own cursor={cursor}", "resync")
        peer.ok("4 PULL mailbox=own cursor=0 limit=1")


@case("a cursor of another mailbox", "10")
def _(bench: Bench) -> None:
    changes, cursor = _found(bench, "directory")
    if not changes:
        raise Skipped("the directory is empty")
    peer = bench.connect()
    peer.no(f"1 PULL mailbox=own cursor={cursor}", "resync")
    peer.alive()


@case("a cursor of another address's mailbox", "10")
def _(bench: Bench) -> None:
    second = bench.connect_second()
    changes, cursor = _read(bench, second, "own", None)
    if not changes:
        raise Skipped("the second address's mailbox is empty")
    if changes[-1].line in [delivery.line for delivery in _found(bench, "own")[0]]:
        raise Skipped("both addresses got the same change last")
    bench.connect().no(f"1 PULL mailbox=own cursor={cursor}", "resync")


@case("a cursor is good on another connection", "10")
def _(bench: Bench) -> None:
    _, cursor = _found(bench, "directory")
    bench.connect().ok(f"1 PULL mailbox=directory cursor={cursor}")


@case("nobody else's mailbox can be named", "7.2")
def _(bench: Bench) -> None:
    peer = bench.connect()
    for name in ("gm0503/griffie", bench.address, "all", ""):
        peer.no(f"1 PULL mailbox={name} cursor=0", "mailbox-unknown")


@case("watch: everything there is, then the cursor reached", "7.3")
def _(bench: Bench) -> None:
    expected, last = _found(bench, "directory")
    peer = bench.connect()
    peer.send("w WATCH mailbox=directory cursor=0")
    position = 0
    while True:
        message = peer.message()
        if isinstance(message, regiopost.Delivery):
            position += 1
            if message.position != position or message.mailbox != "directory":
                raise Wrong(f"expected position {position} of the directory, came {show(message)}")
        elif isinstance(message, regiopost.Reached):
            if message.mailbox != "directory":
                raise Wrong(f"expected a cursor of the directory, came {show(message)}")
        elif isinstance(message, regiopost.OK) and message.tag == "w" and message.verb == "WATCH":
            break
        else:
            raise Wrong(f"expected a change, a cursor or the reply, came {show(message)}")
    if position < len(expected):
        raise Wrong(f"expected {len(expected)} changes, came {position}")
    if position == len(expected) and message.attributes["cursor"] != last:
        raise Wrong("the cursor reached is another than PULL gave at the same place")


@case("a mailbox is read once at a time, and another one meanwhile", "7.2")
def _(bench: Bench) -> None:
    _, cursor = _found(bench, "own")
    peer = bench.connect()
    peer.ok(f"1 WATCH mailbox=own cursor={cursor}")
    peer.no("2 PULL mailbox=own cursor=0", "mailbox-busy")
    peer.no("3 WATCH mailbox=own cursor=0", "mailbox-busy")
    peer.ok("4 PULL mailbox=directory cursor=0 limit=1")
    peer.ok("5 UNWATCH mailbox=own")
    peer.ok("6 PULL mailbox=own cursor=0 limit=1")


@case("both mailboxes may be watched at once", "7.3")
def _(bench: Bench) -> None:
    peer = bench.connect()
    for number, mailbox in enumerate(regiopost.MAILBOXES):
        peer.ok(f"w{number} WATCH mailbox={mailbox} cursor={_found(bench, mailbox)[1]}")
    peer.alive()


@case("what isn't watched may be unwatched", "7.4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.ok("1 UNWATCH mailbox=own")
    peer.ok("2 UNWATCH mailbox=directory")


@case("what is kept safe may be said, more than once", "7.5")
def _(bench: Bench) -> None:
    peer = bench.connect()
    for mailbox in regiopost.MAILBOXES:
        for _ in range(2):
            reply = peer.ok(f"s STORED mailbox={mailbox} cursor={_found(bench, mailbox)[1]}")
            if reply.attributes["mailbox"] != mailbox:
                raise Wrong(f"expected mailbox={mailbox}, came {show(reply)}")
    peer.ok("0 STORED mailbox=own cursor=0")


@case("every change of the mailboxes is legal, and its author's own bytes", "8.1")
def _(bench: Bench) -> None:
    for mailbox in regiopost.MAILBOXES:
        for delivery in _found(bench, mailbox)[0]:
            try:
                change = regiopost.Change.read(delivery.line)
            except regiopost.ChangeError as error:
                kept = regiopost.Change.keep(delivery.line)
                if kept.type not in regiopost.TYPES or error.code != "bad-field":
                    raise Wrong(f"position {delivery.position} of {mailbox} is no change: {error}") from None
                continue
            if mailbox == "directory" and change.known and change.known.subject not in ("organisation", "region"):
                raise Wrong(f"a {change.type} stands in the directory")


@case("every exact change stands on the one before it", "8.3")
def _(bench: Bench) -> None:
    view = regiopost.View()
    for mailbox in ("directory", "own"):
        for delivery in _found(bench, mailbox)[0]:
            view.add(regiopost.Change.keep(delivery.line), delivery.received)
    if view.misfits:
        raise Wrong(f"{len(view.misfits)} changes don't fit on what was there, the first {view.misfits[0]}")
