"""Tests of the calendar feed: what is written is read back by a strict reader of its own."""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
from datetime import datetime
from unittest import mock

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent)]
import regiopost_calendar as calendar  # noqa: E402
import strict  # noqa: E402

DIRECTORY = {"regions": [], "organisations": [
    {"code": "gm0503", "name": "Delft", "shortName": "Delft"},
    {"code": "gm0518", "name": "'s-Gravenhage", "shortName": "Den Haag"},
    {"code": "pv28", "name": "Provincie Zuid-Holland", "shortName": "Zuid-Holland"}]}


def meeting(**changes):
    found = {
        "id": "0195d2a4-7c00-7000-8000-000000000001", "handle": "00000001", "kind": "briefing",
        "status": "confirmed", "accepted": True, "sequence": 3, "requester": "gm0503/griffie",
        "accounthouder": "pv28/accounthouder-haagse-regio", "dossier": "DOS-2026-0000042",
        "slot": "2026-05-12T19:30/21:00", "place": "Raadzaal Delft", "themes": ["Wonen"],
        "audience": "nieuwe raadsleden", "size": 45, "joined": ["gm0518"], "requested": "2026-03-27T10:00:00.250Z",
        "note": "Bel mevrouw X", "minutes": "Vertrouwelijk besproken"}
    found.update(changes)
    return {key: value for key, value in found.items() if value is not None}


def feed(*meetings, earlier=b"", language="nl", directory=DIRECTORY):
    return calendar.make(list(meetings), directory, language, "Regiopost delft", earlier)


def events(*meetings, **options):
    return strict.parse(feed(*meetings, **options)).all("VEVENT")


