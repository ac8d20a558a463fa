"""The client against a server of its own. Skipped where ``regiopostd`` wasn't built."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import regiopost
from conftest import HERE, Cutter, Town, vectors, wait_until

# What every server takes, whatever fields came later.
LETTER: dict[str, Any] = json.loads(
    next(case["line"] for case in vectors("changes")["legal"] if case["name"] == "only what is required: a letter")
)["body"] | {"copies": ["gm0503/griffie", "gm0518/griffie"], "requests": ["Neem de woningbouw op in het akkoord."]}


def publish(profile: regiopost.Profile, number: int = 42) -> regiopost.Change:
    """Another address writes a letter."""
    body = LETTER | {"dossier": f"DOS-2026-{number:07d}", "document": f"PZH-2026-{number:09d}"}
    with profile.store() as store:
        change = store.put(regiopost.Change.make("letter.publish", None, profile.address, body))
        report = regiopost.sync(profile, store)
    assert report.pushed == [change.id]
    return change


def run(*arguments: str, input: str = "") -> subprocess.CompletedProcess[str]:
    """A command as a person or a script runs it."""
    command = [sys.executable, "-B", "-m", "regiopost", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    return subprocess.run(command, input=input, capture_output=True, text=True, timeout=60, env=environment)


def said(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_enrolment(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = town.invite("gm0503/griffie")
    profile = regiopost.enrol(invitation, "delft")
    assert profile.address == "gm0503/griffie"
    identity = (profile.folder / "identity.pem").read_bytes()
    assert (profile.folder / "identity.pem").stat().st_mode & 0o077 == 0
    # The same invitation again, with the same key: the same certificate.
    regiopost.enrol(invitation, "delft")
    assert (profile.folder / "identity.pem").read_bytes() == identity
    # With another key it was used.
    with pytest.raises(regiopost.Refused) as caught:
        regiopost.enrol(invitation, "another")
    assert caught.value.refusal.code == "invitation-used"
    with pytest.raises(regiopost.NoProfile):
        regiopost.Profile.open("another")
    # A server with another key than the pinned one is told nothing.
    other = regiopost.Invitation.read(town.invite("gm0503/college"))
    forged = f"regiopost:1:{other.host}:{other.port}:{other.address}:{other.secret}:{'0' * 64}"
    with pytest.raises(regiopost.Disconnected) as stopped:
        regiopost.enrol(forged, "forged")
    assert (stopped.value.reason, stopped.value.exit_code) == ("untrusted", 77)
    # A new invitation for the address goes on with the profile; one for another address doesn't.
    with profile.store() as store:
        regiopost.sync(profile, store)
        regiopost.request_meeting(profile, store, "briefing")
    again = regiopost.enrol(town.invite("gm0503/griffie"), "delft")
    assert (again.folder / "identity.pem").read_bytes() != identity
    with again.store() as store:
        assert len(regiopost.sync(again, store).pushed) == 1
    with pytest.raises(regiopost.UsageError, match="another name"):
        regiopost.enrol(town.invite("gm0503/college"), "delft")


def test_the_whole_way_by_commands(town: Town) -> None:
    done = run("enrol", "-", "--profile", "college", input=town.invite("gm0503/college") + "\n")
    assert done.returncode == 0, done.stderr
    run("enrol", town.invite("gm0503/griffie"), "--profile", "griffie")
    province = town.profile("pv28/secretariaat")
    letter = publish(province)

    [report] = said(run("sync", "--profile", "college", "--json"))
    assert report["received"] > 50 and report["unknown"] == {}
    [shown] = said(run("letters", "--profile", "college", "--json"))
    assert (shown["id"], shown["status"], shown["response"]) == (letter.id, "published", None)
    answer = ("respond", "DOS-2026-0000042", "--file", "-", "--answer", "1=partly:De helft", "--key", "k1")
    [first] = said(run(*answer, "--profile", "college", "--json", input="Wij doen mee.\n"))
    [second] = said(run(*answer, "--profile", "college", "--json", input="Wij doen mee.\n"))
    assert first == second
    assert run(*answer, "--profile", "college", input="Iets anders.\n").returncode == 65
    [queued] = said(run("queue", "--profile", "college", "--json"))
    assert (queued["id"], queued["state"]) == (first["id"], "waiting")
    [report] = said(run("sync", "--profile", "college", "--json"))
    assert report["pushed"] == [first["id"]]
    assert said(run("queue", "--profile", "college", "--json")) == []

    run("sync", "--profile", "griffie")
    slot = "2026-06-02 19:30-21:30"
    ask = ("request", "briefing", "--slot", slot, "--letter", "DOS-2026-0000042", "--key", "june", "--size", "45")
    [request] = said(run(*ask, "--profile", "griffie", "--json"))
    assert run("show", "DOS-2026-0000042", "--profile", "griffie").stdout.count("Geachte formateur") == 1
    [report] = said(run("sync", "--profile", "griffie", "--json"))
    assert len(report["pushed"]) == 2, "the request, and that the letter was opened"
    [meeting] = said(run("show", request["id"], "--profile", "griffie", "--json"))
    assert (meeting["status"], meeting["slots"]) == ("requested", ["2026-06-02T19:30/21:30"])

    with province.store() as store:
        regiopost.sync(province, store)
        view = store.view()
    response = view.responses[(letter.id, "gm0503")]
    assert (response.status, response.current.author) == ("submitted", "gm0503/college")
    assert response.current.content["answers"] == [{"request": 1, "answer": "partly", "text": "De helft"}]
    assert view.receipts[(letter.id, "gm0503/griffie")].status == "opened"


def test_exit_statuses(town: Town) -> None:
    assert run("letters").returncode == 78
    assert run("letters", "--profile", "../x").returncode == 65
    assert run("fly").returncode == 64
    assert run("enrol", "regiopost:1:nonsense").returncode == 65
    run("enrol", town.invite("gm0503/griffie"))
    assert run("sync").returncode == 0
    assert run("respond", "DOS-2026-9999999", "--text", "x").returncode == 65
    assert run("respond", "DOS-2026-9999999", "--file", "/nowhere").returncode == 66
    assert run("request", "conversation").returncode == 65
    town.ask("revoke", "gm0503/griffie")
    assert run("sync").returncode == 77
    town.end()
    assert run("sync").returncode == 69


def test_two_clerks_of_one_address(town: Town) -> None:
    """Both answer offline; the second gets a conflict, and what waited for that is held back until a person decides."""
    letter = publish(town.profile("pv28/secretariaat"))
    first, second = town.profile("gm0503/college"), town.profile("gm0503/college")
    with first.store() as one, second.store() as two:
        for profile, store in ((first, one), (second, two)):
            regiopost.sync(profile, store)
        sent = regiopost.respond(first, one, letter.id, "Ja.")
        mine = regiopost.respond(second, two, letter.id, "Nee.")
        later = regiopost.respond(second, two, letter.id, "Nee, want.")
        assert later.after == mine.id
        regiopost.sync(first, one)
        report = regiopost.sync(second, two)
        assert (report.refused[mine.id].code, report.refused[mine.id].details["current"]) == ("conflict", sent.id)
        assert report.held == [later.id] and report.exit_code == 65
        # Nothing is lost: both versions are here.
        assert two.view().responses[(letter.id, "gm0503")].current.content["text"] == "Ja."
        again = regiopost.redo(two, two.find(mine.id))
        assert [change.body["text"] for change in again] == ["Nee.", "Nee, want."] and again[0].after == sent.id
        assert len(regiopost.sync(second, two).pushed) == 2
        regiopost.sync(first, one)
        versions = one.view().responses[(letter.id, "gm0503")].versions
        assert [version.content["text"] for version in versions] == ["Ja.", "Nee.", "Nee, want."]


def test_watch_is_live(town: Town) -> None:
    province, profile = town.profile("pv28/secretariaat"), town.profile("gm0503/griffie")
    came: list[regiopost.Change] = []
    ready, pushed, done = threading.Event(), threading.Event(), threading.Event()

    def news(mailbox: str, change: regiopost.Change, _: str) -> None:
        came.append(change)
        if change.type == "meeting.request":
            pushed.set()

    def stay() -> None:
        with profile.store() as store:
            regiopost.watch(profile, store, news, until=done.is_set, ready=ready.set)

    thread = threading.Thread(target=stay)
    thread.start()
    assert ready.wait(20)
    letter = publish(province)
    wait_until(lambda: letter.id in [change.id for change in came])
    # What another process queues meanwhile goes out too, and comes back.
    with profile.store() as store:
        request = regiopost.request_meeting(profile, store, "briefing", slots=["2026-06-02T19:30/21:30"])
        assert pushed.wait(15)
        assert request.id in store.view(outbox=False).meetings
        with pytest.raises(regiopost.Busy):
            regiopost.sync(profile, store)
    # The watch told the server what it holds: the letter counts as delivered.
    with province.store() as store:

        def delivered() -> bool:
            regiopost.sync(province, store)
            receipt = store.view().receipts.get((letter.id, "gm0503/griffie"))
            return receipt is not None and receipt.delivered is not None

        wait_until(delivered)
    done.set()
    thread.join(20)
    assert not thread.is_alive()


REQUESTS = 30


def _fill(profile: regiopost.Profile, store: regiopost.Store) -> list[str]:
    regiopost.sync(profile, store)
    note = "x" * 3000
    made = [regiopost.request_meeting(profile, store, "briefing", note=note, key=str(n)) for n in range(REQUESTS)]
    return [change.id for change in made]


def _all_arrived_once(profile: regiopost.Profile, store: regiopost.Store, ids: list[str]) -> None:
    report = regiopost.sync(profile, store)
    assert not report.refused and not report.later
    assert [item.change.id for item in store.outbox("taken")] == ids
    here = [change.id for change, _ in store.changes("own")]
    assert [id for id in here if id in ids] == ids


@pytest.mark.parametrize("sent", [0, 1, 700, 20_000, 50_000, 95_000])
def test_cut_while_pushing(town: Town, sent: int) -> None:
    profile = town.profile("gm0503/griffie")
    with profile.store() as store:
        ids = _fill(profile, store)
        lines = [item.change.line for item in store.outbox()]
        cutter = Cutter(town.port)
        cutter.limits["client"] = sent
        with pytest.raises(regiopost.Disconnected):
            regiopost.sync(replace(profile, port=cutter.port), store)
        cutter.close()
        assert [item.change.line for item in store.outbox()] == lines
        _all_arrived_once(profile, store, ids)


@pytest.mark.parametrize("got", [100, 3000, 8000, 15_000])
def test_cut_while_reading(town: Town, got: int) -> None:
    profile = town.profile("gm0503/griffie")
    with profile.store() as store:
        cutter = Cutter(town.port)
        cutter.limits["server"] = got
        with pytest.raises(regiopost.Disconnected):
            regiopost.sync(replace(profile, port=cutter.port), store)
        held = len(list(store.changes("directory")))
        assert held == store.position("directory")
        cutter.limits["server"] = None
        regiopost.sync(replace(profile, port=cutter.port), store)
        cutter.close()
        assert len(list(store.changes("directory"))) == store.position("directory") > 50


def test_a_server_killed_with_the_outbox_full(town: Town) -> None:
    profile = town.profile("gm0503/griffie")
    with profile.store() as store:
        ids = _fill(profile, store)
        town.end(signal.SIGKILL)
        with pytest.raises(regiopost.Disconnected) as caught:
            regiopost.sync(profile, store)
        assert caught.value.exit_code == 69 and len(store.outbox("waiting")) == REQUESTS
        town.start()
        # And killed in the middle of it: the first receipts are there, and the server with them is gone.
        killer = threading.Thread(
            target=lambda: (wait_until(lambda: _count(profile) > 3), town.end(signal.SIGKILL))
        )
        killer.start()
        try:
            regiopost.sync(profile, store)
        except regiopost.Disconnected:
            pass
        killer.join(30)
        town.start()
        _all_arrived_once(profile, store, ids)


def _count(profile: regiopost.Profile) -> int:
    with profile.store() as store:
        return len(store.outbox("taken"))


def test_a_server_restored_from_a_backup(town: Town) -> None:
    province, profile = town.profile("pv28/secretariaat"), town.profile("gm0503/griffie")
    first = publish(province, 1)
    with profile.store() as store:
        regiopost.sync(profile, store)
        town.end()
        shutil.copytree(town.data, town.folder / "backup")
        town.start()
        second = publish(province, 2)
        lost = regiopost.request_meeting(profile, store, "briefing", key="lost")
        regiopost.sync(profile, store)
        cursor = store.cursor("own")
        waiting = regiopost.request_meeting(profile, store, "briefing", key="waiting")
        town.end()
        shutil.rmtree(town.data)
        shutil.copytree(town.folder / "backup", town.data)
        town.start()

        report = regiopost.sync(profile, store)
        assert report.resynced == ["own"] and report.pushed == [waiting.id]
        assert store.cursor("own") != cursor
        # The server no longer has these; here they still are, and the outbox is what it was.
        view = store.view()
        assert {first.id, second.id} == set(view.letters) and {lost.id, waiting.id} == set(view.meetings)
        assert [item.state for item in store.outbox()] == ["taken", "taken"]
        # And it goes on.
        third = publish(province, 3)
        regiopost.sync(profile, store)
        assert third.id in store.view().letters


def test_a_watch_that_is_cut_goes_on(town: Town) -> None:
    profile = town.profile("gm0503/griffie")
    with profile.store() as store:
        regiopost.sync(profile, store)
        stopped: list[str] = []

        def stay() -> None:
            try:
                with profile.store() as own:
                    regiopost.watch(profile, own, until=lambda: False, ready=ready.set)
            except regiopost.Disconnected as error:
                stopped.append(error.reason)

        ready = threading.Event()
        thread = threading.Thread(target=stay)
        thread.start()
        assert ready.wait(20)
        town.end()
        thread.join(20)
        assert stopped == ["stopping"]
        regiopost.request_meeting(profile, store, "briefing")
        town.start()
        assert len(regiopost.sync(profile, store).pushed) == 1


def test_files_in_pieces_whatever_is_cut(town: Town, tmp_path: Path) -> None:
    letter = publish(town.profile("pv28/secretariaat"))
    college, province = town.profile("gm0503/college"), town.profile("pv28/accounthouder-haagse-regio")
    stranger = town.profile("gm0518/griffie")
    with college.connect() as connection:
        if connection.greeting.chunk is None:
            pytest.skip("this server has no files yet")
    file = tmp_path / "begroting 2026.pdf"
    file.write_bytes(os.urandom(3_000_000))
    with college.store() as store, province.store() as other, stranger.store() as third:
        regiopost.sync(college, store)
        change = regiopost.respond(college, store, letter.id, "Zie bijlage.", files=[file])
        [cited] = regiopost.cited_files(change)
        assert (cited["name"], cited["media"], cited["size"]) == (file.name, "application/pdf", 3_000_000)
        file.unlink()
        for limit in (200_000, 1_200_000, 700_000):
            cutter = Cutter(town.port)
            cutter.limits["client"] = limit
            with pytest.raises(regiopost.Disconnected):
                regiopost.sync(replace(college, port=cutter.port), store)
            cutter.close()
        assert regiopost.sync(college, store).pushed == [change.id]
        regiopost.sync(province, other)
        cutter = Cutter(town.port)
        cutter.limits["server"] = 2_000_000
        with pytest.raises(regiopost.Disconnected):
            regiopost.fetch(replace(province, port=cutter.port), other, cited["sha256"])
        cutter.close()
        assert province.files.partial(cited["sha256"]).stat().st_size > 0
        path = regiopost.fetch(province, other, cited["sha256"])
        assert hashlib.sha256(path.read_bytes()).hexdigest() == cited["sha256"]
        # Whoever doesn't see the response doesn't get the file, whatever it knows of it.
        with pytest.raises(regiopost.Refused) as caught:
            regiopost.fetch(stranger, third, cited["sha256"])
        assert caught.value.refusal.code == "blob-unknown"
    done = run("fetch", letter.id, "--to", str(tmp_path), "--profile", college.folder.name, "--json")
    assert [entry["name"] for entry in said(done)] == [file.name] and file.stat().st_size == 3_000_000


class Desk:
    """An address that writes what it likes, as long as its own judge lets it, and syncs."""

    def __init__(self, town: Town, address: str) -> None:
        self.profile = town.profile(address)

    @property
    def name(self) -> str:
        return self.profile.folder.name

    def view(self) -> regiopost.View:
        with self.profile.store() as store:
            assert regiopost.sync(self.profile, store).exit_code == 0
            return store.view()

    def write(self, type: str, subject: str | None, body: dict[str, Any], **more: Any) -> regiopost.Change:
        view = self.view()
        if subject is not None and regiopost.TYPES[type].exact:
            more["after"] = view.last.get(subject)
        change = regiopost.Change.make(type, subject, self.profile.address, body, **more)
        with self.profile.store() as store:
            regiopost.queue(store, view, change)
            report = regiopost.sync(self.profile, store)
        assert report.pushed == [change.id], report.refused
        return change

    def run(self, *arguments: str, language: str = "nl") -> str:
        done = run(*arguments, "--profile", self.name, "--language", language)
        assert done.returncode == 0, done.stderr
        return done.stdout


def test_an_answer_together(town: Town) -> None:
    """Two colleges draft, sign and send one answer; what each sees of it, and when an answer is due."""
    letter = publish(town.profile("pv28/secretariaat"))
    delft, hague = Desk(town, "gm0503/college"), Desk(town, "gm0518/college")
    holder = Desk(town, "pv28/accounthouder-haagse-regio")
    roles = delft.view().letters[letter.id].roles("gm0503")
    route = {"sender": letter.author, "region": letter.body["region"], "roles": roles}
    holder.write("term.set", f"term/{letter.id}/gm0503", {**route, "due": "2099-05-16", "note": "Uitstel."})
    holder.write("term.remind", f"term/{letter.id}/gm0503", route)
    delft.view()
    assert "uiterlijk 2099-05-18" in delft.run("letters"), "a Saturday is due on Monday"

    members = ["gm0503", "gm0518"]
    recipients = [a for a in letter.body["recipients"] if a.partition("/")[0] in members]
    content = {"dossier": letter.body["dossier"], "text": "Wij nemen dit samen over.\n"}
    body = {"kind": "joint", "title": "Samen bouwen", "members": members, "letter": letter.id}
    draft = delft.write("draft.save", None, {**body, "recipients": recipients, "content": content})
    citation = {"version": draft.id, "digest": draft.digest}
    signatures = []
    for desk in (hague, delft):
        signed = desk.write("draft.sign", draft.subject, citation)
        signatures.append({"organisation": desk.profile.organisation, "signature": signed.id})
    hague.view()
    shown = hague.run("drafts")
    assert "gezamenlijk antwoord  Samen bouwen" in shown and "ondertekend: gm0503, gm0518" in shown

    copies = [a for a in letter.body["copies"] if a.partition("/")[0] in members]
    sent = {"sender": letter.author, "region": letter.body["region"], "letter": letter.id, "lead": "gm0503"}
    sent |= {"members": members, "recipients": recipients, "copies": copies, **content}
    sent |= {"draft": {"id": draft.id, **citation}, "signed": signatures[::-1]}
    hague.write("joint.submit", f"joint/{draft.id}", sent)
    view = holder.view()
    assert view.joints[draft.id].answers_for == members and not view.misfits
    text = holder.run("show", letter.body["dossier"], "--unopened")
    assert "gm0503, gm0518 samen, ingediend; ondertekend: gm0503, gm0518" in text
    assert "Wij nemen dit samen over." in text
    delft.view()
    assert "uiterlijk" not in delft.run("letters"), "it counts as Delft's answer"
    assert f"1 keer herinnerd, laatst door {holder.profile.address}" in delft.run("show", letter.body["dossier"])
    # Nobody outside of the circle sees the draft, and nobody else takes the answer back.
    assert draft.id not in view.drafts
    with pytest.raises(regiopost.Forbidden) as caught:
        hague.write("joint.withdraw", f"joint/{draft.id}", {"reason": "Toch niet."})
    assert caught.value.code == "not-allowed"


def test_what_a_meeting_came_to(town: Town, tmp_path: Path) -> None:
    griffie, college = Desk(town, "gm0503/griffie"), Desk(town, "gm0503/college")
    holder = Desk(town, "pv28/accounthouder-haagse-regio")
    request = {"kind": "briefing", "accounthouder": holder.profile.address}
    meeting = griffie.write("meeting.request", None, request)
    holder.write("meeting.confirm", meeting.subject, {"slot": "2026-05-12T19:30/21:00"})
    slides = tmp_path / "kaarten.pdf"
    slides.write_bytes(b"%PDF-1.7 kaarten")
    minutes = {"minutes": "Besproken.", "files": [holder.profile.files.keep(slides)]}
    held = holder.write("meeting.hold", meeting.subject, minutes)
    content = {"meeting": meeting.id, "kind": "briefing", "parties": ["gm0503"], "owner": "gm0503"}
    content |= {"text": "Delft levert een lijst.", "due": "2020-06-30"}
    agreement = holder.write("agreement.record", None, content, needs=[held.id])
    start = {"name": "Bouwen in de regio", "region": "haagse-regio", "parties": ["gm0503"]}
    programme = holder.write("programme.start", None, start)
    holder.write("programme.include", programme.subject, {"agreements": [agreement.id]}, needs=[agreement.id])
    with pytest.raises(regiopost.Forbidden):
        griffie.write("agreement.amend", agreement.subject, {"reason": "Later."})
    griffie.write("agreement.progress", agreement.subject, {"note": "Half.", "percent": 50})
    assert not college.view().misfits
    shown = college.run("agreements")
    assert "Delft levert een lijst.  (open, 50%, te laat sinds 2020-06-30, gm0503 zorgt ervoor)" in shown
    assert "Bouwen in de regio  (open, 1 afspraken)" in college.run("programmes")
    assert "toelichting  gm0503  2026-05-12T19:30/21:00  (gehouden)" in griffie.run("meetings")
    assert "50%" in college.run("show", programme.id) and "Half." in college.run("show", agreement.id)
    (tmp_path / "hier").mkdir()
    griffie.run("fetch", meeting.id[-12:], "--to", str(tmp_path / "hier"))
    assert (tmp_path / "hier" / "kaarten.pdf").read_bytes() == slides.read_bytes()
    college.write("agreement.complete", agreement.subject, {})
    [values] = said(run("agreements", "--profile", college.name, "--json"))
    assert (values["status"], values["percent"], len(values["entries"])) == ("done", 50, 2)
    [values] = said(run("programmes", "--profile", college.name, "--json"))
    assert (values["agreements"], values["done"]) == ([agreement.id], 1)


def test_what_went_wrong_in_ones_language(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")
    assert "er is geen profiel default" in run("letters").stderr
    assert "there is no profile default" in run("letters", "--language", "en").stderr
    run("enrol", town.invite("gm0503/griffie"))
    assert "0 verstuurd" in run("sync").stdout and "0 sent" in run("--language", "en", "sync").stdout
    done = run("request", "conversation")
    assert done.returncode == 65 and "not-allowed: Dit adres mag dat niet" in done.stderr
    assert "gebruik: regiopost-py" in run("--help").stdout
    town.ask("revoke", "gm0503/griffie")
    assert "revoked: Het certificaat is ingetrokken" in run("sync").stderr
