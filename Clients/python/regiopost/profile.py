"""Profile: one address on this machine."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .connection import ALPN, Connection, tls_context
from .errors import EX_TEMPFAIL, Disconnected, NoProfile, RegiopostError, UsageError
from .files import Files
from .store import Store


def home() -> Path:
    """The folder that profiles are in: ``REGIOPOST_PY_HOME``, else one in the user's home."""
    chosen = os.environ.get("REGIOPOST_PY_HOME")
    return Path(chosen) if chosen else Path.home() / ".local" / "share" / "regiopost-py"


@dataclass(frozen=True)
class Profile:
    """One address on this machine: a folder with ``profile.json`` (who, where, and the server's root), ``identity.pem``
    (the private key and its certificate) and ``store.sqlite``."""

    folder: Path
    address: str
    host: str
    port: int
    root: str = field(repr=False)

    @classmethod
    def open(cls, name: str = "default", folder: Path | None = None) -> Profile:
        """The profile of that name. Raises :class:`NoProfile`."""
        folder = folder or profile_folder(name)
        try:
            values = json.loads((folder / "profile.json").read_bytes())
            return cls(folder, values["address"], values["host"], values["port"], values["root"])
        except FileNotFoundError:
            raise NoProfile("no-profile", name=name) from None
        except (ValueError, KeyError, TypeError):
            raise NoProfile("bad-profile", name=name) from None

    @property
    def organisation(self) -> str:
        """The organisation that the address is at."""
        return self.address.partition("/")[0]

    @property
    def role(self) -> str:
        """The role that the address has there."""
        return self.address.partition("/")[2]

    def store(self) -> Store:
        """Its replica and its outbox."""
        return Store(self.folder / "store.sqlite")

    @property
    def files(self) -> Files:
        """Its files: what is to be sent, and what was fetched."""
        return Files(self.folder / "files")

    def connect(self) -> Connection:
        """A connection to its server, greeted. Raises :class:`Disconnected`."""
        context = tls_context(self.root, ALPN, self.folder / "identity.pem")
        connection = Connection(self.host, self.port, context)
        if connection.greeting.address != self.address:
            connection.close()
            raise Disconnected("violation", f"the server takes this for {connection.greeting.address}")
        return connection

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Holds the profile's lock: one process at a time enrols or syncs. Raises :class:`UsageError`."""
        with lock_folder(self.folder):
            yield


def profile_folder(name: str) -> Path:
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name) is None:
        raise UsageError("profile-name")
    return home() / name


class Busy(RegiopostError):
    """Another process works with the profile."""

    exit_code = EX_TEMPFAIL


@contextlib.contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    import fcntl  # here, since the rest of the module doesn't need Unix

    with open(folder / "lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                raise
            raise Busy("busy") from None
        yield
