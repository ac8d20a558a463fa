"""Sections 7.8 and 7.9: files as counted bytes."""

from __future__ import annotations

import hashlib
import secrets

from bench import Bench, Peer, Skipped, Wrong, case, expect_no, show

import regiopost

_NOTHING = hashlib.sha256(b"a file that nobody has").hexdigest()


def _connect(bench: Bench) -> Peer:
    if bench.greeting.chunk is None:
        raise Skipped("this server has no files")
    return bench.connect()


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _send(peer: Peer, tag: str, name: str, size: int, offset: int, data: bytes) -> regiopost.OK | regiopost.NO:
    peer.send_raw(f"{tag} BLOB sha256={name} size={size} offset={offset} count={len(data)}\n".encode() + data)
    return peer.reply(tag)


def _expect(reply: regiopost.Message, **expected: str) -> None:
    found = dict(reply.attributes) if isinstance(reply, regiopost.OK) else {}
    if any(found.get(name) != value for name, value in expected.items()):
        raise Wrong(f"expected OK with {expected}, came {show(reply)}")


@case("of a file that nobody has sent nothing is there", "7.8")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    name = _name(secrets.token_bytes(32))
    _expect(peer.ok(f"1 OFFER sha256={name} size=1000"), sha256=name, offset="0", complete="no")


@case("a piece in the wrong place is passed over, whatever is in it", "7.8")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    data = b"2 QUIT\n\r\n\0\n3 QUIT\n"
    expect_no(_send(peer, "1", _name(secrets.token_bytes(32)), 1000, 3, data), "blob-offset")
    peer.alive()


@case("a file past the limit is refused, and its bytes are passed over", "7.8")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    size = (bench.greeting.blob or 0) + 1
    peer.no(f"1 OFFER sha256={_NOTHING} size={size}", "blob-too-large")
    expect_no(_send(peer, "2", _NOTHING, size, 0, b"3 QUIT\n"), "blob-too-large")
    peer.alive()


@case("more counted bytes than allowed end the connection", "7.8")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    count = (bench.greeting.chunk or 0) + 1
    if count > (bench.greeting.blob or 0):
        raise Skipped("no file is larger than a piece")
    peer.no(f"1 BLOB sha256={_NOTHING} size={count} offset=0 count={count}", "chunk-too-long")
    peer.bye("chunk-too-long")


@case("bytes that aren't those of the digest are dropped", "7.8")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    name = _name(secrets.token_bytes(32))
    expect_no(_send(peer, "1", name, 7, 0, b"bijlage"), "blob-mismatch")
    _expect(peer.ok(f"2 OFFER sha256={name} size=7"), offset="0", complete="no")


@case("a file that nobody has can't be fetched", "7.9")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    peer.no(f"1 FETCH sha256={_name(secrets.token_bytes(32))} offset=0", "blob-unknown")
    peer.alive()


def _uploaded(bench: Bench, peer: Peer) -> bytes:
    """The file that is left behind, in three pieces where it isn't there yet."""
    if not bench.may_push:
        raise Skipped("it writes: give --push")
    data = f"Regiopost, test of conformance {bench.name}\r\n1 QUIT\n\0".encode().ljust(60, b".")
    name = _name(data)
    reply = peer.ok(f"o OFFER sha256={name} size={len(data)}")
    while reply.attributes["complete"] == "no":
        offset = int(reply.attributes["offset"])
        piece = data[offset : offset + 25]
        sent = _send(peer, "u", name, len(data), offset, piece)
        reached = str(offset + len(piece))
        _expect(sent, sha256=name, offset=reached, complete="yes" if int(reached) == len(data) else "no")
        assert isinstance(sent, regiopost.OK)
        reply = sent
    return data


@case("a file comes back as it was sent, whole and in parts", "7.9")
def _(bench: Bench) -> None:
    peer = _connect(bench)
    data = _uploaded(bench, peer)
    name = _name(data)
    _expect(peer.ok(f"1 OFFER sha256={name} size={len(data)}"), offset=str(len(data)), complete="yes")
    for number, (offset, count) in enumerate(((0, None), (7, 5), (len(data) - 1, 100), (len(data), None))):
        tag = f"f{number}"
        peer.send(f"{tag} FETCH sha256={name} offset={offset}" + (f" count={count}" if count else ""))
        came = b""
        while isinstance(message := peer.message(), regiopost.Piece):
            if (message.sha256, message.offset) != (name, offset + len(came)):
                raise Wrong(f"expected bytes from {offset + len(came)} on, came {show(message)}")
            came += peer.counted(message.count)
        expected = data[offset : offset + (count or len(data))]
        if came != expected:
            raise Wrong(f"expected {expected!r}, came {came!r}")
        _expect(message, offset=str(offset + len(expected)), size=str(len(data)))
    peer.no(f"p FETCH sha256={name} offset={len(data) + 1}", "blob-offset")


@case("a second address doesn't get a file by its digest", "13")
def _(bench: Bench) -> None:
    data = _uploaded(bench, _connect(bench))
    second = bench.connect_second()
    second.no(f"1 FETCH sha256={_name(data)} offset=0", "blob-unknown")
    _expect(second.ok(f"2 OFFER sha256={_name(data)} size={len(data)}"), offset="0", complete="no")
