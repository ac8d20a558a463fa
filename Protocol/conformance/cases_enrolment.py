"""Section 11: enrolment, as far as it goes without an invitation."""

from __future__ import annotations

import secrets
from typing import Any

from bench import Bench, Wrong, case, octets, show, vectors

import regiopost

_REQUEST = "request=MAMCAQA"


@case("the other name is for enrolment, without a certificate", "11", enrolment=True)
def _(bench: Bench) -> None:
    peer = bench.connect_for_enrolment()
    peer.ok("1 PING")
    peer.no('2 PUSH {"v":1}', "unknown-verb")
    peer.no("3 PULL mailbox=directory cursor=0", "unknown-verb")
    peer.ok("4 QUIT")
    peer.end()


@case("a line of one byte too many, for enrolment", "11", enrolment=True)
def _(bench: Bench) -> None:
    peer = bench.open(bench.context(regiopost.ALPN_ENROL), regiopost.ENROL_LINE)
    greeting = peer.message()
    if not isinstance(greeting, regiopost.EnrolGreeting):
        raise Wrong(f"expected a greeting, came {show(greeting)}")
    peer.send_raw(b"1 ENROL secret=" + b"x" * (greeting.line + regiopost.ENVELOPE - 14))
    peer.bye("line-too-long")


@case("a wrong secret is unknown, and the fifth ends the connection", "11", enrolment=True)
def _(bench: Bench) -> None:
    peer = bench.connect_for_enrolment()
    for number in range(1, 6):
        secret = regiopost.to_base64url(secrets.token_bytes(24))
        peer.no(f"{number} ENROL address={bench.address} secret={secret} {_REQUEST}", "invitation-unknown")
    peer.bye("too-many-failures")


@case("a connection for enrolment takes sixteen lines", "11", enrolment=True)
def _(bench: Bench) -> None:
    peer = bench.connect_for_enrolment()
    for number in range(16):
        peer.ok(f"{number} PING")
    peer.send("17 PING")
    peer.bye("too-many-requests")


for _vector in vectors("requests")["illegal"]:
    if " ENROL " in _vector.get("line", ""):

        @case(f"no request: {_vector['name']}", "11", enrolment=True)
        def _(bench: Bench, vector: dict[str, Any] = _vector) -> None:
            peer = bench.connect_for_enrolment()
            peer.no(octets(vector), vector["code"])
            peer.alive()
