"""The client against ``Protocol/vectors``, which bind every implementation."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import re
from typing import Any

import pytest

import regiopost
from conftest import ROOT, named, octets, vectors

BLOBS = vectors("blobs")
LINES = vectors("lines")
REQUESTS = vectors("requests")
MESSAGES = vectors("server-messages")
CHANGES = vectors("changes")
CURSORS = vectors("cursors")
DIALOGUES = vectors("dialogues")
FOLDS = vectors("folds")


@pytest.mark.parametrize("size", [1, 3, 7, 1 << 20])
@pytest.mark.parametrize("case", named(LINES["cases"]))
def test_lines(case: dict[str, Any], size: int) -> None:
    stream = octets(case, "stream")
    framer = regiopost.LineFramer(LINES["limit"])
    lines, error = [], None
    for start in range(0, len(stream), size):
        framer.feed(stream[start : start + size])
        try:
            while (line := framer.next_line()) is not None:
                lines.append(line.decode())
        except regiopost.FramingError as failure:
            error = failure.code
    assert (lines, framer.pending, error) == (case["lines"], case["rest"], case["error"])


@pytest.mark.parametrize("case", named(REQUESTS["legal"] + BLOBS["requests"]))
def test_legal_requests(case: dict[str, Any]) -> None:
    request = regiopost.Request.read(octets(case))
    says = {"tag": request.tag, "verb": request.verb, **request.attributes}
    if request.json is not None:
        says["json"] = request.json.decode()
    assert says == case["request"]
    assert request.line.decode() == case.get("canonical", case["line"])


@pytest.mark.parametrize("case", named(REQUESTS["illegal"] + BLOBS["badRequests"]))
def test_illegal_requests(case: dict[str, Any]) -> None:
    with pytest.raises(regiopost.RequestError) as caught:
        regiopost.Request.read(octets(case))
    error = caught.value
    expected = (case.get("tag"), case["code"], case.get("field"), case.get("ends", False))
    assert (error.tag, error.code, error.field, error.ends) == expected


@pytest.mark.parametrize("case", named(MESSAGES["legal"] + BLOBS["messages"]))
def test_legal_messages(case: dict[str, Any]) -> None:
    message = regiopost.read_message(octets(case))
    assert _says(message) == case["message"]
    assert message.written().decode() == case.get("canonical", case["line"])


def _says(message: regiopost.Message) -> dict[str, str]:
    match message:
        case regiopost.Greeting():
            names = ("server", "address", "epoch", "time", "line", "requests", "page", "idle")
            values = {name: str(getattr(message, name)) for name in names}
            if message.blob is not None:
                values |= {"blob": str(message.blob), "chunk": str(message.chunk)}
            return {"kind": "greeting", **values, "cap": ",".join(message.capabilities)}
        case regiopost.EnrolGreeting():
            return {
                "kind": "enrol-greeting", "server": message.server, "time": message.time, "line": str(message.line),
            }
        case regiopost.OK():
            return {"kind": "ok", "tag": message.tag, "verb": message.verb, **message.attributes}
        case regiopost.NO():
            refusal = message.refusal
            says = {"code": refusal.code, "retry": refusal.retry, "text": refusal.text, **refusal.details}
            return {"kind": "untagged", **says} if message.tag is None else {"kind": "no", "tag": message.tag, **says}
        case regiopost.Delivery():
            return {
                "kind": "change", "mailbox": message.mailbox, "position": str(message.position),
                "received": message.received, "digest": message.digest, "json": message.line.decode(),
                **({"receipt": message.receipt} if message.receipt else {}),
            }
        case regiopost.Piece():
            names = ("sha256", "offset", "count")
            return {"kind": "blob", **{name: str(getattr(message, name)) for name in names}}
        case regiopost.Reached():
            return {"kind": "cursor", "mailbox": message.mailbox, "cursor": message.cursor}
        case regiopost.Bye():
            return {"kind": "bye", "code": message.code, "text": message.text}
        case _:
            return {"kind": "unknown"}


@pytest.mark.parametrize("case", named(MESSAGES["illegal"] + BLOBS["badMessages"]))
def test_illegal_messages(case: dict[str, Any]) -> None:
    with pytest.raises(regiopost.MessageError) as caught:
        regiopost.read_message(octets(case))
    assert caught.value.field == case["field"]


@pytest.mark.parametrize("case", named(CURSORS["cases"]))
def test_cursors_are_tokens_to_a_client(case: dict[str, Any]) -> None:
    token = case["cursor"]
    assert regiopost.is_cursor(token)
    request = regiopost.Request.read(f"1 PULL mailbox=own cursor={token}".encode())
    assert request.attributes["cursor"] == token
    if case["after"] is not None and token != "0":
        # This server's layout, which nobody but it may read: a byte, the epoch, the position, the digest.
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        expected = bytes([1]) + bytes.fromhex(case["epoch"]) + case["after"].to_bytes(8, "big")
        assert raw == expected + bytes.fromhex(case["digest"] or "00" * 32)


@pytest.mark.parametrize("case", named(CHANGES["legal"]))
def test_legal_changes(case: dict[str, Any]) -> None:
    line, expected = octets(case), case["change"]
    change = regiopost.Change.keep(line)
    assert change.line == line and (change.id, change.type) == (expected["id"], expected["type"])
    if change.known is None:
        # What this client doesn't know it keeps, and never says anything about.
        view = regiopost.View()
        assert view.add(change, change.time)
        assert view.unknown == {change.type: 1} and view.frozen == {change.subject}
        assert case["name"] not in regiopost.TYPES, "the plain example of a type that is known must be understood"
        return
    for name, key in (
        ("subject", "subject"), ("after", "after"), ("author", "author"), ("time", "time"),
        ("taken_from", "takenFrom"),
    ):
        assert getattr(change, name) == expected.get(key)
    assert list(change.needs) == expected.get("needs", [])
    assert expected["known"]
    assert expected["order"] == ("exact" if change.is_exact else "commuting")
    body = {name: value for name, value in change.body.items() if value != []}
    again = regiopost.Change.make(
        change.type, change.subject, change.author, body,
        id=change.id, after=change.after, needs=change.needs, time=change.time,
    )
    assert (again.body, again.after, again.needs) == (body, change.after, change.needs)


@pytest.mark.parametrize("case", named(CHANGES["illegal"]))
def test_illegal_changes(case: dict[str, Any]) -> None:
    with pytest.raises(regiopost.ChangeError) as caught:
        regiopost.Change.read(octets(case))
    assert (caught.value.code, caught.value.field) == (case["code"], case.get("field"))


def test_every_type_is_known() -> None:
    assert regiopost.TYPES.keys() == {case["change"]["type"] for case in CHANGES["legal"] if case["change"]["known"]}


@pytest.mark.parametrize("case", CHANGES["ids"], ids=lambda case: case["id"])
def test_derived_ids(case: dict[str, str]) -> None:
    assert hashlib.sha256(case["text"].encode()).hexdigest() == case["sha256"]
    assert regiopost.derived_id(case["text"]) == case["id"]
    if case["text"].startswith("regiopost key\n"):
        _, address, key = case["text"].split("\n", 2)
        assert regiopost.id_for_key(address, key) == case["id"]


def test_digests() -> None:
    for entry in DIALOGUES["digests"]:
        assert hashlib.sha256(entry["line"].encode()).hexdigest() == entry["sha256"]
    for entry in BLOBS["digests"]:
        assert hashlib.sha256(entry["text"].encode()).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("case", named(DIALOGUES["dialogues"] + BLOBS["dialogues"]))
def test_dialogues(case: dict[str, Any]) -> None:
    """The client's side of each: it makes the requests, takes every line, and ends with nothing unanswered."""
    enrolment = case.get("alpn") == regiopost.ALPN_ENROL
    session = regiopost.Session(enrolment=enrolment)
    # Lines that this client would never send; the answers to these are only read.
    foreign: set[str | None] = {None}
    ended = False
    counted = 0
    message: Any = None
    files: dict[str, dict[int, bytes]] = {}
    for step in case["steps"]:
        if "serverBytes" in step:
            # What a piece counts comes right after its line.
            piece = dataclasses.replace(message, data=step["serverBytes"].encode())
            assert len(piece.data) == counted == piece.count
            files.setdefault(piece.sha256, {})[piece.offset] = piece.data
            counted = 0
            continue
        assert counted == 0
        if "client" in step:
            _ask(session, step["client"], foreign)
        elif "closes" in step:
            ended = True
        elif "server" in step:
            line = step["server"].encode()
            message = regiopost.read_message(line)
            ended = ended or isinstance(message, regiopost.Bye) or " OK QUIT" in step["server"]
            if not (isinstance(message, regiopost.NO) and message.tag in foreign):
                assert session.receive(line) == message
            if isinstance(message, regiopost.Piece):
                counted = message.count
            if isinstance(message, regiopost.Delivery):
                assert hashlib.sha256(message.line).hexdigest() == message.digest
    assert ended or not session.under_way
    for sha256, pieces in files.items():
        whole = b"".join(data for _, data in sorted(pieces.items()))
        assert hashlib.sha256(whole).hexdigest() == sha256 or 0 not in pieces


