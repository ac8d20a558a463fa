"""Servers that are measured, and the load client that speaks to them."""
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def call(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=900, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(str(word) for word in command)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def product(name, chosen):
    """The path of the program that was chosen, or of one that is built for release."""
    if chosen is not None:
        return str(Path(chosen).resolve())
    # As the README has it built for use.
    subprocess.run(["swift", "build", "-c", "release", "-Xswiftc", "-static-stdlib", "--product", name], cwd=HERE.parent,
                   check=True)
    return str(HERE.parent / f".build/release/{name}")


def regiopostd(chosen):
    """The server."""
    return product("regiopostd", chosen)


def build_load(folder):
    load = folder / "load"
    call("cc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", load, *sorted((HERE / "Sources/load").glob("*.c")),
         "-lssl", "-lcrypto", "-lpthread")
    return load


def install(program, package):
    """Installs a peer from Debian where it isn't there."""
    search = f"{os.environ.get('PATH', '')}:/usr/sbin"
    if not any((Path(part) / program).exists() for part in search.split(":")):
        call("apt-get", "install", "-y", "--no-install-recommends", package,
             env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_open(port, process):
    for _ in range(3_600):
        if process.poll() is not None:
            sys.exit(f"{process.args[0]} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    sys.exit(f"{process.args[0]} does not listen")


def family(pid):
    """A process and all that descend from it."""
    children = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(entry.read_text().rsplit(")", 1)[1].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    found = [pid]
    for member in found:
        found += children.get(member, [])
    return found


def cpu_seconds(pid):
    """What a process and its family have used."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{member}/stat").read_text().rsplit(")", 1)[1].split()
            # Its own, and of children that have ended.
            total += sum(int(field) for field in fields[11:15])
    return total / os.sysconf("SC_CLK_TCK")


def memory_kib(pid):
    """What the processes have in memory, in KiB; what they share is shared out among them."""
    total = 0
    for member in family(pid):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total


def certificate(folder):
    """A certificate that vouches for itself, for both ends of peers and limits."""
    folder.mkdir(parents=True)
    call("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=benchmark", "-keyout", folder / "0-key.pem", "-out", folder / "0.pem")
    return folder


class Server:
    """A server that was started, and how the load client reaches it."""

    def __init__(self, load, protocol, port, root, certificates, process):
        self.load, self.protocol, self.port = load, protocol, port
        self.root, self.certificates, self.process = root, certificates, process
        # What the load client is started by, if anything.
        self.prefix = []

    def words(self, kind, options):
        options = {"port": self.port, "root": self.root, "certificates": self.certificates, **options}
        return [str(self.load), self.protocol, kind, *(f"{name}={value}" for name, value in options.items())]

    def measure(self, kind, **options):
        before = cpu_seconds(self.process.pid)
        result = json.loads(call(*self.prefix, *self.words(kind, options)))
        result["cpu_us"] = (cpu_seconds(self.process.pid) - before) / max(1, result["records"]) * 1e6
        return result

    @contextlib.contextmanager
    def watching(self, connections, **options):
        """Connections that watch and read all that comes; yields what they say at the end."""
        client = subprocess.Popen(self.words("idle", {"connections": connections, **options}),
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        found = {}
        try:
            if client.stdout.readline() != "watching\n":
                sys.exit(f"{self.protocol}: {connections} connections can't watch")
            yield found
        finally:
            found |= json.loads(client.communicate("", timeout=120)[0] or "{}")

    def memory_watching(self, connections, **options):
        """KiB of the server for each connection that watches and gets nothing."""
        before = memory_kib(self.process.pid)
        with self.watching(connections, **options):
            time.sleep(1)
            after = memory_kib(self.process.pid)
        return {"records": connections, "kib": (after - before) / connections}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
