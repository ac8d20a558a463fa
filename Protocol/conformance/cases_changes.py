"""Sections 7.1, 8 and 9: what a server takes, and what it refuses with which code."""

from __future__ import annotations

import json
from typing import Any

from bench import Bench, Peer, Skipped, Wrong, case, expect_no, octets, show, vectors

import regiopost

_NOWHERE = "0195d2a4-7c00-7000-8000-00000000dead"
_TIME = "2026-01-01T00:00:00Z"


def _colleague(bench: Bench) -> str:
    """Another address at one's own organisation."""
    organisation, _, role = bench.address.partition("/")
    return f"{organisation}/{'registratuur' if role != 'registratuur' else _OTHER[organisation[:2]]}"


_OTHER = {"gm": "college", "pv": "secretariaat"}


def _foreign(bench: Bench, vector: dict[str, Any]) -> bytes:
    """A vector's line as nobody's own: what a server with other rules would take is refused for its author."""
    return octets(vector).replace(f'"{bench.address}"'.encode(), f'"{_colleague(bench)}"'.encode())

for _vector in vectors("changes")["illegal"]:

    @case(f"no change: {_vector['name']}", "8.4.2")
    def _(bench: Bench, vector: dict[str, Any] = _vector) -> None:
        line = _foreign(bench, vector)
        if not line.startswith(b"{"):
            raise Skipped("no PUSH can carry it")
        if len(line) + 7 > bench.greeting.line + regiopost.ENVELOPE:
            raise Skipped("longer than this server's lines")
        peer = bench.connect()
        is_long = len(line) > bench.greeting.line
        reply = peer.no(b"1 PUSH " + line, "line-too-long" if is_long else vector["code"])
        field = reply.refusal.details.get("field")
        if not is_long and field and vector.get("field") not in (None, field):
            raise Wrong(f"expected field={vector['field']}, came {show(reply)}")


for _vector in vectors("changes")["legal"]:

    @case(f"somebody else's change: {_vector['name']}", "8.4.2")
    def _(bench: Bench, vector: dict[str, Any] = _vector) -> None:
        line = _foreign(bench, vector)
        if len(line) > bench.greeting.line:
            raise Skipped("longer than this server's lines")
        bench.connect().no(b"1 PUSH " + line, "author-mismatch")


def directory(bench: Bench) -> regiopost.View:
    """The directory as the server has it, read once."""
    if "directory view" not in bench.found:
        view, peer = regiopost.View(), bench.connect()
        cursor, more = "0", "yes"
        while more == "yes":
            peer.send(f"d PULL mailbox=directory cursor={cursor}")
            while isinstance(message := peer.message(), regiopost.Delivery):
                view.add(regiopost.Change.keep(message.line), message.received)
            if not isinstance(message, regiopost.OK):
                raise Wrong(f"expected the directory, came {show(message)}")
            cursor, more = message.attributes["cursor"], message.attributes["more"]
        bench.found["directory view"] = view
    found = bench.found["directory view"]
    assert isinstance(found, regiopost.View)
    return found


def _push(peer: Peer, tag: str, line: bytes) -> regiopost.OK | regiopost.NO:
    peer.send(tag.encode() + b" PUSH " + line)
    return peer.reply(tag)


def _line(bench: Bench, type: str, subject: str, body: dict[str, Any], **more: Any) -> bytes:
    """A change of this address's own that must be refused, whatever the server holds."""
    members = {"v": 1, "id": regiopost.new_id(), "type": type, "subject": subject, "author": bench.address}
    line: bytes = regiopost.write_json({**members, "time": _TIME, "body": body, **more})
    return line


@case("a type that nobody knows", "8.1")
def _(bench: Bench) -> None:
    bench.connect().no(b"1 PUSH " + _line(bench, "conformance.nothing", "conformance/1", {}), "unknown-type")


@case("an author with another role at one's own organisation", "13")
def _(bench: Bench) -> None:
    line = _line(bench, "conformance.nothing", "conformance/1", {}, author=_colleague(bench))
    bench.connect().no(b"1 PUSH " + line, "author-mismatch")


