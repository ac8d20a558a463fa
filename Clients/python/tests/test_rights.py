"""What the client judges by itself before it queues anything: rights, and what becomes of an answer."""

from __future__ import annotations

import re
from typing import Any

import pytest

import regiopost
from conftest import ROOT, named, vectors
from regiopost import codes, privacy, rights

RIGHTS = vectors("rights")
ERRORS = vectors("errors")
NUMBERS = vectors("bsn")

# What isn't about rights but about what a change says: the server's to judge.
OF_THE_SERVER = {"unknown-region", "unknown-organisation", "bad-field"}


def _mailbox(case: dict[str, Any], address: str) -> regiopost.View:
    """What a replica of that address holds."""
    view = regiopost.View()
    lines = [*RIGHTS["directory"], *(prior["line"] for prior in case["prior"] if address in prior["to"])]
    for line in lines:
        assert view.add(regiopost.Change.read(line.encode()), None), line
    return view


@pytest.mark.parametrize("case", named(RIGHTS["cases"]))
def test_rights(case: dict[str, Any]) -> None:
    expected: dict[str, str | None] = dict.fromkeys(case["allowed"])
    for code, addresses in case["refused"].items():
        expected |= dict.fromkeys(addresses, code)
    assert expected.keys() == set(RIGHTS["tried"])
    for address, code in expected.items():
        change = regiopost.Change.read(case["line"].replace("AUTHOR", address).encode())
        found = rights.judge(change, _mailbox(case, address))
        if code in OF_THE_SERVER:
            assert found is None, address
        elif case["name"] == "agreement.record" and code == "subject-unknown":
            assert found is None, "whose meeting it is, the server asks"
        elif case["name"] == "draft.save at the province" and code == "subject-unknown":
            assert found is None, "for who doesn't see it, a first version"
        else:
            assert found == code, address


def test_the_table_is_that_of_the_vectors() -> None:
    assert {case["type"] for case in RIGHTS["cases"]} == rights.TABLE.keys() == regiopost.TYPES.keys()
    for case in RIGHTS["cases"]:
        writers = []
        for writer in rights.TABLE[case["type"]]:
            roles = [*writer.roles] if isinstance(writer.roles, tuple) else writer.roles
            writers.append({"relation": writer.relation} | ({} if roles is None else {"roles": roles}))
        assert writers == case["writers"], case["type"]
    assert {kind: list(roles) for kind, roles in regiopost.KINDS.items()} == RIGHTS["requesters"]
    assert rights.CLEARANCES == RIGHTS["clearances"]


def test_the_registry_is_that_of_the_specification() -> None:
    text = (ROOT / "Protocol" / "specification.md").read_text("utf-8").partition("## 14.")[2].partition("## 15.")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z-]+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(entry["code"], entry["retry"], entry["meaning"]) for entry in ERRORS["codes"]]
    known = {name: (code.retry, code.ends, code.english) for name, code in codes.CODES.items()}
    assert known == {entry["code"]: (entry["retry"], entry["ends"], entry["meaning"]) for entry in ERRORS["codes"]}
    for code in codes.CODES.values():
        assert code.dutch and code.dutch != code.english


@pytest.mark.parametrize("case", named(ERRORS["answers"]))
def test_what_becomes_of_an_answer(case: dict[str, Any]) -> None:
    message = regiopost.read_message(case["line"].encode())
    assert isinstance(message, regiopost.NO)
    assert (message.refusal.does, message.refusal.is_definite) == (case["does"], case["definite"])


@pytest.mark.parametrize("case", named(ERRORS["goodbyes"]))
def test_who_comes_back_after_a_goodbye(case: dict[str, Any]) -> None:
    message = regiopost.read_message(case["line"].encode())
    assert isinstance(message, regiopost.Bye)
    ended = regiopost.Disconnected(message.code, message.text)
    assert ended.connects_again == (case["connect"] == "later")
    assert (ended.exit_code == regiopost.EX_TEMPFAIL) == ended.connects_again


