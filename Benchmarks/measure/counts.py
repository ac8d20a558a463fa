"""Counts of what the server does for a record: they hardly depend on how busy the machine is, as times do."""
import contextlib
import re
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

from .server import HERE, call

# How often each kind of work is done where it is counted, and in which batches.
WORK = {"A1": (200, 1), "A100": (3_000, 100), "C": (3_000, 1_000), "D": (500, 1)}


def do(server, kind, scale=1.0):
    """Does one kind of work; how many records or polls that was, and what went over the wire."""
    count, window = WORK[kind]
    count = max(window, int(count * scale) // window * window)
    if kind in ("A1", "A100"):
        run = server.measure("submit", set=server.sets, window=window, count=count)
    elif kind == "C":
        run = server.measure("sync", certificates=server.province, count=count)
    else:
        run = server.measure("poll", certificates=server.province, cursor=server.cursor, count=count)
    return run


def prepare(server, kind):
    """What has to be there before the work: letters to answer, records to read, the place to poll from."""
    if kind in ("A1", "A100"):
        server.letters()
    elif kind == "D":
        server.catch_up()


def counted(server, kind, meter, scale=1.0):
    """Warms up, then counts by a meter: a function that makes a context manager, which yields a dictionary."""
    prepare(server, kind)
    do(server, kind, scale / 4)
    prepare(server, kind)
    with meter(server) as found:
        run = do(server, kind, scale)
    return {name: value / run["records"] for name, value in found.items()}, run


@contextlib.contextmanager
def system_calls(server):
    """System calls, and syncs among them, by strace."""
    found = {}
    report = server.data.parent / "strace"
    tracer = subprocess.Popen(["strace", "-f", "-c", "-U", "name,calls", "-o", report, "-p", str(server.process.pid)],
                              stderr=subprocess.PIPE, text=True)
    if "attached" not in tracer.stderr.readline():
        sys.exit("strace can't attach to the server")
    time.sleep(0.3)
    yield found
    tracer.send_signal(signal.SIGINT)
    tracer.communicate(timeout=60)
    calls = {}
    for line in report.read_text().splitlines():
        match = re.match(r"\s*([a-z_0-9]+)\s+(\d+)$", line)
        if match and match[1] != "total":
            calls[match[1]] = int(match[2])
    found["syncs"] = sum(calls.get(name, 0) for name in ("fsync", "fdatasync", "sync_file_range", "msync"))
    # Waiting depends on the machine alone, and is counted apart.
    found["waits"] = sum(calls.get(name, 0) for name in ("futex", "epoll_wait", "epoll_pwait"))
    found["system calls"] = sum(calls.values()) - found["waits"]


def build_counter(folder):
    """The library that counts allocations."""
    library = folder / "allocations.so"
    call("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library,
         HERE / "Sources/allocations/allocations.c")
    return library


@contextlib.contextmanager
def allocations(server):
    """Allocations and their bytes, of a server into which the counter is loaded."""
    found = {}
    before = struct.unpack("2Q", server.allocations.read_bytes())
    yield found
    time.sleep(0.2)
    after = struct.unpack("2Q", server.allocations.read_bytes())
    found["allocations"], found["allocated bytes"] = (new - old for new, old in zip(after, before))


@contextlib.contextmanager
def instructions(server):
    """Instructions, of a server that runs under callgrind."""
    found = {}

    def dump():
        call("callgrind_control", "--dump", str(server.process.pid))
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            dumps = sorted(server.data.parent.glob("callgrind.out.*"), key=lambda path: path.stat().st_mtime_ns)
            for path in reversed(dumps):
                match = re.search(r"^(?:totals|summary): (\d+)", path.read_text(errors="replace"), re.MULTILINE)
                if match:
                    total = int(match[1])
                    for old in dumps:
                        old.unlink()
                    return total
            time.sleep(0.1)
        sys.exit("callgrind wrote no dump")

    dump()
    yield found
    time.sleep(0.5)
    found["instructions"] = dump()