@case("the directory is the server's", "8.4.8")
def _(bench: Bench) -> None:
    body = {"name": "conformance-test", "title": "Test", "province": "pv28"}
    line = _line(bench, "region.set", "region/conformance-test", body)
    bench.connect().no(b"1 PUSH " + line, "not-allowed")


@case("what isn't there can't be gone on with", "8.4.2")
def _(bench: Bench) -> None:
    reason = {"reason": "Test of conformance."}
    peer = bench.connect()
    lines = [
        (_line(bench, "letter.withdraw", f"letter/{_NOWHERE}", reason, after=_NOWHERE), ("subject-unknown",)),
        (_line(bench, "meeting.cancel", f"meeting/{_NOWHERE}", reason, after=_NOWHERE), ("subject-unknown",)),
        (_line(bench, "meeting.join", f"meeting/{_NOWHERE}", {}), ("subject-unknown",)),
    ]
    route = {"sender": "pv28/secretariaat", "region": "haagse-regio"}
    receipt = f"receipt/{_NOWHERE}/{bench.address}"
    lines.append((_line(bench, "receipt.opened", receipt, route), ("letter-unknown",)))
    answer = {**route, "roles": ["formateur"], "dossier": "DOS-2026-0000042", "text": "Test."}
    subject = f"response/{_NOWHERE}/{bench.address.partition('/')[0]}"
    lines.append((_line(bench, "response.submit", subject, answer), ("letter-unknown",)))
    for number, (line, codes) in enumerate(lines):
        expect_no(_push(peer, str(number), line), *codes)


@case("a letter is the secretariat's", "8.4.8")
def _(bench: Bench) -> None:
    if bench.address.endswith("/secretariaat"):
        raise Skipped("this address may publish letters")
    # Without drafts, files or other letters, which would be looked for before the right to publish is.
    vector = next(v for v in vectors("changes")["legal"] if v["name"] == "only what is required: a letter")
    members = json.loads(vector["line"])
    id = regiopost.new_id()
    members |= {"id": id, "subject": f"letter/{id}", "author": bench.address}
    bench.connect().no(b"1 PUSH " + regiopost.write_json(members), "not-allowed")


@case("a refused change leaves nothing behind", "8.4.2")
def _(bench: Bench) -> None:
    peer = bench.connect()
    line = _line(bench, "meeting.cancel", f"meeting/{_NOWHERE}", {"reason": "Test."}, after=_NOWHERE)
    for number in range(2):
        expect_no(_push(peer, str(number), line), "subject-unknown")
    peer.send("3 PULL mailbox=own cursor=0")
    while not isinstance(message := peer.message(), (regiopost.OK, regiopost.NO)):
        if isinstance(message, regiopost.Delivery) and message.line == line:
            raise Wrong("the refused change is in the mailbox")


# ---------------------------------------------------------------------------------------------------------------------
# With --push: one request for a meeting, and its cancellation
# ---------------------------------------------------------------------------------------------------------------------


def _account_holder(bench: Bench) -> str:
    try:
        return directory(bench).account_holder(bench.address.partition("/")[0])
    except regiopost.UsageError as error:
        raise Skipped(str(error)) from None


def _request(bench: Bench) -> regiopost.Change:
    """The request that is written: the same bytes each time."""
    if not bench.may_push:
        raise Skipped("it writes: give --push")
    if "request" not in bench.found:
        role = bench.address.partition("/")[2]
        kind = next((kind for kind in ("briefing", "conversation") if role in regiopost.KINDS[kind]), None)
        if kind is None:
            raise Skipped(f"{bench.address} may not ask for a meeting")
        holder = _account_holder(bench)
        id = regiopost.id_for_key(bench.address, f"{bench.name} request {holder}")
        body = {"kind": kind, "accounthouder": holder, "note": "Test of conformance: please pass over this request."}
        bench.found["request"] = regiopost.Change.make("meeting.request", None, bench.address, body, id=id, time=_TIME)
    found = bench.found["request"]
    assert isinstance(found, regiopost.Change)
    return found


