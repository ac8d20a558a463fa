"""regiopostd with enrolled clients."""
import base64
import json
import os
import socket
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from .server import Server, call, free_port, until_open

MUNICIPALITIES = ["gm0503", "gm0518", "gm0603", "gm0629", "gm0637", "gm1783", "gm1842", "gm1916"]
# The load client's sixteen: who answers letters.
CLIENTS = [f"{MUNICIPALITIES[i // 2]}/{['college', 'gemeentesecretaris'][i % 2]}" for i in range(16)]

# A region of its own for those who watch, whose mailboxes hold nothing but what is pushed to them.
SECOND = {"region": "holland-rijnland", "municipalities":
          "gm0484,gm0534,gm0537,gm0546,gm0547,gm0553,gm0569,gm0575,gm0579,gm0626,gm0638,gm1525,gm1884"}


def encoded(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def invitation(data, address):
    """Asks the running server for an invitation, as `regiopostd invite` does."""
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(data / "administration.sock"))
        link.sendall(json.dumps({"do": "invite", "what": address}).encode() + b"\n")
        reply = link.makefile().read()
    found = [word for word in reply.replace('"', " ").split() if word.startswith("regiopost:1:")]
    if not found:
        sys.exit(f"{address} is not invited: {reply}")
    return found[0]


def invite(data, address):
    """The secret of an invitation."""
    return invitation(data, address).split(":")[5]


def enrol(data, port, address, folder, index):
    """Turns an invitation into a certificate, as section 11 of the specification says."""
    secret = invite(data, address)
    key, request = folder / f"{index}-key.pem", folder / f"{index}.csr"
    call("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256",
         "-subj", "/CN=x", "-keyout", key, "-out", request, "-outform", "DER")
    context = ssl.create_default_context(cafile=str(data / "ca.pem"))
    context.set_alpn_protocols(["regiopost-enrol/1"])
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="127.0.0.1") as link:
        lines = link.makefile("rwb")
        lines.readline()
        lines.write(f"1 ENROL address={address} secret={secret} request={encoded(request.read_bytes())}\n".encode())
        lines.flush()
        reply = lines.readline().decode()
    words = dict(word.split("=", 1) for word in reply.split() if "=" in word)
    if "certificate" not in words:
        sys.exit(f"not enrolled: {reply}")
    (folder / f"{index}.pem").write_text(ssl.DER_cert_to_PEM_cert(decoded(words["certificate"])))


class Regiopost(Server):
    """The server, its sixteen clients, and the secretariat of the province, which writes letters."""

    def __init__(self, folder, load, program, clients=16):
        self.data, self.program = folder / "regiopost", program
        super().__init__(load, "regiopost", free_port(), self.data / "ca.pem", folder / "clients", None)
        call(program, "init", "--data", self.data, "--host", "127.0.0.1", "--port", self.port)
        self.sets, self.cursor = 0, "0"
        self.start()
        try:
            self.province = self.enrol(folder / "province", ["pv28/secretariaat"])
            self.enrol(folder / "clients", CLIENTS[:clients])
        except BaseException:
            self.stop()
            raise

    def start(self, wrapper=(), **environment):
        """Starts the server on its folder, if need be within another program."""
        with (self.data.parent / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [*wrapper, self.program, "serve", "--data", self.data], stdout=subprocess.DEVNULL, stderr=log,
                cwd=self.data.parent, env={**os.environ, **environment})
        until_open(self.port, self.process)
        while not (self.data / "administration.sock").exists():
            time.sleep(0.05)

    def enrol(self, folder, addresses):
        folder.mkdir()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda one: enrol(self.data, self.port, one[1], folder, one[0]), enumerate(addresses)))
        return folder

    def letters(self, count=1000):
        """Publishes letters to the eight municipalities; the number of the set."""
        self.sets += 1
        self.measure("submit", record="letter", certificates=self.province, window=100, count=count, letters=count,
                     set=self.sets)
        return self.sets

    def submit(self, **options):
        """Answers letters of its own, so that every round answers anew."""
        return self.measure("submit", set=self.letters(), **options)

    def catch_up(self):
        """Reads on to the end of the secretariat's mailbox, so that its cursor is the last."""
        self.cursor = self.measure("sync", certificates=self.province, cursor=self.cursor,
                                   count=1_000_000_000)["cursor"]

    def watchers(self):
        """A hundred certificates of the addresses that see every letter to the second region."""
        folder = self.data.parent / "watchers"
        if not folder.exists():
            seeing = [f"{code}/{role}" for code in SECOND["municipalities"].split(",")
                      for role in ("college", "gemeentesecretaris", "burgemeester")]
            self.enrol(folder, [seeing[number % len(seeing)] for number in range(100)])
        return folder