def _ask(session: regiopost.Session, line: str, foreign: set[str | None]) -> None:
    try:
        request = regiopost.Request.read(line.encode())
        made = session.request(request.verb, json=request.json, tag=request.tag, **request.attributes)
        assert made.line.decode() == line
    except regiopost.RequestError as error:
        foreign.add(error.tag)
    except regiopost.Refused:
        foreign.add(line.split(" ")[0])
    except regiopost.UsageError:
        assert line == "2 PING", "only what is sent while another request must be awaited"


@pytest.mark.parametrize("case", named(FOLDS["folds"]))
def test_folds(case: dict[str, Any]) -> None:
    first, *rest = [regiopost.Change.read(line.encode()) for line in case["changes"]]
    for order in itertools.permutations(rest) if case.get("anyOrderAfterFirst") else [rest]:
        view = regiopost.View()
        assert all(view.add(change, None) for change in (first, *order))
        state = _state(view, case["subject"])
        if case["subject"].startswith("meeting/"):
            before = state["confirmed_before"]
            state |= {"accepted": state["agreed"], "confirmedBefore": before[0] if before else None}
        assert {name: state[name] for name in case["state"]} == case["state"]
        absent = {"slot", "place", "confirmedBefore", "due", "percent"} - case["state"].keys()
        assert all(state.get(name) is None for name in absent)