@case("a citizen service number is refused with its place, and repeated nowhere", "8.4.11")
def _(bench: Bench) -> None:
    request = _request(bench)
    # The number is one of documentation: nobody has it.
    body = {**request.body, "note": "Test of conformance.\n\nBSN 123456782."}
    line = regiopost.Change.make("meeting.request", None, bench.address, body, time=_TIME).line
    reply = bench.connect().no(b"1 PUSH " + line, "bsn-found")
    details = reply.refusal.details
    if (details.get("field"), details.get("line")) != ("body.note", "3"):
        raise Wrong(f"expected field=body.note line=3, came {show(reply)}")
    if b"123456782" in reply.written():
        raise Wrong("the number is repeated in the answer")


def _cancel(bench: Bench) -> regiopost.Change:
    request = _request(bench)
    id = regiopost.derived_id("regiopost conformance cancel", request.id)
    body = {"reason": "Test of conformance."}
    return regiopost.Change.make(
        "meeting.cancel", request.subject, bench.address, body, id=id, after=request.id, time=_TIME
    )


def _taken(reply: regiopost.OK | regiopost.NO, change: regiopost.Change) -> regiopost.OK:
    if not isinstance(reply, regiopost.OK) or reply.verb != "PUSH":
        raise Wrong(f"expected OK PUSH, came {show(reply)}")
    if (reply.attributes["id"], reply.attributes["digest"]) != (change.id, change.digest):
        raise Wrong(f"expected id={change.id} digest={change.digest}, came {show(reply)}")
    return reply


@case("what is pushed comes back, live, with its receipt's position", "7.1")
def _(bench: Bench) -> None:
    request, cancel = _request(bench), _cancel(bench)
    peer = bench.connect()
    cursor = "0"
    while (reply := peer.ok(f"r PULL mailbox=own cursor={cursor}")).attributes["more"] == "yes":
        cursor = reply.attributes["cursor"]
    peer.ok(f"w WATCH mailbox=own cursor={reply.attributes['cursor']}")
    # Both at once: the second stands on the first.
    peer.send(b"1 PUSH " + request.line, b"2 PUSH " + cancel.line)
    receipts: dict[str, regiopost.OK] = {}
    came: dict[str, regiopost.Delivery] = {}
    reached = False
    while len(receipts) < 2 or not reached:
        message = peer.message()
        if isinstance(message, (regiopost.OK, regiopost.NO)):
            change = request if message.tag == "1" else cancel
            receipts[change.id] = receipt = _taken(message, change)
            if receipt.attributes.get("repeat") == "yes" and len(receipts) == 2:
                raise Skipped("an earlier run pushed these: give another --name to see it live")
        elif isinstance(message, regiopost.Delivery):
            came[regiopost.Change.keep(message.line).id] = message
        elif isinstance(message, regiopost.Reached):
            reached = {request.id, cancel.id} <= came.keys()
    for change in (request, cancel):
        delivery, values = came[change.id], receipts[change.id].attributes
        if delivery.line != change.line:
            raise Wrong("the change came back with other bytes")
        said = (int(values["position"]), values["received"], values["digest"])
        if said != (delivery.position, delivery.received, delivery.digest):
            raise Wrong(f"the receipt says {said}, the mailbox {show(delivery)[:120]}")


@case("the same bytes again get the first receipt again", "9")
def _(bench: Bench) -> None:
    request = _request(bench)
    peer = bench.connect()
    receipts = [_taken(_push(peer, str(number), request.line), request).attributes for number in range(3)]
    again = [receipt.get("repeat") for receipt in receipts[1:]]
    if again != ["yes", "yes"]:
        raise Wrong(f"expected repeat=yes, came {again}")
    if any({**receipt, "repeat": "yes"} != receipts[1] for receipt in receipts):
        raise Wrong("the second receipt is another than the first")


