"""Counts of what the client does: instructions of a whole command and of each change that a sync brings, and how often it
waits for the disk."""
import re
from pathlib import Path

from .client import Client
from .counts import SYNCS, build_library
from .server import call

# How many answers are in the replica, and how many more a sync brings: the difference of two is what a change costs. They are
# more than a sync takes in for lists and searches: what it does there hangs on what is stored.
STORED, FEW, MANY = 3_000, 1_200, 2_200
COMMANDS = ("letters", "queue", "status")
# The attachment of the letter whose syncs are counted, in bytes.
ATTACHMENT = 5_000_000
KINDS = [*(f"G {command}" for command in COMMANDS), "G sync", "G 5 MB letter"]


class Counter:
    """A client whose commands are counted."""

    def __init__(self, server, program, folder):
        self.folder, self.client = folder, Client(server, program, folder)
        self.server = server
        server.set, server.answers = server.letters(100), 0
        self.answer(STORED)
        self.client.run("sync")
        # The first list and the first search take in what a first sync left.
        self.client.run("letters")
        self.client.run("search", "verder")

    def answer(self, count):
        self.server.measure("submit", set=self.server.set, letters=100, first=self.server.answers, count=count, window=100)
        self.server.answers += count

    def instructions(self, *words):
        """By callgrind, of a program without its debug information, which valgrind can't read."""
        stripped, report = self.folder / "stripped", self.folder / "callgrind"
        if not stripped.exists():
            call("strip", "-g", "-o", stripped, self.client.program)
        program, self.client.program = self.client.program, stripped
        try:
            self.client.run(*words, wrapper=["valgrind", "--tool=callgrind", f"--callgrind-out-file={report}"],
                            LD_PRELOAD=str(build_library("suspension", self.folder)))
        finally:
            self.client.program = program
        return int(re.search(r"^totals: (\d+)", report.read_text(errors="replace"), re.MULTILINE)[1])

    def syncs(self, *words):
        """How often a command waits until something is on the disk, by perf."""
        report = self.folder / "perf"
        events = ",".join(f"syscalls:sys_enter_{name}" for name in SYNCS)
        self.client.run(*words, wrapper=["perf", "stat", "-x,", "-o", report, "-e", events, "--"])
        return sum(int(fields[0]) for fields in (line.split(",") for line in report.read_text().splitlines())
                   if len(fields) > 2)

    def sync(self, count):
        """What a sync of so many new changes takes, by either meter."""
        return lambda meter: (self.answer(count), meter("sync"))[1]

    def letter(self):
        """The words that publish a letter with a large attachment."""
        text, attachment = self.folder / "letter.txt", self.folder / "map.pdf"
        text.write_text("Geachte formateur,\n\nWij vragen u het volgende.\n")
        attachment.write_bytes(bytes(range(256)) * (ATTACHMENT // 256))
        return ["letter", "publish", text, "--region", "haagse-regio", "--to", "college", "--copy", "geen",
                "--date", "2026-03-27", "--dossier", "DOS-2026-0009999", "--document", "PZH-2026-000009999",
                "--subject", "Samen verder", "--attach", attachment]


def measure(server, program, folder, kinds, without):
    """The counts of each kind of work."""
    counter = Counter(server, program, folder)
    found = {kind: {} for kind in kinds}
    if "calls" not in without:
        if "G sync" in kinds:
            found["G sync"]["syncs"] = counter.sync(MANY)(counter.syncs)
        if "G 5 MB letter" in kinds:
            found["G 5 MB letter"]["syncs to queue it"] = counter.syncs(*counter.letter())
            found["G 5 MB letter"]["syncs to send it"] = counter.syncs("sync")
    if "instructions" not in without:
        # What came meanwhile is taken in once, which is no part of a list.
        counter.client.run("letters")
        for command in COMMANDS:
            if f"G {command}" in kinds:
                found[f"G {command}"]["instructions"] = counter.instructions(command)
        if "G sync" in kinds:
            less, more = (counter.sync(count)(counter.instructions) for count in (FEW, MANY))
            found["G sync"]["instructions a change"] = (more - less) / (MANY - FEW)
    return {kind: values for kind, values in found.items() if values}