def test_what_may_not_be_is_not_queued(tmp_path: Any) -> None:
    """The letter of the vectors, as its copy and its recipients have it."""
    [case] = [case for case in RIGHTS["cases"] if case["name"] == "response.withdraw"]
    profile = regiopost.Profile(tmp_path, "gm0503/griffie", "localhost", 1, "")
    with profile.store() as store:
        view = _mailbox(case, profile.address)
        body = {"reason": "Te vroeg."}
        change = regiopost.Change.read(case["line"].replace("AUTHOR", profile.address).encode())
        with pytest.raises(regiopost.Forbidden) as caught:
            regiopost.queue(store, view, change)
        assert (caught.value.code, caught.value.exit_code) == ("not-allowed", 65) and store.outbox() == []
        college = "gm0503/college"
        change = regiopost.Change.make(change.type, change.subject, college, body, after=change.after)
        regiopost.queue(store, _mailbox(case, college), change)
        assert [item.change.id for item in store.outbox()] == [change.id]
        # Whose mandate is over writes nothing any more.
        over = {"address": college, "on": "2026-06-30", "successor": "gm0503/gemeentesecretaris"}
        end = regiopost.Change.make("mandate.end", f"mandate/{college}", "pv28/regiopostd", over)
        view = _mailbox(case, college)
        view.add(end, None)
        with pytest.raises(regiopost.Forbidden) as caught:
            regiopost.queue(store, view, regiopost.Change.make(change.type, change.subject, college, body))
        assert (caught.value.code, caught.value.exit_code) == ("mandate-ended", 77)
        # What stands in the queue already stands, however often it is asked for.
        assert regiopost.queue(store, view, change) == change and len(store.outbox()) == 1
        # And who took over may do what it might.
        heir = "gm0503/gemeentesecretaris"
        assert regiopost.rights.predecessors(heir, view) == [college]


def test_an_answer_for_an_organisation_that_became_part_of_ones_own(tmp_path: Any) -> None:
    [case] = [case for case in RIGHTS["cases"] if case["name"] == "response.submit, after a merger"]
    profile = regiopost.Profile(tmp_path, "gm0518/college", "localhost", 1, "")
    with profile.store() as store:
        lines = [*RIGHTS["directory"], *(p["line"] for p in case["prior"] if profile.address in p["to"])]
        changes = [regiopost.Change.read(line.encode()) for line in lines]
        for mailbox in ("directory", "own"):
            mine = [c for c in changes if (c.author.endswith("/regiopostd")) == (mailbox == "directory")]
            for position, change in enumerate(mine, 1):
                time = "2026-03-27T10:00:00.000Z"
                store.arrive(regiopost.Delivery(mailbox, position, time, change.digest, change.line))
            store.cover(mailbox, "1")
        own = regiopost.respond(profile, store, "DOS-2026-0000042", "Wij ook.")
        former = regiopost.respond(profile, store, "DOS-2026-0000042", "Wij ook.", organisation="gm0503")
        for change, code in ((own, "gm0518"), (former, "gm0503")):
            assert change.subject.endswith(f"/{code}") and change.body["roles"] == ["formateur", "griffie"]
        with pytest.raises(regiopost.Forbidden) as caught:
            regiopost.respond(profile, store, "DOS-2026-0000042", "Zij niet.", organisation="gm0603")
        assert caught.value.code == "not-addressed"


@pytest.mark.parametrize("case", NUMBERS["texts"], ids=lambda case: repr(case["text"]))
def test_citizen_service_numbers(case: dict[str, Any]) -> None:
    assert privacy.lines_with_numbers(case["text"]) == case["lines"]


def test_the_words_around_a_number() -> None:
    words = NUMBERS["words"]
    assert privacy.CITIZEN == set(words["citizen"]) and privacy.OTHERS == set(words["others"])


@pytest.mark.parametrize("case", named(NUMBERS["changes"]))
def test_changes_with_a_citizen_service_number(case: dict[str, Any]) -> None:
    expected = (case["field"], case["bsnLine"]) if "field" in case else None
    assert privacy.number_in(regiopost.Change.read(case["line"].encode())) == expected


def test_looking_for_numbers_takes_time_that_grows_with_the_text() -> None:
    assert privacy.lines_with_numbers("123 456 78 12345678 1234.56.78 " * 10_000) == []


def test_a_number_is_not_queued(tmp_path: Any) -> None:
    change = regiopost.Change.read(NUMBERS["changes"][2]["line"].encode())
    profile = regiopost.Profile(tmp_path, change.author, "localhost", 1, "")
    with profile.store() as store:
        with pytest.raises(regiopost.Forbidden) as caught:
            regiopost.queue(store, store.view(), change)
        assert caught.value.code == "bsn-found" and store.outbox() == []
        assert "body.themes[1]" in str(caught.value) and "123" not in caught.value.said("nl")
