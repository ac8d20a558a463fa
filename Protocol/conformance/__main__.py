"""Replays the protocol against a live server, also one that isn't ours: ``Scripts/conformance HOST[:PORT]``.

Prints a line for each case: ``ok``, ``WRONG`` with what was expected and what came, or ``skipped`` and why. Ends with 0
where nothing is wrong, with 1 where something is, and with an exit status of sysexits.h where it could not begin.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "Clients" / "python")]

import cases_blobs  # noqa: E402, F401
import cases_changes  # noqa: E402, F401
import cases_enrolment  # noqa: E402, F401
import cases_lines  # noqa: E402, F401
import cases_mailboxes  # noqa: E402, F401
import cases_rights  # noqa: E402, F401
import cases_tls  # noqa: E402, F401
from bench import Bench, Identity, Result, registered  # noqa: E402

import regiopost  # noqa: E402

WRITES = """With --push this writes, as the address of the profile: one request for a meeting, which says that it is a
test, and its cancellation; and a file of 60 bytes that nothing cites, which a server may drop after a week. Their ids
and their bytes follow from --name, so that however often it runs, this is left behind once; without --push nothing is.
Enrolment is tried with wrong secrets, which a server may count against this machine's network address:
--no-enrolment leaves that out."""


def _identity(options: argparse.Namespace, prefix: str, scratch: Path) -> Identity | None:
    folder = getattr(options, f"{prefix}profile")
    if folder is not None:
        return _profile(Path(folder), scratch / f"{prefix}identity.pem")
    certificate, key = getattr(options, f"{prefix}certificate"), getattr(options, f"{prefix}key")
    if certificate is None:
        return None
    pem = Path(certificate).read_bytes() + (Path(key).read_bytes() if key else b"")
    return _written(pem, options.root and Path(options.root).read_text(), scratch / f"{prefix}identity.pem")


def _profile(folder: Path, path: Path) -> Identity:
    """A profile's folder, of the client in Swift or of the one in Python."""
    values = json.loads((folder / "profile.json").read_bytes())
    if (folder / "identity.pem").exists():
        return _written((folder / "identity.pem").read_bytes(), values["root"], path)
    end = f"-{values['keys']}.pem" if values.get("keys") else ".pem"
    pem = b"".join((folder / (name + end)).read_bytes() for name in ("key", "certificate"))
    return _written(pem, (folder / ("authority" + end)).read_text(), path)


def _written(pem: bytes, root: str | None, path: Path) -> Identity:
    if not root:
        raise regiopost.UsageError("the server's root is missing: give --root")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(pem)
    return Identity(path, root)


def _target(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?", text)
    if match is None or not 0 < int(match.group(2) or 7443) < 65_536:
        raise regiopost.UsageError(f"{text} is no HOST or HOST:PORT")
    return match.group(1).strip("[]"), int(match.group(2) or 7443)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="Scripts/conformance", description=__doc__, epilog=WRITES, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("target", metavar="HOST[:PORT]", help="the server; the port is 7443 by default")
    for prefix, whose in (("", "the address that asks"), ("second-", "another address, for what takes two")):
        parser.add_argument(f"--{prefix}profile", metavar="FOLDER", help=f"a profile's folder: {whose}")
        parser.add_argument(f"--{prefix}certificate", metavar="PEM", help=f"or a certificate: {whose}")
        parser.add_argument(f"--{prefix}key", metavar="PEM", help="and its key, where the file before hasn't got it")
    parser.add_argument("--root", metavar="PEM", help="the server's root, with --certificate")
    parser.add_argument("--push", action="store_true", help="write what is said below")
    parser.add_argument("--name", default="conformance", help="what the ids of that follow from")
    parser.add_argument("--no-enrolment", action="store_true", help="don't try wrong invitations")
    parser.add_argument("--only", metavar="TEXT", help="only cases with this in their name")
    parser.add_argument("--seconds", type=float, default=180, help="stop after so long (180)")
    patience = "how long an answer may take (10)"
    parser.add_argument("--patience", type=float, default=10, metavar="SECONDS", help=patience)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    return parser


def _say(result: Result, as_json: bool) -> None:
    if as_json:
        values = {"case": result.name, "section": result.section, "result": result.kind, "detail": result.detail}
        print(json.dumps(values, ensure_ascii=False), flush=True)
        return
    print(f"{result.kind:8}{result.section:8}{result.name}", flush=True)
    if result.detail:
        print("\n".join("                " + line for line in regiopost.printable(result.detail).split("\n")))


def main() -> int:
    options = _parser().parse_args()
    counts = {"ok": 0, "WRONG": 0, "skipped": 0}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="regiopost-conformance-") as folder:
        try:
            host, port = _target(options.target)
            identity = _identity(options, "", Path(folder))
            if identity is None:
                raise regiopost.UsageError("who asks? give --profile, or --certificate, --key and --root")
            bench = Bench(host, port, identity, _identity(options, "second_", Path(folder)), options.name, options.push)
            bench.folder, bench.patience = Path(folder), options.patience
            bench.start()
        except regiopost.RegiopostError as error:
            print(f"Scripts/conformance: {error}", file=sys.stderr)
            return error.exit_code
        except (OSError, ValueError, KeyError) as error:
            print(f"Scripts/conformance: {error}", file=sys.stderr)
            return regiopost.EX_NOINPUT
        if not options.json:
            print(f"{host} port {port}, as {bench.greeting.address}" + (", writing" if options.push else ""))
        for case in registered(no_enrolment=options.no_enrolment):
            if options.only is not None and options.only not in case.name:
                continue
            if time.monotonic() - started > options.seconds:
                result = Result(case.name, case.section, "skipped", "the time was up")
            else:
                result = case.run(bench)
            counts[result.kind] += 1
            _say(result, options.json)
    if not options.json:
        print(f"{counts['ok']} ok, {counts['WRONG']} wrong, {counts['skipped']} skipped")
    return 1 if counts["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
