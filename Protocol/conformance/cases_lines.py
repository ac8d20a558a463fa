"""Sections 4, 6, 7.6 and 7.7: where a line ends, what may stand in it, and what each request is answered."""

from __future__ import annotations

import re
from typing import Any

from bench import Bench, Skipped, Wrong, case, expect_no, octets, show, vectors

import regiopost


@case("a carriage return before the line's end", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send_raw(b"1 PING\n2 PING\r\n3 PING\n")
    _expect_ok(peer.reply("1"))
    peer.bye("bad-byte")


@case("a carriage return for a line's end", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send_raw(b"1 PING\r2 PING\n")
    peer.bye("bad-byte")


@case("a NUL", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send_raw(b"1 PING\n2 PI\0NG\n3 PING\n")
    _expect_ok(peer.reply("1"))
    peer.bye("bad-byte")


@case("a carriage return inside JSON", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send_raw(b'1 PUSH {"text":"a\rb"}\n')
    peer.bye("bad-byte")


@case("a line's end inside JSON ends the line", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send('1 PUSH {"v":1,"text":"', '2 QUIT"}', "3 PING")
    replies = peer.replies("1", "2", "3")
    expect_no(replies["1"], "bad-json")
    expect_no(replies["2"], "bad-request")
    _expect_ok(replies["3"])


def _expect_ok(reply: regiopost.Message) -> None:
    if not isinstance(reply, regiopost.OK):
        raise Wrong(f"expected OK, came {show(reply)}")


@case("a line of one byte too many, before its end has come", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    longest = bench.greeting.line + regiopost.ENVELOPE
    head = b"1 PUSH {"
    peer.send_raw(head + b"x" * (longest - len(head) + 1))
    peer.bye("line-too-long")


@case("JSON of one byte too many costs its reply", "7.1")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.no(b"1 PUSH {" + b"x" * bench.greeting.line, "line-too-long")
    peer.alive()


@case("JSON of exactly the limit is read", "7.1")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.no(b"1 PUSH {" + b"x" * (bench.greeting.line - 1), "bad-json")
    peer.alive()


@case("a line in many pieces is one line", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    for byte in b"tag.1 PING\n":
        peer.send_raw(bytes([byte]))
        if peer.line(0.01) is not None:
            break
    peer.alive()


for _vector in vectors("requests")["illegal"]:

    @case(f"no request: {_vector['name']}", "6")
    def _(bench: Bench, vector: dict[str, Any] = _vector) -> None:
        line = octets(vector)
        if b" ENROL " in line:
            raise Skipped("ENROL is no verb on regiopost/1; it is tried with enrolment")
        if bench.greeting.line + regiopost.ENVELOPE < len(line):
            raise Skipped("longer than this server's lines")
        if bench.greeting.chunk is None and re.search(rb"\b(OFFER|BLOB|FETCH)\b", line):
            raise Skipped("this server has no files")
        peer = bench.connect()
        reply = peer.no(line, vector["code"], tag=vector.get("tag"))
        field = reply.refusal.details.get("field")
        if field is not None and vector.get("field") not in (None, field):
            raise Wrong(f"expected field={vector['field']}, came {show(reply)}")
        if vector.get("ends"):
            peer.bye("bad-request")
        else:
            peer.alive()


@case("attributes that nobody knows are ignored, in any order, also needlessly escaped", "4")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.ok("1 PING load=3 empty=")
    reply = peer.ok("Abcdefghijklmnopqrstuvwxyz.012_- PULL limit=1 future=a=b cursor=0 mailbox=%6Fwn")
    if reply.attributes["mailbox"] != "own":
        raise Wrong(f"expected mailbox=own, came {show(reply)}")
    peer.no('2 PUSH note=a={b:c {"v":1', "bad-json")


@case("requests may be pipelined, and each gets one reply", "6")
def _(bench: Bench) -> None:
    peer = bench.connect()
    tags = [f"p{number}" for number in range(min(100, bench.greeting.requests))]
    peer.send(*(f"{tag} PING" for tag in tags))
    waiting = set(tags)
    while waiting:
        message = peer.message()
        if not isinstance(message, regiopost.OK) or message.tag not in waiting:
            raise Wrong(f"expected OK to one of {len(waiting)} PINGs, came {show(message)}")
        waiting.discard(message.tag)
    peer.alive()


@case("more requests than allowed are answered, each once, and the connection goes on", "6")
def _(bench: Bench) -> None:
    peer = bench.connect()
    if bench.greeting.requests > 5_000:
        raise Skipped("this server allows more than 5,000")
    waiting = {f"p{number}" for number in range(2 * bench.greeting.requests)}
    peer.send(*(f"{tag} PULL mailbox=directory cursor=0 limit=1" for tag in sorted(waiting)))
    while waiting:
        message = peer.message()
        if isinstance(message, (regiopost.Delivery, regiopost.Reached)):
            continue
        if not isinstance(message, (regiopost.OK, regiopost.NO)) or message.tag not in waiting:
            raise Wrong(f"expected a reply to one of {len(waiting)} requests, came {show(message)}")
        if isinstance(message, regiopost.NO) and message.refusal.code not in ("too-many-requests", "mailbox-busy"):
            raise Wrong(f"expected OK, NO too-many-requests or NO mailbox-busy, came {show(message)}")
        waiting.discard(message.tag)
    peer.alive()


@case("a tag may be used again once it was answered", "6")
def _(bench: Bench) -> None:
    peer = bench.connect()
    for _ in range(3):
        peer.ok("again PING")


@case("a tag that is under way ends the connection, once both can't be told apart", "6")
def _(bench: Bench) -> None:
    # Whether the first is still under way is the server's affair: answered in time, the tag is free again.
    peer = bench.connect()
    peer.send(*["1 PULL mailbox=directory cursor=0"] * 2)
    seen = 0
    while seen < 2:
        message = peer.message()
        if isinstance(message, regiopost.Bye):
            if message.code != "bad-request":
                raise Wrong(f"expected BYE bad-request, came {show(message)}")
            peer.end()
            return
        if isinstance(message, (regiopost.OK, regiopost.NO)):
            if message.tag != "1":
                raise Wrong(f"expected a reply to 1, came {show(message)}")
            seen += 1


@case("verbs of the future are unknown", "6")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.no("1 CONFORMANCE mailbox=own", "unknown-verb")
    peer.no("2 ENROL address=gm0503/griffie secret=AAECAwQFBgcICQoLDA0ODw request=MAMCAQA", "unknown-verb")
    peer.alive()


@case("QUIT is answered last, and the server closes", "7.7")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send("1 PING", "2 QUIT", "3 PING")
    _expect_ok(peer.reply("1"))
    _expect_ok(peer.reply("2"))
    peer.end()


@case("who stops sending still gets the replies", "3")
def _(bench: Bench) -> None:
    peer = bench.connect()
    peer.send("1 PULL mailbox=directory cursor=0 limit=1", "2 PING")
    peer.finish()
    for reply in peer.replies("1", "2").values():
        _expect_ok(reply)
    peer.end()


def _comparable(message: regiopost.Message) -> tuple[Any, ...]:
    """What of a message follows from a dialogue, whoever's server it is."""
    if isinstance(message, regiopost.NO):
        return "NO", message.tag, message.refusal.code, message.refusal.retry
    if isinstance(message, regiopost.OK):
        fixed = {name: value for name, value in message.attributes.items() if name not in ("cursor", "more")}
        return "OK", message.tag, message.verb, fixed
    if isinstance(message, regiopost.Bye):
        return "BYE", message.code
    return (type(message).__name__,)


def _replayable(dialogue: dict[str, Any]) -> bool:
    """Whether a dialogue goes the same at every server, whatever it holds and whoever asks."""
    if any(dialogue.get(name) for name in ("stored", "directory", "refusals", "limits")):
        return False
    steps = dialogue["steps"]
    lines = [step.get("server", "") for step in steps]
    needs_more = any("arrives" in step or "hint" in step for step in steps)
    needs_more = needs_more or any("cursor=A" in step.get("client", "") for step in steps)
    return not (needs_more or any(" OK PUSH " in line or " OK ENROL " in line or "FETCH" in line for line in lines))


for _dialogue in vectors("dialogues")["dialogues"]:
    if _replayable(_dialogue):

        @case(f"dialogue: {_dialogue['name']}", "6", enrolment=_dialogue["alpn"] == regiopost.ALPN_ENROL)
        def _(bench: Bench, dialogue: dict[str, Any] = _dialogue) -> None:
            is_enrolment = dialogue["alpn"] == regiopost.ALPN_ENROL
            peer = bench.connect_for_enrolment() if is_enrolment else bench.connect()
            for step in dialogue["steps"][1:]:
                if "client" in step:
                    peer.send(step["client"])
                elif step.get("closes") == "client":
                    peer.finish()
                elif step.get("closes") == "server":
                    peer.end()
                else:
                    expected = regiopost.read_message(step["server"].encode())
                    message = peer.message()
                    while isinstance(message, (regiopost.Delivery, regiopost.Reached)):
                        message = peer.message()
                    if _comparable(message) != _comparable(expected):
                        raise Wrong(f"expected {step['server'][:200]}\n    came {show(message)}")