class FeedTests(unittest.TestCase):
    def test_a_confirmed_meeting(self):
        read = strict.parse(feed(meeting()))
        self.assertEqual(read["METHOD"], "PUBLISH")
        self.assertEqual(read["X-WR-CALNAME"], "Regiopost delft")
        [event] = read.all("VEVENT")
        self.assertEqual(event["UID"], "0195d2a4-7c00-7000-8000-000000000001@pv28")
        self.assertEqual(event["STATUS"], "CONFIRMED")
        self.assertEqual(event["SEQUENCE"], "3")
        self.assertEqual(event["DTSTAMP"], "20260327T100000Z")
        self.assertEqual((event["DTSTART"], event["DTEND"]), ("20260512T193000", "20260512T210000"))
        self.assertEqual(event["SUMMARY"], "Raadstoelichting Delft: Wonen")
        self.assertEqual(event["LOCATION"], "Raadzaal Delft")
        said = "Doen mee: Den Haag\nThema's: Wonen\nDossier: DOS-2026-0000042\nAantal: 45"
        self.assertIn(said, event["DESCRIPTION"])
        self.assertEqual(event["ORGANIZER"], "urn:regiopost:address:pv28/accounthouder-haagse-regio")
        self.assertEqual(event.parameters("ORGANIZER"), {"CN": '"Zuid-Holland"'})

    def test_in_english_and_without_a_directory(self):
        [event] = events(meeting(accepted=False), language="en", directory={})
        self.assertEqual(event["SUMMARY"], "Council briefing gm0503: Wonen")
        self.assertIn("gm0503 hasn't agreed with this date yet.", event["DESCRIPTION"])

    def test_each_kind_has_its_name(self):
        for kind, (dutch, english) in calendar.KINDS.items():
            self.assertTrue(events(meeting(kind=kind))[0]["SUMMARY"].startswith(dutch))
            self.assertTrue(events(meeting(kind=kind), language="en")[0]["SUMMARY"].startswith(english))
        self.assertTrue(events(meeting(kind="of-later"))[0]["SUMMARY"].startswith("Afspraak"))

    def test_people_and_their_words_stay_out(self):
        gone = meeting(id="0", status="cancelled", reason="ziekte", confirmedBefore="2026-05-12T10:00/11:00")
        data = feed(meeting(), gone)
        self.assertEqual(data.count(b"BEGIN:VEVENT"), 2)
        for word in ("mevrouw", "Vertrouwelijk", "nieuwe raadsleden", "ziekte"):
            self.assertNotIn(word.encode(), data)

    def test_what_is_confidential_is_only_a_time_and_a_place(self):
        [event] = events(meeting(confidentiality="vertrouwelijk", accepted=False))
        self.assertEqual(event["CLASS"], "CONFIDENTIAL")
        self.assertEqual(event["SUMMARY"], "Raadstoelichting")
        self.assertEqual(event["DESCRIPTION"], "regiopost meetings show 00000001")
        self.assertNotIn("CLASS", events(meeting(confidentiality="beperkt_openbaar"))[0].properties)

    def test_only_what_was_confirmed_is_in_it(self):
        for status in ("requested", "proposed", "countered", "accepted", "declined", "cancelled"):
            self.assertEqual(events(meeting(status=status)), [], status)
        self.assertEqual(events(meeting(requested=None)), [])
        self.assertEqual(len(events(meeting(status="held"))), 1)
        strict.parse(feed())

    def test_a_cancelled_meeting_stays(self):
        before = feed(meeting(place="Zaal 1; links, \\ boven"))
        gone = meeting(status="cancelled", sequence=4, slot=None, place=None, reason="x")
        after = feed(gone, earlier=before)
        [event] = strict.parse(after).all("VEVENT")
        self.assertEqual((event["STATUS"], event["SEQUENCE"], event["TRANSP"]), ("CANCELLED", "4", "TRANSPARENT"))
        self.assertEqual((event["DTSTART"], event["DTEND"]), ("20260512T193000", "20260512T210000"))
        self.assertEqual(event["LOCATION"], "Zaal 1; links, \\ boven")
        self.assertEqual(event["SUMMARY"], "Vervallen: Raadstoelichting Delft: Wonen")
        self.assertEqual(feed(gone, earlier=after), after)

    def test_a_meeting_that_is_moved(self):
        first = feed(meeting())
        moving = meeting(
            status="proposed", sequence=4, slot="2026-05-26T20:00/21:00", confirmedBefore="2026-05-12T19:30/21:00",
            place="Provinciehuis")
        [event] = events(moving, earlier=first)
        self.assertEqual((event["STATUS"], event["DTSTART"]), ("CANCELLED", "20260512T193000"))
        self.assertEqual(event["LOCATION"], "Raadzaal Delft")
        self.assertIn("wordt verzet", event["DESCRIPTION"])
        self.assertEqual(events(moving)[0]["DTSTART"], "20260512T193000")
        moved = meeting(sequence=5, slot="2026-05-26T20:00/21:00", confirmedBefore="2026-05-12T19:30/21:00")
        [event] = events(moved, earlier=first)
        self.assertEqual(event["UID"], "0195d2a4-7c00-7000-8000-000000000001@pv28")
        self.assertEqual((event["STATUS"], event["DTSTART"]), ("CONFIRMED", "20260526T200000"))

    def test_the_same_is_the_same_bytes(self):
        other = meeting(id="0195d2a4-7c00-7000-8000-000000000002", slot="2026-04-01T09:00/10:00")
        data = feed(meeting(), other)
        self.assertEqual(feed(other, meeting(), earlier=data), data)
        days = [event["DTSTART"][:8] for event in strict.parse(data).all("VEVENT")]
        self.assertEqual(days, ["20260401", "20260512"])

    def test_the_stamp_is_that_of_the_last_change(self):
        self.assertEqual(events(meeting(changed="2026-04-02T08:09:10Z"))[0]["DTSTAMP"], "20260402T080910Z")

    def test_online(self):
        self.assertEqual(events(meeting(place=None, online=True))[0]["LOCATION"], "Online")
        self.assertNotIn("LOCATION", events(meeting(place=None, online=False))[0].properties)


class TextTests(unittest.TestCase):
    def test_what_has_a_meaning_is_escaped(self):
        nasty = 'a;b,c\\d\ne\r\nf:"g"\u2028h\tEND:VEVENT'
        [event] = events(meeting(place=nasty, themes=[nasty]))
        self.assertEqual(event["LOCATION"], 'a;b,c\\d\ne\nf:"g"\nh\tEND:VEVENT')

    def test_controls_are_left_out(self):
        self.assertEqual(events(meeting(place="a\x00b\x1b[2J\x7fc\x9b"))[0]["LOCATION"], "ab[2Jc")

    def test_lines_are_folded_between_characters(self):
        for character in "aé€🏛":
            for length in range(1, 200):
                place = "x" * (length % 4) + character * length
                self.assertEqual(events(meeting(place=place))[0]["LOCATION"], place)

    def test_names_in_parameters(self):
        directory = {"organisations": [{"code": "pv28", "shortName": 'Zuid^-"Holland\n'}]}
        [event] = events(meeting(), directory=directory)
        self.assertEqual(event.parameters("ORGANIZER"), {"CN": "\"Zuid^^-^'Holland \""})


