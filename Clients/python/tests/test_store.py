"""The replica and the outbox, without a server."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import regiopost
from conftest import vectors

LINES = {case["name"]: case["line"].encode() for case in vectors("changes")["legal"] if "fill" not in case}
RECEIVED = "2026-03-27T10:00:00.000Z"


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with regiopost.Store(tmp_path / "store.sqlite") as store:
        yield store


def delivery(line: bytes, position: int, mailbox: str = "own") -> regiopost.Delivery:
    return regiopost.Delivery(mailbox, position, RECEIVED, hashlib.sha256(line).hexdigest(), line)


def withdraw(letter: str = "0195d2a4-7c00-7000-8000-000000000010", **more: Any) -> regiopost.Change:
    more.setdefault("after", letter)
    return regiopost.Change.make(
        "letter.withdraw", f"letter/{letter}", "pv28/secretariaat", {"reason": "Verkeerde bijlage."}, **more
    )


def ok(change: regiopost.Change, position: int = 1) -> regiopost.OK:
    values = {"id": change.id, "position": str(position), "received": RECEIVED, "digest": change.digest}
    return regiopost.OK("1", "PUSH", values)


def no(code: str, retry: str) -> regiopost.NO:
    return regiopost.NO("1", regiopost.Refusal(code, retry, "No", {"current": "x"}))


def test_changes_and_their_cursor_come_together(store: regiopost.Store) -> None:
    store.arrive(delivery(LINES["letter.publish"], 1))
    assert list(store.changes("own")) == [] and store.cursor("own") == "0"
    assert store.cover("own", "abc") == 1
    assert [change.line for change, _ in store.changes("own")] == [LINES["letter.publish"]]
    assert (store.cursor("own"), store.position("own")) == ("abc", 1)


def test_what_arrives_without_a_cursor_is_forgotten(tmp_path: Path) -> None:
    with regiopost.Store(tmp_path / "s") as store:
        store.arrive(delivery(LINES["letter.publish"], 1))
    with regiopost.Store(tmp_path / "s") as store:
        assert store.cover("own", "abc") == 0


def test_a_gap_keeps_nothing(store: regiopost.Store) -> None:
    store.arrive(delivery(LINES["letter.publish"], 2))
    with pytest.raises(regiopost.Disconnected, match="a gap after position 0"):
        store.cover("own", "abc")
    assert list(store.changes("own")) == [] and store.cursor("own") == "0"


def test_another_digest_is_no_change(store: regiopost.Store) -> None:
    wrong = regiopost.Delivery("own", 1, RECEIVED, "00" * 32, LINES["letter.publish"])
    with pytest.raises(regiopost.Disconnected, match="digest"):
        store.arrive(wrong)


def test_a_resync_replaces_rows_as_they_come_again_and_leaves_the_outbox(store: regiopost.Store) -> None:
    for position, name in enumerate(("letter.publish", "receipt.opened", "letter.withdraw"), 1):
        store.arrive(delivery(LINES[name], position))
    store.cover("own", "abc")
    waiting, refused = store.put(withdraw(id=regiopost.new_id())), store.put(withdraw(id=regiopost.new_id()))
    store.answered(refused.id, no("conflict", "after-sync"))
    before = store.outbox()

    store.resync("own")
    assert store.cursor("own") == "0" and store.outbox() == before
    assert len(list(store.changes("own"))) == 3
    # The restored server has lost the second one, and taken another in its place.
    store.arrive(delivery(LINES["letter.publish"], 1))
    store.arrive(delivery(LINES["response.submit"], 2))
    store.cover("own", "def")
    types = [change.type for change, _ in store.changes("own")]
    assert types == ["letter.publish", "response.submit", "receipt.opened", "letter.withdraw"]
    assert store.outbox() == before and waiting.id in {item.change.id for item in store.outbox("waiting")}


def test_the_outbox_is_on_disk_and_keeps_the_bytes(tmp_path: Path) -> None:
    with regiopost.Store(tmp_path / "s") as store:
        assert store._database.execute("PRAGMA synchronous").fetchone()[0] == 2
        change = store.put(withdraw())
    with regiopost.Store(tmp_path / "s") as store:
        assert [item.change.line for item in store.outbox()] == [change.line]


def test_later_is_no_answer(store: regiopost.Store) -> None:
    change = store.put(withdraw())
    store.mark_sent([change.id])
    store.answered(change.id, no("unavailable", "later"))
    [item] = store.outbox("waiting")
    assert item.refusal is not None and item.change.line == change.line
    with pytest.raises(regiopost.UsageError, match="definite NO"):
        regiopost.drop(store, item)
    store.answered(change.id, ok(change))
    assert [item.state for item in store.outbox()] == ["taken"]


def test_a_key_asks_once(store: regiopost.Store) -> None:
    id = regiopost.id_for_key("pv28/secretariaat", "once")
    first = store.put(withdraw(id=id, time="2026-03-27T10:00:00Z"))
    again = store.put(withdraw(id=id, time="2026-03-28T10:00:00Z"))
    assert again.line == first.line and len(store.outbox()) == 1
    other = regiopost.Change.make(
        "letter.withdraw", first.subject, first.author, {"reason": "Iets anders."}, id=id, after=first.after
    )
    with pytest.raises(regiopost.UsageError, match="used for something else"):
        store.put(other)


def _meeting(store: regiopost.Store) -> tuple[regiopost.Change, regiopost.Change, regiopost.Change]:
    """A request and two steps on it, each after the one before, and a change that needs the last."""
    request = store.put(regiopost.Change.read(LINES["meeting.request"]))
    cancel = store.put(
        regiopost.Change.make("meeting.cancel", request.subject, "gm0503/griffie", {"reason": "x"}, after=request.id)
    )
    needing = store.put(withdraw(needs=[cancel.id]))
    return request, cancel, needing


def test_what_was_refused_is_written_again_with_all_that_waits_for_it(store: regiopost.Store) -> None:
    request, cancel, needing = _meeting(store)
    store.mark_sent([request.id])
    store.answered(request.id, no("unknown-region", "never"))
    again = regiopost.redo(store, store.find(request.id))
    assert [change.type for change in again] == ["meeting.request", "meeting.cancel", "letter.withdraw"]
    new_request, new_cancel, new_needing = again
    assert new_request.subject == f"meeting/{new_request.id}" and new_request.id != request.id
    assert (new_cancel.subject, new_cancel.after) == (new_request.subject, new_request.id)
    assert new_needing.needs == (new_cancel.id,) and new_needing.subject == needing.subject
    assert [item.change.id for item in store.outbox("waiting")] == [change.id for change in again]


def test_what_is_written_again_is_cited_anew(store: regiopost.Store) -> None:
    """A draft that was refused, its signature, what was sent from it, and what goes on with it."""
    college, letter = "gm0503/college", "0195d2a4-7c00-7000-8000-000000000010"
    content = {"dossier": "DOS-2026-0000042", "text": "Wij nemen dit over.\n"}
    body = {"kind": "response", "title": "Antwoord", "letter": letter, "recipients": ["gm0503/formateur"]}
    draft = store.put(regiopost.Change.make("draft.save", None, college, {**body, "content": content}))
    signed = {"version": draft.id, "digest": draft.digest}
    store.put(regiopost.Change.make("draft.sign", draft.subject, college, signed))
    route = {"sender": "pv28/secretariaat", "region": "haagse-regio", "roles": ["formateur"]}
    sent = {**route, **content, "draft": {"id": draft.id, **signed}}
    subject = f"response/{letter}/gm0503"
    store.put(regiopost.Change.make("response.submit", subject, college, sent, taken_from=draft.id))
    store.answered(draft.id, no("bsn-found", "never"))
    again, sign, submit = regiopost.redo(store, store.find(draft.id))
    assert again.subject == f"draft/{again.id}" == sign.subject and again.id != draft.id
    assert sign.body == {"version": again.id, "digest": again.digest}
    assert submit.body["draft"] == {"id": again.id, "version": again.id, "digest": again.digest}
    assert (submit.taken_from, submit.subject) == (again.id, subject)
    view = store.view()
    assert view.drafts[again.id].signed == [college] and not view.misfits


def test_what_is_dropped_takes_along_what_waits_for_it(store: regiopost.Store) -> None:
    request, cancel, needing = _meeting(store)
    store.answered(request.id, no("unknown-region", "never"))
    other = store.put(withdraw())
    assert regiopost.drop(store, store.find(request.id[-12:])) == [request.id, cancel.id, needing.id]
    assert [item.change.id for item in store.outbox()] == [other.id]


def test_a_view_has_the_outbox_on_top_and_counts_what_it_does_not_know(store: regiopost.Store) -> None:
    letter = regiopost.Change.read(LINES["letter.publish"])
    future = json.loads(LINES["letter.withdraw"]) | {"type": "letter.praise", "body": {}}
    future |= {"id": "0195d2a4-7c00-7000-8000-0000000000ff", "subject": "praise/1"}
    kind = json.loads(LINES["meeting.request"])
    kind["body"]["kind"] = "walk"
    lines = (letter.line, regiopost.write_json(future), regiopost.write_json(kind))
    for position, line in enumerate(lines, 1):
        store.arrive(delivery(line, position))
    store.cover("own", "abc")
    store.put(withdraw())
    view = store.view()
    assert view.letters[letter.id].status == "withdrawn"
    assert store.view(outbox=False).letters[letter.id].status == "published"
    assert view.unknown == {"letter.praise": 1, "meeting.request": 1}
    assert view.frozen == {"praise/1", f"meeting/{kind['id']}"} and not view.meetings


@pytest.mark.parametrize(
    "text",
    [
        "", "{}x", '{"a":1,"a":1}', '{"a":1.5}', '{"a":1e3}', '{"a":01}', '{"a":-0}', '{"a":9007199254740992}',
        '{"a":"\\ud800"}', '{"a":"\\ud800\\u0041"}', '{"a":"\\udc00"}', '{"a":"\\uffff"}', '{"a":"\ufdd0"}',
        '{"a":"\t"}', '{"a":"\\x"}', '{"a" 1}', "{'a':1}", '{"a":NaN}', "[1,]", '{"a":1,}', "\ufeff{}",
        "[" * 17 + "]" * 17,
        "[" + "1," * 20_000 + "1]", "{" + ",".join(f'"{n}":1' for n in range(201)) + "}", '"', '{"a":tru}', "-", "+1",
    ],
)
def test_what_is_no_i_json(text: str) -> None:
    with pytest.raises(regiopost.JSONError):
        regiopost.read_json(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "{}", "[]", ' \t\n\r{ "a" : [ 1 , -1 , true , false , null ] } ', '{"a":9007199254740991}', '"\\ud83d\\ude00"',
        "[" * 16 + "]" * 16, "[" + "1," * 19_998 + "1]", "{" + ",".join(f'"{n}":1' for n in range(200)) + "}",
        '"\\u0000\\r\\n\\"\\/\\b\\f"', '"\u2028\x85"', "0",
    ],
)
def test_what_is_i_json(text: str) -> None:
    assert regiopost.read_json(text.encode()) == json.loads(text)


def test_no_utf_8() -> None:
    for data in (b'"\xff"', b'"\xc0\x80"', b'"\xed\xa0\x80"'):
        with pytest.raises(regiopost.JSONError):
            regiopost.read_json(data)


PIN = "a" * 64
SECRET = "AAECAwQFBgcICQoLDA0ODw"


@pytest.mark.parametrize("host", ["post.example.nl", "127.0.0.1", "[::1]", "localhost"])
def test_invitations(host: str) -> None:
    invitation = regiopost.Invitation.read(f"regiopost:1:{host}:7443:gm0503/griffie:{SECRET}:{PIN}")
    assert (invitation.host, invitation.port) == (host.strip("[]"), 7443)


GOOD = f"regiopost:1:localhost:7443:gm0503/griffie:{SECRET}:{PIN}"


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (":1:", ":2:"), ("localhost", ""), ("7443", "07443"), ("7443", "65536"), ("7443", "0"), ("griffie", "nobody"),
        (SECRET, "AAAA"), (SECRET, SECRET + "="), (PIN, PIN.upper()), (PIN, PIN + "\n"), ("localhost", "1.2.3"),
        ("localhost", "[1::2::3]"), ("localhost", "a b"), ("localhost", "a" * 400), ("localhost", "-a"), (GOOD, ""),
    ],
)
def test_what_is_no_invitation(part: str, instead: str) -> None:
    with pytest.raises(regiopost.UsageError):
        regiopost.Invitation.read(GOOD.replace(part, instead, 1))


def test_ids_are_of_their_version_and_in_order() -> None:
    ids = [regiopost.new_id() for _ in range(100)]
    assert len(set(ids)) == 100
    assert all(regiopost.is_id(id) and id[14] == "7" for id in ids)


def test_texts_of_others_cannot_drive_a_terminal() -> None:
    assert regiopost.printable("a\x1b[2J\u202eb\n\tc\x9b") == "a\\u001b[2J\\u202eb\n\tc\\u009b"