@case("the same id with other bytes is taken", "9")
def _(bench: Bench) -> None:
    request = _request(bench)
    peer = bench.connect()
    _taken(_push(peer, "1", request.line), request)
    members = json.loads(request.line)
    members["body"]["note"] = "Something else."
    expect_no(_push(peer, "2", regiopost.write_json(members)), "id-taken")
    spaced = request.line.replace(b'"v":1', b'"v": 1', 1)
    expect_no(_push(peer, "3", spaced), "id-taken")


@case("a change that stands on an older one is a conflict, one on nothing misses its predecessor", "8.3")
def _(bench: Bench) -> None:
    request, cancel = _request(bench), _cancel(bench)
    peer = bench.connect()
    _taken(_push(peer, "1", request.line), request)
    _taken(_push(peer, "2", cancel.line), cancel)
    reason = {"reason": "Test of conformance."}
    for number, after in enumerate((request.id, None)):
        line = _line(bench, "meeting.cancel", request.subject, reason, after=after)
        reply = _push(peer, f"c{number}", line)
        expect_no(reply, "conflict")
        if isinstance(reply, regiopost.NO) and reply.refusal.details.get("current") != cancel.id:
            raise Wrong(f"expected current={cancel.id}, came {show(reply)}")
    line = _line(bench, "meeting.cancel", request.subject, reason, after=_NOWHERE)
    expect_no(_push(peer, "p", line), "predecessor-missing")
    line = _line(bench, "meeting.cancel", request.subject, reason, after=cancel.id)
    expect_no(_push(peer, "i", line), "illegal-step")
    line = _line(bench, "meeting.propose", request.subject, {"slot": "2026-06-02T19:30/21:30"}, after=cancel.id)
    expect_no(_push(peer, "n", line), "not-allowed")


@case("a need that isn't there", "8.3")
def _(bench: Bench) -> None:
    request = _request(bench)
    id = regiopost.new_id()
    body = {name: value for name, value in request.body.items()}
    line = _line(bench, "meeting.request", f"meeting/{id}", body, id=id, needs=[_NOWHERE])
    expect_no(_push(bench.connect(), "1", line), "needs-missing")


@case("a second address sees what it may, and nothing else", "13")
def _(bench: Bench) -> None:
    request = _request(bench)
    _taken(_push(bench.connect(), "1", request.line), request)
    second = bench.connect_second()
    identity = bench.second
    assert identity is not None
    with regiopost.Connection(bench.host, bench.port, bench.context(identity=identity)) as connection:
        other = connection.greeting.address
        connection.quit()
    same_side = other.partition("/")[0] == bench.address.partition("/")[0]
    roles = {*regiopost.KINDS[request.body["kind"]], "registratuur"}
    if "college" in roles:
        roles.add("burgemeester")
    holder = str(request.body["accounthouder"])
    may_see = other in (holder, f"{holder.partition('/')[0]}/registratuur") or (
        same_side and other.partition("/")[2] in roles
    )
    cursor, more, sees = "0", "yes", False
    while more == "yes":
        second.send(f"p PULL mailbox=own cursor={cursor}")
        while isinstance(message := second.message(), regiopost.Delivery):
            sees = sees or message.line == request.line
        if not isinstance(message, regiopost.OK):
            raise Wrong(f"expected OK PULL, came {show(message)}")
        cursor, more = message.attributes["cursor"], message.attributes["more"]
    if sees != may_see:
        raise Wrong(f"{other} {'sees' if sees else 'does not see'} the request of {bench.address}")
    line = request.line.replace(bench.address.encode(), other.encode())
    reply = _push(second, "1", line)
    if isinstance(reply, regiopost.OK):
        raise Wrong(f"another address got a receipt for an id that is taken: {show(reply)}")
    if not may_see:
        cancel = json.loads(_cancel(bench).line)
        cancel |= {"id": regiopost.new_id(), "author": other}
        expect_no(_push(second, "2", regiopost.write_json(cancel)), "subject-unknown")