class ZoneTests(unittest.TestCase):
    def instants(self, slot):
        read = strict.parse(feed(meeting(slot=slot)))
        [zone], [event] = read.all("VTIMEZONE"), read.all("VEVENT")
        return [strict.utc(zone, strict.local(event[name])) for name in ("DTSTART", "DTEND")]

    def test_the_edges_of_summer_time(self):
        cases = {
            "2026-03-28T19:30/21:00": ("2026-03-28T18:30", "2026-03-28T20:00"),
            "2026-03-29T01:00/03:00": ("2026-03-29T00:00", "2026-03-29T01:00"),
            "2026-03-29T03:00/04:00": ("2026-03-29T01:00", "2026-03-29T02:00"),
            "2026-03-29T19:30/21:00": ("2026-03-29T17:30", "2026-03-29T19:00"),
            "2026-10-24T19:30/21:00": ("2026-10-24T17:30", "2026-10-24T19:00"),
            "2026-10-25T01:30/02:30": ("2026-10-24T23:30", "2026-10-25T00:30"),
            "2026-10-25T02:30/03:30": ("2026-10-25T00:30", "2026-10-25T02:30"),
            "2026-10-25T19:30/21:00": ("2026-10-25T18:30", "2026-10-25T20:00"),
        }
        for slot, instants in cases.items():
            self.assertEqual(self.instants(slot), [datetime.fromisoformat(text) for text in instants], slot)

    def test_an_hour_that_is_not_there(self):
        cases = {
            "2026-03-29T02:30/04:00": ("03:30", "04:00"), "2026-03-29T02:30/03:15": ("03:30", "04:15"),
            "2026-03-29T02:00/02:45": ("03:00", "03:45"), "2026-03-28T02:30/03:15": ("02:30", "03:15"),
        }
        for slot, times in cases.items():
            self.assertEqual(tuple(f"{moment:%H:%M}" for moment in calendar.slot(slot)), times, slot)
        instants = [datetime(2026, 3, 29, 1, 30), datetime(2026, 3, 29, 2, 15)]
        self.assertEqual(self.instants("2026-03-29T02:30/03:15"), instants)

    def test_the_zone_is_that_of_the_system(self):
        try:
            from zoneinfo import ZoneInfo
            amsterdam, utc = ZoneInfo("Europe/Amsterdam"), ZoneInfo("UTC")
        except (ImportError, KeyError):
            self.skipTest("this system knows no zones")
        [zone] = strict.parse(feed()).all("VTIMEZONE")
        for year in range(1998, 2038):
            for month in range(1, 13):
                for day in (1, 15, 24, 25, 26, 27, 28):
                    moment = datetime(year, month, day, 12)
                    told = moment.replace(tzinfo=amsterdam).astimezone(utc).replace(tzinfo=None)
                    self.assertEqual(strict.utc(zone, moment), told)


class ProgramTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.output = self.folder / "delft.ics"
        self.meetings = self.folder / "meetings.json"
        self.meetings.write_text(json.dumps([meeting()]))

    def run_it(self, *words):
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            try:
                return calendar.main([str(word) for word in words])
            except SystemExit as ended:
                return ended.code

    def test_writes_a_file_and_leaves_it_while_nothing_changes(self):
        self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 0)
        strict.parse(self.output.read_bytes())
        self.assertEqual(self.output.stat().st_mode & 0o777, 0o600)
        self.output.chmod(0o644)
        before = self.output.stat()
        self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 0)
        self.assertEqual(self.output.stat().st_ino, before.st_ino)
        self.meetings.write_text(json.dumps([meeting(sequence=9)]))
        self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 0)
        self.assertIn(b"SEQUENCE:9\r\n", self.output.read_bytes())
        self.assertEqual(self.output.stat().st_mode & 0o777, 0o644)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["delft.ics", "meetings.json"])

    def test_what_is_not_ours_is_left_alone(self):
        self.output.write_bytes(b"BEGIN:VCALENDAR\r\n")
        self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 73)
        self.assertEqual(self.output.read_bytes(), b"BEGIN:VCALENDAR\r\n")
        self.output.write_bytes(feed(meeting()).replace(b"T193000", b"T19:30"))
        self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 73)

    def test_a_disk_that_does_not_take_it(self):
        self.run_it(self.output, "--meetings", self.meetings)
        before = self.output.read_bytes()
        self.meetings.write_text("[]")
        with mock.patch("os.fsync", side_effect=OSError(28, "No space left on device")):
            self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 74)
        self.assertEqual(self.output.read_bytes(), before)
        self.assertEqual(len(list(self.folder.iterdir())), 2)
        self.assertEqual(self.run_it(self.folder / "no" / "x.ics", "--meetings", self.meetings), 74)

    def test_wrong_input(self):
        changes = (
            {"slot": "2026-02-30T10:00/11:00"}, {"slot": "2026-05-12T11:00/11:00"}, {"slot": "morgen"},
            {"sequence": "1"}, {"sequence": -1}, {"sequence": True}, {"themes": "Wonen"}, {"themes": [1]},
            {"requested": "gisteren"}, {"id": "x\r\nATTACH:y"}, {"accounthouder": "pv28/a b"}, {"place": 5},
            {"place": "\ud800"})
        bad = ["{", "{}", "[1]", '[{"status":"confirmed","requested":"2026-03-27T10:00:00Z"}]']
        for source in bad + [json.dumps([meeting(**change)]) for change in changes]:
            self.meetings.write_text(source)
            self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 65, source)
            self.assertFalse(self.output.exists())
        self.meetings.write_bytes(b'["\xff"]')
        self.assertEqual(self.run_it(self.output, "--meetings", self.meetings), 65)
        self.assertEqual(self.run_it(self.output, "--meetings", self.folder / "nowhere"), 66)
        self.assertEqual(self.run_it(), 64)

    def test_asks_the_client(self):
        program = self.folder / "regiopost"
        program.write_text(
            f'#!/bin/sh\necho "$@" >>{self.folder}/asked\ncase $1 in\nsync) exit 69 ;;\n'
            f'meetings) cat {self.meetings} ;;\ndirectory) echo \'{{"organisations":[]}}\' ;;\nesac\n')
        program.chmod(0o755)
        with mock.patch.dict(os.environ, REGIOPOST=str(program)):
            words = ("--profile", "delft", "--sync", "--language", "nl")
            self.assertEqual(self.run_it(self.output, *words), 69)
            self.assertIn(b"X-WR-CALNAME:Regiopost delft\r\n", self.output.read_bytes())
            self.assertEqual((self.folder / "asked").read_text().splitlines()[1:], [
                "meetings --json --language nl --profile delft", "directory --json --language nl --profile delft"])
            program.write_text("#!/bin/sh\nexit 78\n")
            self.assertEqual(self.run_it(self.output), 78)
        with mock.patch.dict(os.environ, REGIOPOST=str(self.folder / "nothing")):
            self.assertEqual(self.run_it(self.output), 78)


class StrictTests(unittest.TestCase):
    """The reader of these tests refuses what is wrong, or they would prove nothing."""

    def test_it_is_strict(self):
        good = feed(meeting())
        strict.parse(good)
        for old, new in (
                (b"\r\n", b"\n"), (b"END:VEVENT\r\n", b""), (b"DTSTAMP", b"X-STAMP"), (b"UID:", b"UID"),
                (b"STATUS:CONFIRMED", b"STATUS:FINE"), (b"20260512T210000", b"20260512T190000"),
                (b"Wonen\r\n", b"Wonen;\r\n"), (b"\r\n ", b""), (b"SUMMARY:", b"SUMMARY: \x00"),
                (b"TZID:Europe/Amsterdam", b"TZID:Europe/Berlin"), (b"END:VCALENDAR\r\n", b"END:VCALENDAR")):
            self.assertIn(old, good)
            with self.assertRaises(AssertionError, msg=old):
                strict.parse(good.replace(old, new))


if __name__ == "__main__":
    unittest.main()
