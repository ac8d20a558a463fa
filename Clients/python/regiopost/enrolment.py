"""Enrolment (section 11): an invitation becomes a profile."""

from __future__ import annotations

import contextlib
import hashlib
import re
import socket
import ssl
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .connection import ALPN_ENROL, Connection, tls_context
from .errors import Disconnected, NoProfile, RegiopostError, UsageError
from .files import write_durably
from .lines import from_base64url, to_base64url
from .messages import CHECKS
from .profile import Profile, lock_folder, profile_folder
from .strict_json import write_json
from .values import is_address


@dataclass(frozen=True)
class Invitation:
    """``regiopost:1:HOST:PORT:ADDRESS:SECRET:PIN``, one spelling of each."""

    host: str
    port: int
    address: str
    secret: str
    pin: str

    @classmethod
    def read(cls, text: str) -> Invitation:
        """Reads an invitation. Raises :class:`UsageError`."""
        where = r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):([1-9][0-9]{0,4})"
        pattern = rf"regiopost:1:{where}:([^:]+):([A-Za-z0-9_-]+):([0-9a-f]{{64}})"
        match = re.fullmatch(pattern, text) if len(text.encode()) <= 512 else None
        if match is not None:
            host, port, address, secret, pin = match.groups()
            fits = int(port) < 65_536 and is_address(address) and CHECKS["secret"](secret)
            if fits and _is_host(host):
                return cls(host.strip("[]"), int(port), address, secret, pin)
        raise UsageError("no-invitation")


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_literal(socket.AF_INET6, host[1:-1])
    if re.fullmatch(r"[0-9.]+", host):
        return _is_literal(socket.AF_INET, host)
    labels = host.split(".")
    return len(host) <= 253 and all(re.fullmatch(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)", label) for label in labels)


def _is_literal(family: socket.AddressFamily, text: str) -> bool:
    try:
        socket.inet_pton(family, text)
    except OSError:
        return False
    return True


def _openssl(*arguments: str, data: bytes = b"") -> bytes:
    """What the command ``openssl`` says. Bounded in time; raises :class:`RegiopostError`."""
    try:
        done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, timeout=20, check=False)
    except FileNotFoundError:
        raise RegiopostError("no-openssl") from None
    except subprocess.TimeoutExpired:
        raise Disconnected("timed-out", "openssl didn't end") from None
    if done.returncode != 0 and arguments[0] != "s_client":
        said = done.stderr.decode(errors="replace").strip()
        raise RegiopostError("openssl-failed", command=arguments[0], said=said)
    return done.stdout


def _key_digest(certificate: str) -> str:
    """The SHA-256 of a certificate's SubjectPublicKeyInfo."""
    public = _openssl("x509", "-noout", "-pubkey", data=certificate.encode())
    return hashlib.sha256(_openssl("pkey", "-pubin", "-outform", "DER", data=public)).hexdigest()


def _pinned_root(invitation: Invitation) -> str:
    """The root with the pinned key that the server shows, as PEM. Nothing secret is sent for it."""
    host = f"[{invitation.host}]" if ":" in invitation.host else invitation.host
    is_literal = ":" in host or re.fullmatch(r"[0-9.]+", host)
    name = ["-noservername"] if is_literal else ["-servername", host]
    shown = _openssl(
        *("s_client", "-connect", f"{host}:{invitation.port}", "-tls1_3", "-alpn", ALPN_ENROL, "-showcerts"), *name
    )
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----\n"
    pems = re.findall(rf"{begin}[A-Za-z0-9+/=\s]+{end}", shown.decode("latin-1"))
    if not pems:
        raise Disconnected("unreachable", f"no certificate came from {host} port {invitation.port}")
    for pem in pems[1:]:
        if _key_digest(pem) == invitation.pin:
            return cast("str", pem)
    raise Disconnected("untrusted", "other-server")


def enrol(text: str, name: str = "default") -> Profile:
    """Turns an invitation into a profile. Interrupted, the same call goes on where it was: the key that was made first
    is used again, so the server gives the same certificate. A new invitation for the same address goes on with the same
    profile, its replica and its queue."""
    invitation = Invitation.read(text)
    folder = profile_folder(name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock_folder(folder):
        with contextlib.suppress(NoProfile):
            known = Profile.open(name)
            if known.address != invitation.address:
                raise UsageError("profile-taken", name=name, address=known.address)
        key = _key_for(folder, invitation)
        root = _pinned_root(invitation)
        request = _openssl("req", "-new", "-key", str(key), "-subj", "/CN=Regiopost", "-outform", "DER")
        context = tls_context(root, ALPN_ENROL)
        with Connection(invitation.host, invitation.port, context, enrolment=True) as connection:
            reply = connection.reply(
                connection.ask(
                    "ENROL", address=invitation.address, secret=invitation.secret, request=to_base64url(request)
                )
            )
            connection.quit()
        _install(folder, invitation, key, root, reply.attributes)
        return Profile.open(name)


def _key_for(folder: Path, invitation: Invitation) -> Path:
    """The key for an invitation, on disk and flushed: made once, and used again when the invitation comes again."""
    purpose = hashlib.sha256(invitation.secret.encode()).hexdigest()[:16]
    key = folder / f"key-{purpose}.pem"
    if not key.exists():
        made = _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
        write_durably(key, made)
    return key


def _install(folder: Path, invitation: Invitation, key: Path, root: str, given: Mapping[str, str]) -> None:
    """Checks what the server gave, and makes it the profile."""
    certificate, its_root = (ssl.DER_cert_to_PEM_cert(from_base64url(given[n]) or b"") for n in ("certificate", "root"))
    if _key_digest(its_root) != invitation.pin:
        raise Disconnected("untrusted", "other-root")
    ours = _openssl("pkey", "-in", str(key), "-pubout", "-outform", "DER")
    if _key_digest(certificate) != hashlib.sha256(ours).hexdigest():
        raise Disconnected("violation", "the server gave a certificate for another key")
    write_durably(folder / "identity.pem", key.read_bytes() + certificate.encode())
    values = {"address": invitation.address, "host": invitation.host, "port": invitation.port, "root": root}
    write_durably(folder / "profile.json", write_json(values) + b"\n")
    for other in folder.glob("key-*.pem"):
        if other != key:
            other.unlink()
