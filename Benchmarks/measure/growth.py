"""Growth: the same work on a server that holds little and on one that holds much, in paired rounds."""
import tempfile
import time
from pathlib import Path

from .report import conclude
from .regiopost import Regiopost
from .rows import Bar, Row
from .server import memory_kib

SMALL = 1_000
BATCH = 80_000


class Stock:
    """A server and how many answers it holds."""

    def __init__(self, folder, load, program):
        self.server, self.held = Regiopost(folder, load, program), 0

    def grow(self, total):
        """Fills by submitting, as clients do: what is stored has been judged and authorised."""
        while self.held < total:
            count = max(1, min(BATCH, total - self.held) // 16)
            self.server.submit(connections=16, window=100, count=count)
            self.held += count * 16


def jobs(server):
    """The work of each row on one server."""
    def poll():
        server.catch_up()
        return server.measure("poll", certificates=server.province, cursor=server.cursor, count=500)

    def memory():
        # What a request needed is free when it is answered, and goes back to the system a second later.
        time.sleep(3)
        return {"kib": float(memory_kib(server.process.pid))}

    return {
        "A100": ("rate", "/s", lambda: server.submit(window=100, count=1_000)),
        "C": ("seconds", "s", lambda: server.measure("sync", certificates=server.province, count=SMALL)),
        "D": ("p50", "s", poll),
        "memory": ("kib", "KiB", memory),
    }


def measure(folder, load, program, sizes, rounds):
    """Yields a result for each row and size."""
    (folder / "grown").mkdir()
    grown = Stock(folder / "grown", load, program)
    try:
        for size in sizes:
            grown.grow(size)
            place = Path(tempfile.mkdtemp(dir=folder))
            small = Stock(place, load, program)
            try:
                small.grow(SMALL)
                yield from compare(small.server, grown.server, size, rounds)
            finally:
                small.server.stop()
    finally:
        grown.server.stop()


def compare(small, grown, size, rounds):
    few, many = jobs(small), jobs(grown)
    for name, (key, unit, _) in few.items():
        taken = []
        for number in range(rounds):
            order = [("small", few), ("regiopost", many)]
            taken.append({side: work[name][2]() for side, work in (order if number % 2 == 0 else order[::-1])})
        bar = Bar(f"growth {name} at {size:,} over {SMALL:,}", key, ["small"],
                  **({"at_least": 1 / 1.2} if key == "rate" else {"at_most": 1.2}))
        row = Row(f"growth {name}", f"{name} with {size:,} records stored, beside {SMALL:,}", key, unit,
                  {"small": None, "regiopost": None}, [bar])
        yield conclude(row, taken)
