"""A server in a few hundred lines that keeps its changes in memory: right by itself, and wrong in what it is told.

It is there to show that ``Scripts/conformance`` finds what is wrong. Its rules are those that the cases ask for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import regiopost
from regiopost import privacy

EPOCH = "9f2c1a7be04d5536"
TIME = "2026-03-27T10:00:00.000Z"
LIMITS = {"line": 65_536, "requests": 16, "page": 2, "idle": 30, "blob": 4_096, "chunk": 1_024}
TEXT = "No"


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=20)


def make_authority(folder: Path) -> None:
    """A root, and what it certifies for the server on this machine."""
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"),
        *("-subj", "/CN=Little root", "-keyout", str(folder / "root-key.pem"), "-out", str(folder / "root.pem")),
    )
    certify(folder, "server", "DNS:localhost,IP:127.0.0.1")


def certify(folder: Path, name: str, names: str) -> Path:
    """A key and a certificate in one file."""
    key, request, made, extensions = (folder / f"{name}.{end}" for end in ("key", "csr", "crt", "ext"))
    extensions.write_text(f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\n")
    _openssl(
        *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}"),
        *("-keyout", str(key), "-out", str(request)),
    )
    _openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(folder / "root.pem"), "-days", "2"),
        *("-CAkey", str(folder / "root-key.pem"), "-extfile", str(extensions), "-out", str(made)),
    )
    both = folder / f"{name}.pem"
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


class No(Exception):
    """A refusal with its details."""

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class LittleServer:
    """Serves on a free port of this machine until it is closed."""

    def __init__(self, folder: Path, directory: list[bytes], registry: dict[str, str], *faults: str) -> None:
        self.faults, self.registry = set(faults), registry
        self.lock = threading.RLock()
        self.mailboxes: dict[str, list[tuple[int, bytes]]] = {}
        self.has_blobs = "blob-unknown" in registry
        self.blobs: dict[tuple[str, str], bytes] = {}
        self.receipts: dict[str, tuple[str, bytes, int]] = {}
        self.exact: dict[str, list[str]] = {}
        self.view = regiopost.View()
        self.talks: list[Talk] = []
        for line in directory:
            self.append("directory", line)
            self.view.add(regiopost.Change.read(line), TIME)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2 if "tls12" in faults else ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(folder / "server.pem")
        context.load_verify_locations(folder / "root.pem")
        context.verify_mode = ssl.CERT_OPTIONAL
        context.set_alpn_protocols([regiopost.ALPN, regiopost.ALPN_ENROL])
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> LittleServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with contextlib.suppress(OSError, ssl.SSLError), contextlib.closing(connection):
            stream = self.context.wrap_socket(connection, server_side=True, suppress_ragged_eofs=False)
            alpn = stream.selected_alpn_protocol() or (regiopost.ALPN if "no-alpn" in self.faults else None)
            names = (stream.getpeercert() or {}).get("subjectAltName", ())
            address = next((str(n).removeprefix("urn:regiopost:address:") for k, n in names if k == "URI"), None)
            if address is None and "no-certificate" in self.faults:
                address = "gm0503/griffie"
            if alpn == regiopost.ALPN and address is not None:
                Talk(self, stream, address).run()
            elif alpn == regiopost.ALPN_ENROL:
                Talk(self, stream, None).run()

    # What it holds

    def append(self, mailbox: str, line: bytes) -> int:
        box = self.mailboxes.setdefault(mailbox, [])
        position = (box[-1][0] if box else 0) + (2 if "gap" in self.faults and box else 1)
        box.append((position, line))
        for talk in self.talks:
            talk.came(mailbox, position, line)
        return position

    def push(self, address: str, line: bytes) -> dict[str, str]:
        try:
            change = regiopost.Change.read(line)
        except regiopost.ChangeError as error:
            raise No(error.code, **({"field": error.field} if error.field else {})) from None
        if change.author != address and "author" not in self.faults:
            raise No("author-mismatch")
        with self.lock:
            return self._judge(change, address)

    def _judge(self, change: regiopost.Change, address: str) -> dict[str, str]:
        known = self.receipts.get(change.id)
        if known is not None:
            owner, line, position = known
            if "id-not-taken" not in self.faults and (owner, line) != (address, change.line):
                raise No("id-taken")
            again = {} if "repeats" in self.faults else {"repeat": "yes"}
            return {**self._receipt(change, position), **again}
        if change.type not in regiopost.TYPES:
            raise No("unknown-type")
        self._rights(change, address)
        order = self.exact.get(change.subject, [])
        if change.is_exact and change.after != (order[-1] if order else None) and "conflict" not in self.faults:
            if change.after is None or change.after in order:
                raise No("conflict", current=order[-1])
            raise No("predecessor-missing")
        if any(need not in self.receipts for need in change.needs):
            raise No("needs-missing")
        number = privacy.number_in(change)
        if number is not None and "bsn" not in self.faults:
            raise No("bsn-found", field=number[0], line=str(number[1]))
        if "conflict" not in self.faults and not self.view.add(change, TIME):
            raise No("illegal-step")
        position = 0
        for mailbox in self._audience(change):
            place = self.append(mailbox, change.line)
            position = place if mailbox == address else position
        if change.is_exact:
            self.exact.setdefault(change.subject, []).append(change.id)
        self.receipts[change.id] = (address, change.line, position)
        return self._receipt(change, position)

    def _receipt(self, change: regiopost.Change, position: int) -> dict[str, str]:
        return {"id": change.id, "position": str(position), "received": TIME, "digest": change.digest}

    def _rights(self, change: regiopost.Change, address: str) -> None:
        kind, _, name = change.subject.partition("/")
        meeting = self.view.meetings.get(name) if kind == "meeting" else None
        if meeting is not None and address not in (meeting.requester, meeting.content["accounthouder"]):
            raise No("subject-unknown")
        code = regiopost.judge(change, self.view)
        if code is not None and "rights" not in self.faults:
            raise No("not-allowed" if "one-code" in self.faults else code)

    def _audience(self, change: regiopost.Change) -> list[str]:
        requester = change.author
        meeting = self.view.meetings.get(change.subject.partition("/")[2])
        holder = str(meeting.content["accounthouder"]) if meeting else "nobody"
        return [requester, holder, *(["gm0503/college"] if "leaks" in self.faults else [])]


class Talk:
    """One connection."""

    def __init__(self, server: LittleServer, stream: ssl.SSLSocket, address: str | None) -> None:
        self.server, self.stream, self.address = server, stream, address
        self.faults = server.faults
        self.watched: set[str] = set()
        self.lines = self.refusals = self.counted = 0
        self.piece: tuple[regiopost.Request, bytearray, No | None] | None = None
        self.is_over = False

    def run(self) -> None:
        limit = (LIMITS["line"] if self.address else regiopost.ENROL_LINE) + regiopost.ENVELOPE
        framer = regiopost.LineFramer(10**9 if "no-limit" in self.faults else limit)
        self.greet()
        self.server.talks.append(self)
        try:
            while not self.is_over:
                data = self.stream.recv(65_536)
                if not data:
                    break
                framer.feed(data.replace(b"\r", b"") if "reads-cr" in self.faults else data)
                try:
                    while not self.is_over:
                        if self.counted:
                            taken = framer.take(self.counted)
                            if not taken:
                                break
                            self.bytes(taken)
                        elif (line := framer.next_line()) is not None:
                            self.line(line)
                        else:
                            break
                except regiopost.FramingError as error:
                    self.bye(error.code)
        finally:
            self.server.talks.remove(self)
        if "no-close-notify" not in self.faults:
            self.stream.settimeout(2)
            self.stream.unwrap()

    def greet(self) -> None:
        if self.address is None:
            self.send(regiopost.EnrolGreeting("pv28", TIME, regiopost.ENROL_LINE).written())
            return
        verbs, limits = ("PUSH", "PULL", "WATCH"), dict(LIMITS)
        if self.server.has_blobs:
            verbs = (*verbs, "BLOB")
        else:
            del limits["blob"], limits["chunk"]
        greeting = regiopost.Greeting("pv28", self.address, EPOCH, TIME, **limits, capabilities=verbs)
        self.send(greeting.written())

    def send(self, line: bytes) -> None:
        with self.server.lock:
            self.stream.sendall(line + b"\n")

    def bye(self, code: str) -> None:
        self.send(regiopost.Bye(code, TEXT).written())
        self.is_over = True

    def no(self, tag: str | None, code: str, **details: str) -> None:
        retry = "later" if "wrong-retry" in self.faults else self.server.registry[code]
        self.send(regiopost.NO(tag, regiopost.Refusal(code, retry, TEXT, details)).written())
        self.refusals += 1
        if self.address is None and self.refusals == 5 and "endless-enrolment" not in self.faults:
            self.bye("too-many-failures")

    def ok(self, request: regiopost.Request, **attributes: str) -> None:
        self.send(regiopost.OK(request.tag, request.verb, attributes).written())

    def line(self, line: bytes) -> None:
        self.lines += 1
        if self.address is None and self.lines > 16:
            self.bye("too-many-requests")
            return
        if "double-spaces" in self.faults:
            line = b" ".join(word for word in line.split(b" ") if word)
        if "twice" in self.faults:
            line = b" ".join(dict.fromkeys(line.split(b" ")))
        try:
            request = regiopost.Request.read(line)
            if request.verb in ("OFFER", "BLOB", "FETCH") and not self.server.has_blobs:
                raise No("unknown-verb", verb=request.verb)
            if (request.verb == "ENROL") != (self.address is None) and request.verb not in ("PING", "QUIT"):
                raise No("unknown-verb", verb=request.verb)
            self.answer(request)
        except regiopost.RequestError as error:
            self.no(error.tag, error.code, **({"field": error.field} if error.field else {}))
            if error.ends and "guesses-counts" not in self.faults:
                self.bye("bad-request")
        except No as refusal:
            self.no(request.tag, refusal.code, **refusal.details)

    def answer(self, request: regiopost.Request) -> None:
        mailbox = request.attributes.get("mailbox", "")
        match request.verb:
            case "PING":
                self.ok(request)
            case "QUIT":
                self.ok(request)
                self.is_over = "answers-after-quit" not in self.faults
            case "ENROL":
                raise No("invitation-unknown")
            case "PUSH":
                self.push(request)
            case "OFFER":
                self.offer(request)
            case "BLOB":
                self.blob(request)
            case "FETCH":
                self.fetch(request)
            case "UNWATCH":
                self.watched.discard(mailbox)
                self.ok(request, mailbox=mailbox)
            case "STORED":
                self.position(mailbox, request.attributes["cursor"])
                self.ok(request, mailbox=mailbox)
            case "PULL":
                self.pull(request, mailbox)
            case "WATCH":
                self.watch(request, mailbox)

    def push(self, request: regiopost.Request) -> None:
        assert request.json is not None and self.address is not None
        if len(request.json) > LIMITS["line"] and "no-limit" not in self.faults:
            raise No("line-too-long", limit=str(LIMITS["line"]))
        self.ok(request, **self.server.push(self.address, request.json))

    # Blobs: a piece is judged when its line comes, and its bytes are counted whatever the judgement

    def offer(self, request: regiopost.Request) -> None:
        size = int(request.attributes["size"])
        if size > LIMITS["blob"]:
            raise No("blob-too-large", limit=str(LIMITS["blob"]))
        self.reached(request, size)

    def reached(self, request: regiopost.Request, size: int) -> None:
        sha256 = request.attributes["sha256"]
        held = len(self.server.blobs.get((str(self.address), sha256), b""))
        self.ok(request, sha256=sha256, offset=str(held), complete="yes" if held == size else "no")

    def blob(self, request: regiopost.Request) -> None:
        values = request.attributes
        count, offset, size = (int(values[name]) for name in ("count", "offset", "size"))
        held = len(self.server.blobs.get((str(self.address), values["sha256"]), b""))
        refusal = None
        if count > LIMITS["chunk"]:
            self.no(request.tag, "chunk-too-long", limit=str(LIMITS["chunk"]))
            self.bye("chunk-too-long")
            return
        if size > LIMITS["blob"]:
            refusal = No("blob-too-large", limit=str(LIMITS["blob"]))
        elif offset != held:
            refusal = No("blob-offset", offset=str(held))
        if refusal is not None and "reads-refused-bytes" in self.faults:
            raise refusal
        self.counted, self.piece = count, (request, bytearray(), refusal)

    def bytes(self, data: bytes) -> None:
        assert self.piece is not None
        request, held, refusal = self.piece
        held += data
        self.counted -= len(data)
        if self.counted:
            return
        if refusal is not None:
            self.no(request.tag, refusal.code, **refusal.details)
            return
        key = (str(self.address), request.attributes["sha256"])
        blob = self.server.blobs.get(key, b"") + held
        size = int(request.attributes["size"])
        if len(blob) == size and hashlib.sha256(blob).hexdigest() != key[1] and "any-bytes" not in self.faults:
            self.server.blobs.pop(key, None)
            self.no(request.tag, "blob-mismatch")
            return
        self.server.blobs[key] = blob
        self.reached(request, size)

    def fetch(self, request: regiopost.Request) -> None:
        sha256, offset = request.attributes["sha256"], int(request.attributes["offset"])
        blob = self.server.blobs.get((str(self.address), sha256))
        if "blobs-for-all" in self.faults:
            blob = next((blob for (_, name), blob in self.server.blobs.items() if name == sha256), None)
        if blob is None:
            raise No("blob-unknown")
        if offset > len(blob):
            raise No("blob-offset", offset=str(len(blob)))
        data = blob[offset : offset + min(LIMITS["chunk"], int(request.attributes.get("count", LIMITS["chunk"])))]
        if data:
            line = regiopost.Piece(sha256, offset, len(data)).written()
            with self.server.lock:
                self.stream.sendall(line + b"\n" + data)
        self.ok(request, sha256=sha256, offset=str(offset + len(data)), size=str(len(blob)))

    def pull(self, request: regiopost.Request, mailbox: str) -> None:
        with self.server.lock:
            self.check_busy(mailbox)
            start = self.position(mailbox, request.attributes["cursor"])
            rest = [entry for entry in self.box(mailbox) if entry[0] > start]
            page = rest[: min(LIMITS["page"], int(request.attributes.get("limit", LIMITS["page"])))]
            for position, line in page:
                self.deliver(mailbox, position, line)
            cursor = self.cursor(mailbox, page[-1][0] if page else start)
            self.ok(request, mailbox=mailbox, cursor=cursor, more="yes" if len(page) < len(rest) else "no")

    def watch(self, request: regiopost.Request, mailbox: str) -> None:
        with self.server.lock:
            self.check_busy(mailbox)
            start = self.position(mailbox, request.attributes["cursor"])
            for position, line in self.box(mailbox):
                if position > start:
                    self.deliver(mailbox, position, line)
                    start = position
            self.watched.add(mailbox)
            self.ok(request, mailbox=mailbox, cursor=self.cursor(mailbox, start))

    def came(self, mailbox: str, position: int, line: bytes) -> None:
        name = "directory" if mailbox == "directory" else "own"
        if name in self.watched and mailbox in ("directory", self.address):
            self.deliver(name, position, line)
            self.send(regiopost.Reached(name, self.cursor(name, position)).written())

    def deliver(self, mailbox: str, position: int, line: bytes) -> None:
        if "reencodes" in self.faults:
            line = json.dumps(json.loads(line)).encode()
        digest = "00" * 32 if "digest" in self.faults else regiopost.Change.keep(line).digest
        self.send(regiopost.Delivery(mailbox, position, TIME, digest, line).written())

    def check_busy(self, mailbox: str) -> None:
        if mailbox in self.watched and "busy" not in self.faults:
            raise No("mailbox-busy", mailbox=mailbox)

    def box(self, mailbox: str) -> list[tuple[int, bytes]]:
        return self.server.mailboxes.get("directory" if mailbox == "directory" else str(self.address), [])

    def cursor(self, mailbox: str, position: int) -> str:
        whose = "" if "shared-cursor" in self.faults else f" {mailbox} {self.address}"
        return regiopost.to_base64url(f"{position}{whose}".encode())

    def position(self, mailbox: str, cursor: str) -> int:
        if cursor == "0":
            return 0
        number, *_ = (regiopost.from_base64url(cursor) or b"").split(b" ")
        if number.isdigit() and self.cursor(mailbox, int(number)) == cursor:
            return int(number)
        if "any-cursor" in self.faults:
            return 0
        raise No("resync", mailbox=mailbox)
