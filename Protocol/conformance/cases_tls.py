"""Section 3 and 5: who is let in, and how everybody is greeted."""

from __future__ import annotations

import ssl
import subprocess

from bench import Bench, Identity, Wrong, case, show

import regiopost


def _not_greeted(bench: Bench, context: ssl.SSLContext) -> None:
    """Expects the end, before or in place of the greeting. A BYE may say why."""
    try:
        peer = bench.open(context)
        message = peer.message()
        if not isinstance(message, regiopost.Bye):
            raise Wrong(f"expected the end, came {show(message)}")
    except regiopost.Disconnected as error:
        if error.reason in ("unreachable", "timed-out"):
            raise Wrong(f"expected the end at once: {error}") from None


def _plain(bench: Bench) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=bench.identity.root)
    context.load_cert_chain(bench.identity.path)
    return context


@case("TLS 1.2 is refused", "3")
def _(bench: Bench) -> None:
    context = _plain(bench)
    context.set_alpn_protocols([regiopost.ALPN])
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    _not_greeted(bench, context)


@case("who offers no protocol is refused", "3")
def _(bench: Bench) -> None:
    _not_greeted(bench, _plain(bench))


@case("who offers another protocol is refused", "3")
def _(bench: Bench) -> None:
    context = _plain(bench)
    context.set_alpn_protocols(["http/1.1"])
    _not_greeted(bench, context)


@case("who shows no certificate is refused", "3")
def _(bench: Bench) -> None:
    _not_greeted(bench, regiopost.tls_context(bench.identity.root, regiopost.ALPN))


@case("who shows a certificate of somebody else's authority is refused", "3")
def _(bench: Bench) -> None:
    key, certificate, both = (bench.folder / f"forged-{name}.pem" for name in ("key", "certificate", "both"))
    arguments = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    arguments += ["-subj", f"/CN={bench.address.replace('/', ' ')}", "-days", "1"]
    arguments += ["-addext", f"subjectAltName=URI:urn:regiopost:address:{bench.address}"]
    arguments += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(arguments, check=True, capture_output=True, timeout=20)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    _not_greeted(bench, bench.context(identity=Identity(both, bench.identity.root)))


@case("the greeting comes first, with every limit", "5")
def _(bench: Bench) -> None:
    peer = bench.open(bench.context())
    message = peer.message()
    if not isinstance(message, regiopost.Greeting):
        raise Wrong(f"expected a greeting, came {show(message)}")
    if message.address != bench.address:
        raise Wrong(f"one certificate, two addresses: {bench.address} and {message.address}")
    missing = {"PUSH", "PULL", "WATCH"} - set(message.capabilities)
    if missing:
        raise Wrong(f"expected cap=PUSH,PULL,WATCH, came {show(message)}")


@case("nothing comes after the greeting of itself", "5")
def _(bench: Bench) -> None:
    line = bench.connect().line(0.5)
    if line is not None:
        raise Wrong(f"expected nothing, came {line[:200]!r}")


@case("two connections of one address are greeted alike", "5")
def _(bench: Bench) -> None:
    for _ in range(2):
        peer = bench.open(bench.context())
        message = peer.message()
        if not isinstance(message, regiopost.Greeting) or message.epoch != bench.greeting.epoch:
            raise Wrong(f"expected epoch={bench.greeting.epoch}, came {show(message)}")
