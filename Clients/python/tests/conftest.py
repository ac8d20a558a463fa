"""What the tests stand on: the vectors, and a server of one's own where its program is there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))

import regiopost  # noqa: E402


def vectors(name: str) -> dict[str, Any]:
    """A file of ``Protocol/vectors``."""
    return json.loads((ROOT / "Protocol" / "vectors" / f"{name}.json").read_text("utf-8"))


def octets(vector: dict[str, Any], name: str = "line") -> bytes:
    """The bytes of a case: a text, perhaps filled up, or hexadecimal."""
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    text = vector[name]
    if "fill" in vector:
        fill = vector["fill"]
        text = text.replace(fill["mark"], fill["with"] * fill["times"], 1)
    return text.encode()


def named(cases: list[dict[str, Any]]) -> list[Any]:
    """The cases as parameters that carry their names."""
    assert cases
    return [pytest.param(case, id=case["name"]) for case in cases]


def programs() -> Path | None:
    """The folder with ``regiopostd``: ``REGIOPOST_BIN``, else where Swift builds it."""
    folders = [ROOT / ".build" / "debug", ROOT / ".build" / "release"]
    if "REGIOPOST_BIN" in os.environ:
        folders = [Path(os.environ["REGIOPOST_BIN"])]
    return next((folder for folder in folders if (folder / "regiopostd").exists()), None)


class Town:
    """A province's server on this machine, and profiles at it."""

    def __init__(self, folder: Path) -> None:
        found = programs()
        if found is None:
            pytest.skip("regiopostd wasn't built; REGIOPOST_BIN names the folder that it is in")
        self.program = str(found / "regiopostd")
        self.folder, self.data, self.port = folder, folder / "data", 0
        self.process: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True)
        self.ask("init", "--host", "localhost", "--host", "127.0.0.1")

    def ask(self, *arguments: str) -> str:
        command = [self.program, *arguments, "--data", str(self.data)]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def start(self) -> None:
        self.log = (self.folder / "log").open("a")
        command = [self.program, "serve", "--data", str(self.data), "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().split()[-1])

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(20)
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.log.close()
            self.process = None

    def invite(self, address: str) -> str:
        return str(json.loads(self.ask("invite", address, "--json"))["invitation"])

    def profile(self, address: str) -> regiopost.Profile:
        """A new profile of an address, each call another one."""
        count = len(list(regiopost.home().glob("*"))) if regiopost.home().exists() else 0
        return regiopost.enrol(self.invite(address), f"p{count}-{address.replace('/', '-')}")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGIOPOST_PY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("REGIOPOST_PROFILE", raising=False)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A server that runs."""
    town = Town(tmp_path / "town")
    town.start()
    try:
        yield town
    finally:
        town.end()
        shutil.rmtree(town.folder)


class Cutter:
    """A proxy that cuts its connections once so many bytes have come from the client, or from the server."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.limits: dict[str, int | None] = {"client": None, "server": None}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            for name, source, sink in (("client", near, far), ("server", far, near)):
                threading.Thread(target=self._copy, args=(name, source, sink, near, far), daemon=True).start()

    def _copy(
        self, name: str, source: socket.socket, sink: socket.socket, near: socket.socket, far: socket.socket
    ) -> None:
        left = self.limits[name]
        try:
            while data := source.recv(4096):
                if left is not None:
                    data = data[:left]
                    left -= len(data)
                sink.sendall(data)
                if left == 0:
                    break
        except OSError:
            pass
        for end in (near, far):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def wait_until(condition: Any, seconds: float = 20) -> None:
    """Waits until something holds, and fails where it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)
