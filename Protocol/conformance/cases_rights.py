"""Section 8.4.8: what a stranger tries is refused with the code that rights have for it, for every type of change."""

from __future__ import annotations

import json
from typing import Any

from bench import Bench, Skipped, case, vectors
from cases_changes import directory

import regiopost


def _strangers_line(bench: Bench, vector: dict[str, Any]) -> bytes:
    """The vector's change as this address would write it, with an id of its own. What came before it in the vector
    isn't at this server, so that it is about what isn't there, or starts something."""
    members = json.loads(vector["line"].replace("AUTHOR", bench.address))
    old, new = members["id"], regiopost.new_id()
    members["id"] = new
    members["subject"] = members["subject"].replace(old, new)
    line: bytes = regiopost.write_json(members)
    return line


# Without those about mandates and mergers, which take a directory of their own.
for _vector in [vector for vector in vectors("rights")["cases"] if "," not in vector["name"]]:

    @case(f"nobody's own: {_vector['name']}", "8.4.8")
    def _(bench: Bench, vector: dict[str, Any] = _vector) -> None:
        line = _strangers_line(bench, vector)
        change = regiopost.Change.read(line)
        # Judged as a client does that sees the directory and nothing else. A line that this address might write isn't
        # sent: it could be taken.
        code = regiopost.judge(change, directory(bench))
        if code is None:
            raise Skipped("this address may write it")
        bench.connect().no(b"1 PUSH " + line, code)
