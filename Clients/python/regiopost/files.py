"""Files of a profile, and how a file is written so that it is there whole."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import secrets
from pathlib import Path
from typing import Any

from .changes import Change
from .errors import Disconnected, UsageError


class Files:
    """The files of a profile by their digests: what is to be sent, and what was fetched. A file is there whole, flushed
    and under its digest, or not at all; one that is being fetched ends in ``.part``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file is, if it is there."""
        return self._folder / sha256

    def keep(self, source: Path, name: str | None = None, media: str | None = None) -> dict[str, Any]:
        """Copies a file in, on disk before this returns, and says what a change says of it (8.4.1)."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        beside = self._folder / f".{secrets.token_hex(8)}"
        try:
            with source.open("rb") as file, beside.open("xb") as copy:
                while data := file.read(1 << 20):
                    digest.update(data)
                    size += len(data)
                    copy.write(data)
                copy.flush()
                os.fsync(copy.fileno())
            if size == 0:
                raise UsageError("file-empty", path=source)
            os.replace(beside, self.path(digest.hexdigest()))
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(self._folder)
        guessed = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
        name = name or source.name
        return {"name": name, "media": media or guessed, "size": size, "sha256": digest.hexdigest()}

    def partial(self, sha256: str) -> Path:
        """Where a file is while it is being fetched."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        return self._folder / f"{sha256}.part"

    def finish(self, sha256: str) -> Path:
        """Makes a fetched file whole, where its digest is right; else drops it. Raises :class:`Disconnected`."""
        partial = self.partial(sha256)
        with partial.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        if digest != sha256:
            partial.unlink()
            raise Disconnected("violation", "a file came with another digest")
        os.replace(partial, self.path(sha256))
        sync_folder(self._folder)
        return self.path(sha256)


def cited_files(change: Change) -> list[dict[str, Any]]:
    """The files that a change cites; those of a draft stand in its content."""
    return list(change.body.get("files") or change.body.get("content", {}).get("files", ()))


def write_durably(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes a file that is there whole, or not at all, whatever happens to the power."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