@pytest.mark.parametrize("case", named(FOLDS["sequences"]))
def test_sequences(case: dict[str, Any]) -> None:
    view = regiopost.View()
    for step in case["changes"]:
        change = regiopost.Change.read(step["line"].encode())
        assert view.add(change, step["received"]) == ("refused" not in step), change.type
    state = _state(view, case["subject"])
    assert {name: state.get(name) for name in case["state"]} == case["state"]


@pytest.mark.parametrize("case", named(FOLDS["deadlines"]))
def test_deadlines(case: dict[str, Any]) -> None:
    view = regiopost.View()
    for line in case["changes"]:
        assert view.add(regiopost.Change.read(line.encode()), None)
    _, letter, organisation = case["subject"].split("/")
    term = view.terms.get((letter, organisation))
    assert regiopost.due(case["letterDue"], term) == case["due"]
    assert (term.suspended_since if term else None) == case["suspendedSince"]


def _state(view: regiopost.View, subject: str) -> dict[str, Any]:
    """What the client makes of a subject, as the vectors write it."""
    kind, _, name = subject.partition("/")
    first, _, rest = name.partition("/")
    match kind:
        case "letter":
            letter = view.letters[name]
            return {**vars(letter), "status": letter.status, "reason": letter.withdrawn}
        case "receipt":
            receipt = view.receipts[(first, rest)]
            return {**vars(receipt), "status": receipt.status}
        case "response":
            response = view.responses[(first, rest)]
            reason = response.note if response.status == "withdrawn" else None
            return {
                "status": response.status, "versions": [version.id for version in response.versions],
                "author": response.current.author, "received": response.current.received,
                "text": response.current.content["text"],
                "note": None if response.status == "withdrawn" else response.note, "reason": reason,
            }
        case "meeting":
            meeting = view.meetings[name]
            return {
                **vars(meeting), "common": meeting.common or [], "joined": meeting.joined, "parties": meeting.parties,
            }
        case "agreement":
            agreement = view.agreements[name]
            return {**vars(agreement), "owner": agreement.owner, "entries": len(agreement.entries)}
        case "programme":
            return vars(view.programmes[name])
        case "term":
            term = view.terms[(first, rest)]
            words = {re.sub("_(.)", lambda m: m.group(1).upper(), key): value for key, value in vars(term).items()}
            return {**words, "status": term.status}
        case "draft":
            draft = view.drafts[name]
            return {
                **vars(draft), "kind": draft.kind, "title": draft.current.content["title"],
                "versions": [version.id for version in draft.versions], "author": draft.current.author,
                "signed": draft.signed, "declined": _declined(draft.declined), "missing": draft.missing,
            }
        case "joint":
            joint = view.joints[name]
            is_withdrawn = joint.status == "withdrawn"
            return {
                **vars(joint), **joint.content, "versions": [version.id for version in joint.versions],
                "author": joint.current.author, "received": joint.current.received,
                "signed": joint.signed, "declined": _declined(joint.declined), "missing": joint.missing,
                "answersFor": joint.answers_for, "note": None if is_withdrawn else joint.note,
                "reason": joint.note if is_withdrawn else None,
            }
        case "organisation":
            organisation = view.organisations[name]
            return {**vars(organisation), "shortName": organisation.short_name, "regions": organisation.memberships}
        case "region":
            region = view.regions[name]
            return {**vars(region), **region.contact, "accounthouder": region.account_holder}
        case _:
            mandate = view.mandates[name]
            return {**vars(mandate), "successor": mandate.successor}


def _declined(reasons: dict[str, str]) -> list[dict[str, str]]:
    return [{"by": party, "reason": reason} for party, reason in reasons.items()]


def test_roles_that_may_ask_for_a_meeting() -> None:
    """The client's own table is that of rights.md."""
    rights = (ROOT / "Protocol" / "rights.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z-]+) \| (`.+`) \|$", rights, re.MULTILINE)
    roles = {kind: set(re.findall(r"`([a-z-]+)`", names)) for kind, names in rows}
    for kind, names in regiopost.KINDS.items():
        assert roles[kind] == set(names)


def test_the_specification_lists_every_file_of_vectors() -> None:
    text = (ROOT / "Protocol" / "specification.md").read_text("utf-8").partition("## 16. Vectors")[2]
    listed = re.findall(r"`([a-z-]+\.json)`", text.partition("## 17.")[0])
    assert sorted(listed) == sorted(path.name for path in (ROOT / "Protocol" / "vectors").glob("*.json"))
