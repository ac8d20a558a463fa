"""The client: its commands with many changes in the replica, and a sync beside what the server needs to send."""
import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .growth import Stock
from .regiopost import invitation
from .rows import FILLING, FIRST_SYNC, Bar, Row
from .server import call

ADDRESS = "pv28/secretariaat"
# The commands that have to be done within 50 ms.
BARRED = ("letters", "queue")
# How often a command is started in a round; what counts is the median.
STARTS = 7


class Client:
    """A profile of the province's secretariat, which every answer comes to."""

    def __init__(self, server, program, folder, name="client"):
        self.server, self.program, self.home, self.name = server, program, folder / "profiles", name
        self.home.mkdir(exist_ok=True)
        self.run("enroll", invitation(server.data, ADDRESS))

    @property
    def folder(self):
        return self.home / self.name

    def words(self, *words):
        return [str(self.program), *(str(word) for word in words), "--home", str(self.home), "--profile", self.name]

    def run(self, *words, wrapper=(), **environment):
        return call(*wrapper, *self.words(*words), env={**os.environ, **environment})

    def seconds(self, *words):
        """How long a command takes from start to finish, its output going to a file as a script's would."""
        with (self.home / "output").open("w") as output:
            start = time.perf_counter()
            # Without a time limit: under one Python looks from time to time whether it has ended, up to 50 ms late.
            subprocess.run(self.words(*words), stdout=output, check=True)
            return time.perf_counter() - start

    def median(self, *words):
        return sorted(self.seconds(*words) for _ in range(STARTS))[STARTS // 2]


class NewAnswers:
    """The same new answers for everybody who reads them: made when the first asks for what it has read already."""

    def __init__(self, server):
        self.server, self.unread = server, set()

    def made_for(self, reader):
        if reader not in self.unread:
            self.server.measure("submit", set=self.server.letters(100), letters=100, **FILLING)
            self.unread = {"regiopost", "send"}
        self.unread.remove(reader)


def rows(server, client, stored):
    """The rows of one client whose replica has so many changes, in the order in which they are measured."""
    answers = NewAnswers(server)

    def command(*words):
        return lambda: {"ms": client.median(*words) * 1e3}

    def send():
        answers.made_for("send")
        run = server.measure("sync", certificates=server.province, cursor=server.cursor, count=FIRST_SYNC)
        server.cursor = run["cursor"]
        return run

    def sync():
        answers.made_for("regiopost")
        return {"seconds": client.seconds("sync")}

    return [
        Row(f"G {word}", f"`regiopost {word}` with {stored:,} changes in the replica", "ms", "ms",
            {"regiopost": command(word)}, [Bar(f"G {word} ms", "ms", [], at_most=50)] if word in BARRED else [])
        for word in ("letters", "queue", "status")
    ] + [
        Row("G nothing new", f"`regiopost sync` with nothing to send or fetch and {stored:,} changes in the replica", "ms", "ms",
            {"regiopost": command("sync")}, []),
        Row("G sync", f"`regiopost sync` of {FIRST_SYNC:,} new changes, beside a client that only reads them",
            "seconds", "s", {"regiopost": sync, "send": send},
            [Bar("G sync over the server's time to send them", "seconds", ["send"], at_most=2)]),
    ]


def start(folder, load, server_program, client_program, stored):
    """A server with so many changes, filled by clients, and a client that has synced them."""
    folder.mkdir()
    stock = Stock(folder, load, server_program)
    try:
        stock.grow(stored)
        client = Client(stock.server, client_program, folder)
        client.run("sync")
        # The first search takes in what a first sync left, of which each sync else takes a portion.
        client.run("search", "verder")
        stock.server.catch_up()
    except BaseException:
        stock.server.stop()
        raise
    return stock.server, client
