"""The feed of a real client's meetings, from confirmed to cancelled. Needs regiopostd and regiopost: in the folder
REGIOPOST_BIN, or built in this checkout; without them it is passed over."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE)]
import strict  # noqa: E402

ROOT = HERE.parent.parent.parent
FOLDERS = [pathlib.Path(os.environ.get("REGIOPOST_BIN") or "/nowhere"), ROOT / ".build/debug", ROOT / ".build/release"]
BIN = next((folder for folder in FOLDERS if (folder / "regiopostd").exists() and (folder / "regiopost").exists()), None)


@unittest.skipUnless(BIN, "no programs")
class LiveTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.output = self.folder / "delft.ics"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.call("regiopostd", "init", "--data", self.folder / "server", "--port", port)
        server = subprocess.Popen(
            [BIN / "regiopostd", "serve", "--data", self.folder / "server", "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        for profile, address in (("griffie", "gm0503/griffie"), ("holder", "pv28/accounthouder-haagse-regio")):
            invitation = self.call("regiopostd", "invite", address, "--data", self.folder / "server")
            self.call("regiopost", "enroll", "--profile", profile, "-", said=invitation)

    def call(self, program, *words, said=None):
        done = subprocess.run(
            [str(BIN / program), *map(str, words)], input=said, capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "REGIOPOST_HOME": str(self.folder / "home")})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def client(self, profile, *words):
        return self.call("regiopost", *words, "--profile", profile, "--json")

    def event(self):
        done = subprocess.run(
            [sys.executable, HERE.parent / "regiopost_calendar.py", self.output, "--profile", "griffie", "--sync",
             "--language", "nl"], timeout=120, check=False, capture_output=True, text=True,
            env={**os.environ, "REGIOPOST": str(BIN / "regiopost"), "REGIOPOST_HOME": str(self.folder / "home")})
        self.assertEqual(done.returncode, 0, done.stderr)
        return strict.parse(self.output.read_bytes()).all("VEVENT")

    def test_from_confirmed_to_cancelled(self):
        self.client("griffie", "sync")
        self.client("griffie", "briefing", "request", "--slot", "2026-10-25 19:30-21:30", "--theme", "Wonen")
        self.assertEqual(self.event(), [])
        self.client("holder", "sync")
        [meeting] = json.loads(self.client("holder", "meetings"))
        self.client("holder", "meeting", "confirm", meeting["handle"], "--place", "Raadzaal")
        self.client("holder", "sync")
        [event] = self.event()
        self.assertEqual(event["UID"], meeting["id"] + "@pv28")
        self.assertEqual((event["STATUS"], event["DTSTART"]), ("CONFIRMED", "20261025T193000"))
        self.assertEqual((event["SUMMARY"], event["LOCATION"]), ("Raadstoelichting Delft: Wonen", "Raadzaal"))
        before = self.output.read_bytes()
        self.event()
        self.assertEqual(self.output.read_bytes(), before)
        self.client("holder", "meeting", "cancel", meeting["handle"], "--reason", "ziekte")
        self.client("holder", "sync")
        [gone] = self.event()
        self.assertEqual((gone["UID"], gone["STATUS"], gone["DTSTART"]), (event["UID"], "CANCELLED", event["DTSTART"]))
        self.assertGreater(int(gone["SEQUENCE"]), int(event["SEQUENCE"]))


if __name__ == "__main__":
    unittest.main()
