"""Counts of what the server does for a record: they hardly depend on how busy the machine is, as times do."""
import contextlib
import re
import struct
import sys
import time
from pathlib import Path

from .server import HERE, call

# How often each kind of work is done where it is counted: a little, more, and how many are under way at a time or on a
# page. What is counted is the difference, so that connecting is no part of it.
WORK = {"A1": (50, 250, 1), "A100": (500, 3_500, 100), "C": (500, 2_500, 500), "D": (50, 550, 1)}
# Instructions are counted on a processor fifty times slower, and repeat nearly exactly.
SLOW_WORK = {"A1": (10, 60, 1), "A100": (100, 300, 100), "C": (100, 300, 100), "D": (10, 110, 1)}


def stock(server, count=3_000, letters=100):
    """Stores what a first sync reads: answers to new letters, of which all later answers are versions. After a restart
    letters have to be new: else the versions of old ones would be read when the first one comes, and counted."""
    server.set, server.answered, server.answers = server.letters(letters), letters, 0
    answer(server, count, 100)


def answer(server, count, window):
    """Submits answers, further ones each time."""
    run = server.measure("submit", set=server.set, letters=server.answered, first=server.answers, count=count, window=window)
    server.answers += count
    return run


def do(server, kind, count, window):
    """Does one kind of work."""
    if kind in ("A1", "A100"):
        return answer(server, count, window)
    if kind == "C":
        run = server.measure("sync", certificates=server.province, cursor=server.cursor, count=count, page=window)
        server.cursor = run["cursor"]
        return run
    return server.measure("poll", certificates=server.province, cursor=server.cursor, count=count)


def prepare(server, kind, count):
    """Finds the end of the mailbox, and for a first sync stores what was never read: the server looks through it once."""
    server.catch_up()
    if kind == "C":
        answer(server, count, 100)


def counted(server, kind, meter, work=None):
    """Warms up, then counts by a meter: a function that makes a context manager, which yields a dictionary."""
    few, many, window = (work or WORK)[kind]
    prepare(server, kind, few)
    do(server, kind, few, window)
    prepare(server, kind, few)
    with meter(server) as less:
        do(server, kind, few, window)
    prepare(server, kind, many)
    with meter(server) as more:
        run = do(server, kind, many, window)
    found = {name: max(0, value - less[name]) / (many - few) for name, value in more.items()}
    if "syncs" in found:
        found["syncs per batch"] = found.pop("syncs") * window
    found["wire bytes to the server"] = run["wire_sent"] / many
    found["wire bytes from the server"] = run["wire_received"] / many
    return found


SYNCS = ["fsync", "fdatasync", "sync_file_range", "msync"]
# How often threads wait for each other or for the network depends on the machine.
WAITS = ["futex", "epoll_wait", "epoll_pwait"]


@contextlib.contextmanager
def system_calls(server):
    """System calls, and syncs among them, by perf, which doesn't stop the server at each as strace would."""
    found, report = {}, server.data.parent / "perf"
    events = ",".join(["raw_syscalls:sys_enter", *(f"syscalls:sys_enter_{name}" for name in SYNCS + WAITS)])
    server.prefix = ["perf", "stat", "-x,", "-o", str(report), "-e", events, "-p", str(server.process.pid), "--"]
    try:
        yield found
    finally:
        server.prefix = []
    calls = {fields[2].removeprefix("syscalls:sys_enter_"): int(fields[0])
             for fields in (line.split(",") for line in report.read_text().splitlines()) if len(fields) > 2}
    found["syncs"] = sum(calls[name] for name in SYNCS)
    found["system calls"] = calls["raw_syscalls:sys_enter"] - sum(calls[name] for name in WAITS)


def build_library(name, folder):
    """A library that is preloaded into a server."""
    library = folder / f"{name}.so"
    call("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library,
         HERE / f"Sources/{name}/{name}.c")
    return library


def restart_counting(server, folder):
    """Starts the server again with the counter loaded."""
    server.stop()
    server.allocations = folder / "allocations"
    server.start(LD_PRELOAD=str(build_library("allocations", folder)), ALLOCATIONS=str(server.allocations))


def restart_in_callgrind(server, folder):
    """Starts the server again on callgrind's processor, without its debug information, which valgrind can't read."""
    server.stop()
    stripped = folder / "regiopostd"
    call("strip", "-g", "-o", stripped, server.program)
    server.program = str(stripped)
    server.start(["valgrind", "--tool=callgrind", "--callgrind-out-file=callgrind.out.%p"],
                 LD_PRELOAD=str(build_library("suspension", folder)))


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
            for path in server.data.parent.glob("callgrind.out.*.*"):
                match = re.search(r"^totals: (\d+)", path.read_text(errors="replace"), re.MULTILINE)
                if match:
                    path.unlink()
                    return int(match[1])
            time.sleep(0.1)
        sys.exit("callgrind wrote no dump")

    dump()
    yield found
    time.sleep(0.5)
    found["instructions"] = dump()
