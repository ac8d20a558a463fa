"""``Scripts/conformance`` against servers that are right, and against one that is wrong in a way each time."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Town, vectors
from little_server import LittleServer, certify, make_authority

SCRIPT = str(ROOT / "Scripts" / "conformance")

FAULTS = {
    "tls12": "TLS 1.2 is refused",
    "no-alpn": "who offers no protocol is refused",
    "no-certificate": "who shows no certificate is refused",
    "reads-cr": "a carriage return before the line's end",
    "no-limit": "a line of one byte too many, before its end has come",
    "double-spaces": "no request: two spaces before an attribute",
    "twice": "no request: unknown attribute twice",
    "wrong-retry": "no request: empty line",
    "answers-after-quit": "QUIT is answered last, and the server closes",
    "no-close-notify": "QUIT is answered last, and the server closes",
    "gap": "the mailbox directory, page by page",
    "digest": "the mailbox directory, page by page",
    "busy": "a mailbox is read once at a time, and another one meanwhile",
    "any-cursor": "a cursor of another history: of no server",
    "shared-cursor": "a cursor of another mailbox",
    "reencodes": "what is pushed comes back, live",
    "author": "an author with another role",
    "repeats": "the same bytes again get the first receipt again",
    "id-not-taken": "the same id with other bytes is taken",
    "conflict": "a change that stands on an older one is a conflict",
    "leaks": "a second address sees what it may, and nothing else",
    "rights": "nobody's own: programme.start",
    "one-code": "nobody's own: meeting.confirm",
    "bsn": "a citizen service number is refused with its place",
    "any-bytes": "bytes that aren't those of the digest are dropped",
    "reads-refused-bytes": "a piece in the wrong place is passed over",
    "blobs-for-all": "a second address doesn't get a file by its digest",
    "endless-enrolment": "a wrong secret is unknown, and the fifth ends the connection",
}
"""What the little server can do wrong, and the case that must find it."""


def registry() -> dict[str, str]:
    text = (ROOT / "Protocol" / "specification.md").read_text("utf-8").partition("## 14.")[2].partition("## 15.")[0]
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    return {row[1].strip().strip("`"): row[2].strip() for row in rows}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    make_authority(folder)
    for role in ("griffie", "college"):
        certify(folder, role, f"URI:urn:regiopost:address:gm0503/{role}")
    return folder


def directory() -> list[bytes]:
    """Three municipalities and a region, so that there is more than one page."""
    lines = {case["name"]: json.loads(case["line"]) for case in vectors("changes")["legal"] if "fill" not in case}
    region, example = lines["region.set"], lines["organisation.set"]
    made = [region]
    for number, code in enumerate(("gm0503", "gm0518", "gm0603")):
        body = {"code": code, "name": code, "shortName": code}
        body["regions"] = [{"classification": "bestuurlijk", "region": "haagse-regio"}]
        id = f"0195d2a4-7c00-7000-8000-0000000001{number:02d}"
        made.append(example | {"id": id, "subject": f"organisation/{code}", "body": body})
    return [json.dumps(change, separators=(",", ":")).encode() for change in made]


def conform(server: LittleServer, folder: Path, *more: str) -> tuple[int, list[dict[str, Any]]]:
    command = [SCRIPT, f"localhost:{server.port}", "--root", str(folder / "root.pem"), "--push", "--json"]
    command += ["--certificate", str(folder / "griffie.pem"), "--second-certificate", str(folder / "college.pem")]
    command += ["--patience", "4", *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def wrong(results: list[dict[str, Any]]) -> list[str]:
    return [f"{result['case']}: {result['detail']}" for result in results if result["result"] == "WRONG"]


def test_a_server_that_is_right(authority: Path) -> None:
    with LittleServer(authority, directory(), registry()) as server:
        status, results = conform(server, authority)
        assert wrong(results) == [] and status == 0
        assert len([result for result in results if result["result"] == "ok"]) > 250
        # Whatever ran, and however often, one cancelled request is left.
        conform(server, authority, "--only", "same bytes")
        assert [len(server.mailboxes[box]) for box in server.mailboxes if box != "directory"] == [2, 2]


# A BLOB whose count can't be read.
FAULTS |= {"guesses-counts": f"no request: {v['name']}" for v in vectors("requests")["illegal"] if v.get("ends")}


@pytest.mark.parametrize(("fault", "name"), FAULTS.items())
def test_what_is_wrong_is_found(authority: Path, fault: str, name: str) -> None:
    if fault in ("any-bytes", "reads-refused-bytes", "blobs-for-all"):
        if "blob-unknown" not in registry():
            pytest.skip("the specification has no files")
    with LittleServer(authority, directory(), registry(), fault) as server:
        status, results = conform(server, authority, "--only", name)
    assert [result["result"] for result in results if name in result["case"]] == ["WRONG"], results
    assert status == 1


def test_without_push_nothing_is_written(authority: Path) -> None:
    with LittleServer(authority, directory(), registry()) as server:
        command = [SCRIPT, f"127.0.0.1:{server.port}", "--root", str(authority / "root.pem"), "--only", "again"]
        command += ["--certificate", str(authority / "griffie.crt"), "--key", str(authority / "griffie.key")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0 and "skipped" in done.stdout, done.stdout + done.stderr
        assert list(server.mailboxes) == ["directory"]


def test_what_it_cannot_begin_with(authority: Path) -> None:
    identity = ("--root", str(authority / "root.pem"), "--certificate", str(authority / "griffie.pem"))
    for status, arguments in (
        (65, ["localhost"]),
        (65, ["a:b:c", *identity]),
        (66, ["localhost", "--profile", "/nowhere"]),
        (69, ["localhost:1", *identity]),
    ):
        done = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == status, done.stderr


def test_our_own_server(town: Town) -> None:
    griffie, holder = town.profile("gm0503/griffie"), town.profile("pv28/accounthouder-haagse-regio")
    command = [SCRIPT, f"localhost:{town.port}", "--profile", str(griffie.folder), "--push", "--json"]
    command += ["--second-profile", str(holder.folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert wrong(results) == [] and done.returncode == 0, done.stderr
    assert len([result for result in results if result["result"] == "ok"]) > 300
